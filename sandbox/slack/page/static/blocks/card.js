// Cards and containers: things in a frame.

import { h } from "../dom.js";
import { elementOf } from "../elements/index.js";
import { textOf, words } from "../text/object.js";
import { richText } from "../text/rich.js";
import { remembered } from "./opened.js";
import { picture } from "../picture.js";

export function card(block, surface) {
  const buttons = (block.actions ?? []).map((element) => elementOf(element, block, surface));
  return h(
    "div",
    { class: "frame" },
    block.hero_image ? picture(block.hero_image) : null,
    block.icon ? picture(block.icon) : null,
    block.title ? h("p", { class: "frame-title" }, textOf(block.title)) : null,
    block.subtitle ? h("p", { class: "faint" }, textOf(block.subtitle)) : null,
    block.body ? h("div", {}, textOf(block.body)) : null,
    buttons.length ? h("div", { class: "actions" }, buttons) : null,
  );
}

export function container(block, surface, blocksOf) {
  const inside = blocksOf(block.child_blocks, surface);
  const title = block.rich_text_title ? richText(block.rich_text_title) : words(block.title);
  const head = [
    h("span", { class: "frame-title" }, title),
    block.subtitle ? h("span", { class: "faint" }, textOf(block.subtitle)) : null,
  ];
  if (!block.is_collapsible) return h("div", { class: "frame" }, head, inside);
  const details = h("details", { class: "frame" }, h("summary", {}, head), inside);
  return remembered(details, `${surface.key}/${block.block_id}`, !block.default_collapsed);
}
