// An input with its label, its hint, and the error that stands under it.

import { h } from "../dom.js";
import { elementOf } from "../elements/index.js";
import { words } from "../text/object.js";

const GROUPS = new Set(["checkboxes", "radio_buttons", "multi_static_select"]);
let made = 0;

export function input(block, surface) {
  made += 1;
  const id = `input-${made}`;
  const error = surface.error(block.block_id);
  const described = [block.hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || null;
  const element = elementOf(block.element, block, surface, {
    id,
    "aria-describedby": described,
    "aria-invalid": error ? "true" : null,
  });
  const label = [words(block.label), block.optional ? h("span", { class: "faint" }, " (optional)") : null];
  const below = [
    error ? h("p", { class: "field-error", id: `${id}-error` }, error) : null,
    block.hint ? h("p", { class: "hint", id: `${id}-hint` }, words(block.hint)) : null,
  ];
  const kind = error ? "field wrong" : "field";
  if (GROUPS.has(block.element.type)) {
    return h("fieldset", { class: kind, "aria-describedby": described }, h("legend", {}, label), element, below);
  }
  return h("div", { class: kind }, h("label", { for: id }, label), element, below);
}
