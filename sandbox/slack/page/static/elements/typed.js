// What is typed: text, addresses, dates, moments. Values are as the workspace takes them: moments in seconds.

import { h } from "../dom.js";
import { words } from "../text/object.js";
import { fromLocalInput, toLocalInput } from "../time.js";

export function textInput(element, block, surface, ties) {
  const tag = element.multiline ? "textarea" : "input";
  const kind = element.multiline ? { rows: 2 } : { type: "text" };
  return typed(tag, { ...kind, maxlength: element.max_length }, element, block, surface, ties);
}

export function emailInput(element, block, surface, ties) {
  return typed("input", { type: "email", inputmode: "email", autocomplete: "off" }, element, block, surface, ties);
}

export function datePicker(element, block, surface, ties) {
  return typed("input", { type: "date" }, element, block, surface, ties, (value) => value || null);
}

export function dateTimePicker(element, block, surface, ties) {
  return typed("input", { type: "datetime-local" }, element, block, surface, ties, fromLocalInput, toLocalInput);
}

const same = (value) => value;

function typed(tag, kind, element, block, surface, ties, read = same, shown = same) {
  const node = h(tag, {
    ...kind,
    ...ties,
    placeholder: words(element.placeholder) || null,
    "aria-label": ties.id ? null : words(element.placeholder) || "Text",
    value: shown(surface.value(block, element) ?? ""),
    oninput: () => surface.enter(block, element, read(node.value)),
    data: { focus: `${block.block_id}/${element.action_id}` },
  });
  return node;
}
