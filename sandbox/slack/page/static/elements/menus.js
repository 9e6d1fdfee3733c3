// Menus: one of several options, one of the people, and the three dots.

import { confirmed } from "../confirm.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { store } from "../store.js";
import { bare, words } from "../text/object.js";

export function staticSelect(element, block, surface, ties) {
  const groups = (element.option_groups ?? []).map((set) =>
    h("optgroup", { label: words(set.label) }, set.options.map(option)),
  );
  return select(element, block, surface, ties, [...(element.options ?? []).map(option), ...groups]);
}

export function usersSelect(element, block, surface, ties) {
  const people = store.state.people.filter((one) => !one.deleted && !one.is_bot);
  const options = people.map((one) => h("option", { value: one.id }, `${one.real_name} (@${one.name})`));
  return select(element, block, surface, ties, options);
}

const option = (one) => h("option", { value: one.value }, bare(one.text));

function select(element, block, surface, ties, options) {
  const none = h("option", { value: "" }, words(element.placeholder) || "Pick one");
  const node = h(
    "select",
    { ...ties, "aria-label": ties.id ? null : words(element.placeholder) || "Select", onchange: picked },
    none,
    options,
  );
  node.value = surface.value(block, element) ?? "";
  node.classList.toggle("empty", !node.value);
  return node;

  function picked() {
    node.classList.toggle("empty", !node.value);
    surface.enter(block, element, node.value || null);
  }
}

export function overflow(element, block, surface) {
  const rows = element.options.map((one) => h("button", { type: "button", onclick: () => pick(one) }, words(one.text)));
  const details = h(
    "details",
    { class: "overflow", onkeydown: (event) => event.key === "Escape" && close(event) },
    h("summary", { class: "button", "aria-label": "More actions" }, icon("more", 16)),
    h("div", { class: "menu" }, rows),
  );
  return details;

  function close(event) {
    if (!details.open) return;
    event?.preventDefault();
    event?.stopPropagation();
    details.open = false;
  }

  async function pick(one) {
    close();
    if (element.confirm && !(await confirmed(element.confirm))) return;
    await surface.press(block, element, one.value);
  }
}
