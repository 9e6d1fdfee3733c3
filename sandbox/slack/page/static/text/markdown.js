// The markdown block ("Markdown block"): headings, lists, quotes, code, rules, and the usual marks in a line.

import { h } from "../dom.js";
import { emoji } from "./emoji.js";
import { link } from "./tags.js";

const MARKS = [
  [/^`([^`\n]+)`/, (found) => h("code", {}, found[1])],
  [/^\*\*(?=\S)(.+?)\*\*/, (found) => h("strong", {}, inline(found[1]))],
  [/^\*(?=\S)([^*\n]+?)\*/, (found) => h("em", {}, inline(found[1]))],
  [/^_(?=\S)([^_\n]+?)_/, (found) => h("em", {}, inline(found[1]))],
  [/^~~(?=\S)(.+?)~~/, (found) => h("s", {}, inline(found[1]))],
  [/^\[([^\]\n]+)\]\(([^)\s]+)\)/, (found) => link(found[2], inline(found[1]))],
  [/^:([a-z0-9_+-]+):/, (found) => emoji(found[1])],
];
const isOrdered = (line) => /^\s*\d/.test(line);
const LIST = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

export function markdown(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) nodes.push(...paragraph(lines));
  return h("div", { class: "rich" }, nodes);
}

/** Take the next paragraph from the lines and return its nodes. */
function paragraph(lines) {
  const line = lines.shift();
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return [h("p", { class: "heading", role: "heading", "aria-level": "4" }, inline(heading[2]))];
  if (/^\s*([-*_])\s*(\1\s*){2,}$/.test(line)) return [h("hr")];
  if (/^```/.test(line))
    return [h("pre", {}, h("code", {}, taken(lines, (one) => !/^```/.test(one), true).join("\n")))];
  if (/^>/.test(line)) return [quote([line, ...taken(lines, (one) => /^>/.test(one))])];
  if (LIST.test(line))
    return [list([line, ...taken(lines, (one) => LIST.test(one) && isOrdered(one) === isOrdered(line))])];
  if (!line.trim()) return [];
  const more = taken(lines, (one) => one.trim() && !/^(#{1,6}\s|```|>)/.test(one) && !LIST.test(one));
  return [
    h(
      "p",
      {},
      [line, ...more].flatMap((one, number) => (number ? [h("br"), inline(one)] : [inline(one)])),
    ),
  ];
}

function taken(lines, goesOn, closes = false) {
  const found = [];
  while (lines.length && goesOn(lines[0])) found.push(lines.shift());
  if (closes) lines.shift();
  return found;
}

function quote(lines) {
  return h("blockquote", {}, lines.flatMap((line) => [inline(line.replace(/^>\s?/, "")), h("br")]).slice(0, -1));
}

function list(lines) {
  const rows = lines.map((line) => LIST.exec(line));
  const node = h(isOrdered(lines[0]) ? "ol" : "ul", {});
  node.append(
    ...rows.map(([, space, , said]) => h("li", { class: `deep-${Math.min(4, space.length >> 1)}` }, inline(said))),
  );
  return node;
}

function inline(text) {
  const nodes = [];
  let said = "";
  for (let at = 0; at < text.length;) {
    const inWord = at > 0 && /\w/.test(text[at - 1]) && text[at] === "_";
    const found = inWord ? null : first(text.slice(at));
    if (found) {
      if (said) nodes.push(said);
      said = "";
      nodes.push(found[0]);
      at += found[1];
    } else {
      said += text[at];
      at += 1;
    }
  }
  return said ? [...nodes, said] : nodes;
}

function first(rest) {
  for (const [pattern, make] of MARKS) {
    const found = pattern.exec(rest);
    if (found) return [make(found), found[0].length];
  }
  return null;
}
