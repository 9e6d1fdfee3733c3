// The table of blocks: a type on the left, what draws it on the right. Whatever is not in it is shown as a box.

import { h } from "../dom.js";
import { richText } from "../text/rich.js";
import { markdown } from "../text/markdown.js";
import { card, container } from "./card.js";
import { input } from "./input.js";
import { plan, taskCard } from "./plan.js";
import { actions, alert, context, header, image, section, unknown } from "./plain.js";
import { table } from "./table.js";

const BLOCKS = {
  actions,
  alert,
  card,
  container: (block, surface) => container(block, surface, blocksOf),
  context,
  divider: () => h("hr"),
  header,
  image,
  input,
  markdown: (block) => markdown(block.text),
  plan,
  rich_text: richText,
  section,
  table,
  task_card: taskCard,
};

/** Return the nodes of blocks on a surface (see `surface.js`). A block that cannot be drawn is a box too. */
export function blocksOf(blocks, surface) {
  return blocks.map((block) => {
    const node = drawn(block, surface);
    node.classList.add("block", `block-${block.type}`);
    node.dataset.block = block.block_id ?? "";
    return node;
  });
}

function drawn(block, surface) {
  try {
    return (BLOCKS[block.type] ?? unknown)(block, surface);
  } catch (error) {
    console.info("a block could not be drawn", block, error);
    return unknown(block);
  }
}
