// Rich text ("Rich text block"): paragraphs, lists, quotes, code.

import { h } from "../dom.js";
import { dated } from "../time.js";
import { emoji } from "./emoji.js";
import { channelTag, groupTag, link, personTag, rangeTag } from "./tags.js";

export function richText(block) {
  return h("div", { class: "rich" }, block.elements.map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return h("p", {}, element.elements.map(piece));
    case "rich_text_list":
      return list(element);
    case "rich_text_quote":
      return h("blockquote", {}, element.elements.map(piece));
    case "rich_text_preformatted":
      return h("pre", {}, h("code", {}, element.elements.map(piece)));
    default:
      return h("p", { class: "strange" }, `[${element.type}]`);
  }
}

function list(element) {
  const start = element.offset ? element.offset + 1 : null;
  const node = h(element.style === "ordered" ? "ol" : "ul", { start, class: `indent-${element.indent ?? 0}` });
  node.append(...element.elements.map((row) => h("li", {}, (row.elements ?? []).map(piece))));
  return node;
}

const PIECES = {
  text: (one) => lines(one.text),
  link: (one) => link(one.url, one.text ?? one.url),
  user: (one) => personTag(one.user_id),
  usergroup: (one) => groupTag(one.usergroup_id),
  channel: (one) => channelTag(one.channel_id),
  emoji: (one) => emoji(one.name, one.unicode),
  date: (one) => h("time", { title: one.fallback }, dated(one.timestamp, one.format)),
  broadcast: (one) => rangeTag(one.range),
  color: (one) => h("code", {}, one.value),
};
const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code", highlight: "mark" };

function piece(one) {
  const make = PIECES[one.type];
  if (!make) return h("span", { class: "strange" }, `[${one.type}]`);
  let node = make(one);
  for (const [style, tag] of Object.entries(STYLES)) {
    if (one.style?.[style]) node = h(tag, {}, node);
  }
  return node;
}

function lines(text) {
  return text.split("\n").flatMap((line, number) => (number ? [h("br"), line] : [line]));
}
