// The plain blocks: section, header, context, image, actions, alert; and the box for what is not known.

import { h } from "../dom.js";
import { elementOf } from "../elements/index.js";
import { icon } from "../icons.js";
import { picture } from "../picture.js";
import { textOf, words } from "../text/object.js";

export function section(block, surface) {
  const said = h("div", { class: "said" }, block.text ? h("div", {}, textOf(block.text)) : null, fields(block));
  if (!block.accessory) return said;
  return h("div", { class: "with-accessory" }, said, elementOf(block.accessory, block, surface));
}

function fields(block) {
  if (!block.fields) return null;
  return h(
    "div",
    { class: "fields" },
    block.fields.map((field) => h("div", {}, textOf(field))),
  );
}

export function header(block) {
  return h("h3", {}, words(block.text));
}

export function context(block) {
  return h(
    "div",
    { class: "context" },
    block.elements.map((one) => h("span", {}, one.type === "image" ? picture(one) : textOf(one))),
  );
}

export function actions(block, surface) {
  return h(
    "div",
    { class: "actions" },
    block.elements.map((element) => elementOf(element, block, surface)),
  );
}

export function image(block) {
  return h("figure", {}, block.title ? h("figcaption", {}, words(block.title)) : null, picture(block));
}

const SIGNS = { warning: "error", error: "error", success: "complete" };

export function alert(block) {
  const level = block.level ?? "default";
  const sign = icon(SIGNS[level] ?? "info", 18);
  return h("div", { class: `alert alert-${level}`, role: "note" }, sign, h("div", {}, textOf(block.text)));
}

/** A block that this page cannot draw: its name, and what it holds. */
export function unknown(block) {
  const content = JSON.stringify(block, null, 2);
  return h(
    "div",
    { class: "unknown", role: "note" },
    h("p", {}, icon("box", 18), `This page cannot draw the block “${block.type}”.`),
    h("details", {}, h("summary", {}, "What it holds"), h("pre", {}, h("code", {}, content))),
  );
}
