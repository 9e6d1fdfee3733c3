// A button. It asks before it acts where it carries a confirm object, and cannot be pressed twice at once.

import { confirmed } from "../confirm.js";
import { h } from "../dom.js";
import { store } from "../store.js";
import { words } from "../text/object.js";

export function button(element, block, surface) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(store.me))
    return h("span", { hidden: true });
  const node = h(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""}`,
      "aria-label": element.accessibility_label,
      data: { focus: `${surface.key}/${element.action_id}/${element.value ?? ""}` },
      onclick: () => pressed(node, element, block, surface),
    },
    words(element.text),
  );
  return node;
}

async function pressed(node, element, block, surface) {
  if (element.confirm && !(await confirmed(element.confirm))) return;
  if (/^https?:/.test(element.url ?? "")) window.open(element.url, "_blank", "noopener,noreferrer");
  node.disabled = true;
  node.classList.add("busy");
  await surface.press(block, element, element.value);
  node.disabled = false;
  node.classList.remove("busy");
}
