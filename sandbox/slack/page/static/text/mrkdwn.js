// Slack's mrkdwn as DOM nodes ("Formatting text"). A piece that is no mark-up is shown as it was written.

import { h } from "../dom.js";
import { dated } from "../time.js";
import { emoji } from "./emoji.js";
import { channelTag, groupTag, link, personTag, rangeTag } from "./tags.js";

const MARKS = [
  [/^```\n?([\s\S]+?)\n?```/, (found) => h("pre", {}, h("code", {}, plain(found[1])))],
  [/^`([^`\n]+)`/, (found) => h("code", {}, plain(found[1]))],
  [/^<([^<>\n]+)>/, (found, options) => angled(found[1], options)],
  [/^\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])/, (found, options) => h("strong", {}, inline(found[1], options))],
  [/^_(?=\S)([^_\n]*[^_\s])_(?![\w_])/, (found, options) => h("em", {}, inline(found[1], options))],
  [/^~(?=\S)([^~\n]*[^~\s])~(?![\w~])/, (found, options) => h("s", {}, inline(found[1], options))],
  [/^:([a-z0-9_+-]+):/, (found) => emoji(found[1])],
  [/^\n/, () => h("br")],
];
const BARE = /^https?:\/\/[^\s<>]+[^\s<>.,;:!?)"']/;
const WORD = /[\p{L}\p{N}]/u;

/** Return the nodes of a text. `verbatim` texts get no links of their own, as in Slack. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const nodes = [];
  const lines = text.split("\n");
  let rest = [];
  const flush = () => {
    if (rest.length) nodes.push(...inline(rest.join("\n"), { verbatim }));
    rest = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    if (!isQuote(lines[at]) || inFence(lines, at)) {
      rest.push(lines[at]);
      continue;
    }
    const quoted = [];
    while (at < lines.length && isQuote(lines[at])) quoted.push(lines[at++].replace(/^(&gt;|>) ?/, ""));
    at -= 1;
    flush();
    nodes.push(h("blockquote", {}, inline(quoted.join("\n"), { verbatim })));
  }
  flush();
  return nodes;
}

const isQuote = (line) => /^(&gt;|>)/.test(line);
const inFence = (lines, at) => (lines.slice(0, at).join("\n").split("```").length - 1) % 2 === 1;

function inline(text, options) {
  const nodes = [];
  let said = "";
  let at = 0;
  while (at < text.length) {
    const [node, length] = mark(text, at, options);
    if (!node) {
      said += text[at];
      at += 1;
      continue;
    }
    if (said) nodes.push(plain(said));
    said = "";
    nodes.push(node);
    at += length;
  }
  return said ? [...nodes, plain(said)] : nodes;
}

/** Return the node that begins here and how long its source is; [null, 0] where none does. */
function mark(text, at, options) {
  const rest = text.slice(at);
  const inWord = at > 0 && WORD.test(text[at - 1]);
  for (const [pattern, make] of MARKS) {
    const found = !(inWord && /^[*_~]/.test(rest)) && pattern.exec(rest);
    const node = found && make(found, options);
    if (node) return [node, found[0].length];
  }
  const bare = !options.verbatim && !inWord && BARE.exec(rest);
  return bare ? [link(plain(bare[0]), plain(bare[0])), bare[0].length] : [null, 0];
}

function angled(inside, options) {
  const [target, label = ""] = split(inside);
  if (target.startsWith("@")) return personTag(target.slice(1));
  if (target.startsWith("#")) return channelTag(target.slice(1), label);
  if (target.startsWith("!subteam^")) return groupTag(target.slice("!subteam^".length));
  if (target.startsWith("!date^")) return moment(target, label);
  if (target.startsWith("!")) return rangeTag(target.slice(1));
  return link(
    plain(target),
    label ? inline(label, { ...options, verbatim: true }) : plain(target.replace(/^mailto:/, "")),
  );
}

function split(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside] : [inside.slice(0, bar), inside.slice(bar + 1)];
}

function moment(target, fallback) {
  const [, timestamp, form, url] = target.split("^");
  const said = h("time", { title: plain(fallback) }, dated(timestamp, form));
  return url ? link(url, said) : said;
}

/** Undo the three escapes that Slack's texts carry. */
export function plain(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
