// Choices with all options in sight: check boxes, radio buttons, and the select of which several may be picked.

import { h } from "../dom.js";
import { textOf } from "../text/object.js";

let groups = 0;

export function checkboxes(element, block, surface, ties) {
  return group("checkbox", element, block, surface, ties);
}

export function radioButtons(element, block, surface, ties) {
  return group("radio", element, block, surface, ties);
}

export function multiSelect(element, block, surface, ties) {
  const node = group("checkbox", element, block, surface, ties);
  node.classList.add("boxed");
  return node;
}

/** A group of boxes; its value is the list of the picked options' values, for radio buttons the one. */
function group(kind, element, block, surface, ties) {
  groups += 1;
  const name = `choice-${groups}`;
  const picked = [surface.value(block, element) ?? []].flat();
  const node = h("div", { class: "choices" });
  const told = () => {
    const values = [...node.querySelectorAll("input:checked")].map((box) => box.value);
    surface.enter(block, element, kind === "radio" ? (values[0] ?? null) : values);
  };
  const row = (option) => choice(kind, name, option, picked.includes(option.value), told, ties);
  node.append(...(element.options ?? []).map(row));
  for (const set of element.option_groups ?? []) {
    node.append(h("p", { class: "faint" }, textOf(set.label)), ...set.options.map(row));
  }
  return node;
}

function choice(kind, name, option, checked, told, ties) {
  const box = h("input", {
    type: kind,
    name,
    value: option.value,
    checked,
    onchange: told,
    "aria-invalid": ties["aria-invalid"],
    data: { focus: `${name}/${option.value}` },
  });
  const about = option.description ? h("span", { class: "hint" }, textOf(option.description)) : null;
  return h("label", { class: "choice" }, box, h("span", {}, h("span", {}, textOf(option.text)), about));
}
