// Where blocks stand: in a message, a modal or the Home tab. A surface knows what was entered and what a press does.
//
// A surface is {key, press(block, element, value), value(block, element), enter(block, element, value), error(block_id)}.
// Entered values are kept by the surface's key, so that they outlive every redrawing.

import { confirmed } from "./confirm.js";
import { doing } from "./store.js";

const drafts = new Map();

const FIELDS = ["value", "selected_option", "selected_options", "selected_user", "selected_date", "selected_date_time"];

export function inMessage(message) {
  const key = `${message.channel}/${message.ts}`;
  const press = (block, element, value) =>
    doing("press", {
      channel: message.channel,
      ts: message.ts,
      action_id: element.action_id,
      ...told(block, element, value),
    });
  return surface(key, press, (_, element) => initial(element));
}

/** `errors` maps block ids to sentences. */
export function inView(view, errors = {}) {
  const press = (block, element, value) =>
    doing("press_in_view", {
      view_id: view.id,
      action_id: element.action_id,
      values: entered(view),
      ...told(block, element, value),
    });
  const stated = (block, element) => held(view.state.values[block.block_id]?.[element.action_id]);
  return surface(view.id, press, stated, errors);
}

function surface(key, press, stated, errors = {}) {
  const draft = drafts.get(key) ?? new Map();
  drafts.set(key, draft);
  const name = (block, element) => `${block.block_id}\n${element.action_id}`;
  return {
    key,
    press,
    value: (block, element) =>
      draft.has(name(block, element)) ? draft.get(name(block, element)) : stated(block, element),
    enter: async (block, element, value) => {
      draft.set(name(block, element), value);
      if (!acts(block, element)) return;
      if (!element.confirm || (await confirmed(element.confirm))) await press(block, element, value);
    },
    error: (blockId) => errors[blockId],
  };
}

const TYPED = new Set(["plain_text_input", "email_text_input"]);

/** Whether a change is sent at once: menus outside of input blocks, and inputs that ask for it. */
function acts(block, element) {
  return !TYPED.has(element.type) && (block.type !== "input" || block.dispatch_action);
}

/** A bot's edit gives blocks new ids, so a button is told by its value where it has one. */
function told(block, element, value) {
  return element.type === "button" && value ? { value } : { block_id: block.block_id, value: value ?? null };
}

/** Return what was entered in a view, as `submit` takes it: by block id, or by action id where a block holds several. */
export function entered(view) {
  const values = {};
  for (const [name, value] of drafts.get(view.id) ?? []) {
    const [blockId, actionId] = name.split("\n");
    const block = view.blocks.find((one) => one.block_id === blockId);
    if (block) values[block.type === "input" ? blockId : actionId] = value;
  }
  return values;
}

export function forget(key) {
  drafts.delete(key);
}

/** Return the plain value that a state or an element holds. */
function held(state) {
  const field = FIELDS.find((one) => state && one in state);
  const value = field ? state[field] : null;
  if (Array.isArray(value)) return value.map((option) => option.value);
  return value?.value ?? value;
}

function initial(element) {
  const { initial_value, initial_option, initial_options, initial_user, initial_date, initial_date_time } = element;
  return (
    initial_options?.map((one) => one.value) ??
    initial_option?.value ??
    initial_value ??
    initial_user ??
    initial_date ??
    initial_date_time
  );
}
