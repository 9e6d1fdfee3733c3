// Short words at the lower edge, for what has no better place; they go away by themselves.

import { h } from "./dom.js";

const SECONDS = 8;

export function notice(text) {
  const node = h("p", { class: "notice" }, text);
  document.getElementById("notices").append(node);
  setTimeout(() => node.remove(), SECONDS * 1000);
}
