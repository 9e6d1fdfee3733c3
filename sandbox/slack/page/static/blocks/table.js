// A table ("Table block"): the first row is its head.

import { h } from "../dom.js";
import { richText } from "../text/rich.js";

export function table(block) {
  const [head, ...rows] = block.rows;
  const row = (cells, tag) =>
    h(
      "tr",
      {},
      cells.map((cell, column) => h(tag, look(block, column, tag), content(cell))),
    );
  return h(
    "div",
    { class: "table", tabindex: "0", role: "group", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, row(head, "th")),
      h(
        "tbody",
        {},
        rows.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

function look(block, column, tag) {
  const settings = block.column_settings?.[column] ?? {};
  const scope = tag === "th" ? "col" : null;
  return { scope, class: `${settings.align ?? "left"} ${settings.is_wrapped ? "wrapped" : ""}` };
}

function content(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return String(cell.text ?? cell.value ?? "");
}
