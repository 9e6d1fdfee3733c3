// The modal in front. It is drawn anew only when the bot changes it, and what was typed stays even then.

import { act, trouble } from "./api.js";
import { blocksOf } from "./blocks/index.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, nameOf } from "./names.js";
import { refresh, store } from "./store.js";
import { entered, forget, inView } from "./surface.js";
import { words } from "./text/object.js";

let open = null;

/** Show the modal on top of my stack, or none. */
export function draw() {
  const view = store.state.modals.at(-1);
  const sign = view ? `${store.me} ${view.id} ${view.hash} ${store.state.modals.length}` : "";
  if (sign === (open?.sign ?? "")) return;
  const isSame = view && open?.id === view.id;
  const focused = isSame ? document.activeElement?.dataset.focus : null;
  shut();
  if (view) show(view, sign, focused);
}

function shut() {
  open?.dialog.close();
  open?.dialog.remove();
  open = null;
}

function show(view, sign, focused) {
  const depth = store.state.modals.length;
  const dialog = h("dialog", {
    class: depth > 1 ? "dialog modal stacked" : "dialog modal",
    "aria-labelledby": "modal-title",
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(view);
  });
  open = { id: view.id, sign, dialog };
  fill(dialog, view, {}, "");
  document.body.append(dialog);
  dialog.showModal();
  const again = focused && [...dialog.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === focused);
  (again || first(dialog, view))?.focus();
}

/** The input that asks for the focus, else the first one. */
function first(dialog, view) {
  const asking = view.blocks.find((block) => block.element?.focus_on_load);
  const inputs = [...dialog.querySelectorAll(".field input, .field select, .field textarea")];
  return inputs.find((one) => one.closest("[data-block]")?.dataset.block === asking?.block_id) ?? inputs[0];
}

function fill(dialog, view, errors, problem) {
  const top = h(
    "header",
    { class: "dialog-head" },
    avatar(store.state.bot.id, "small"),
    h("h2", { id: "modal-title" }, words(view.title)),
    h(
      "button",
      { type: "button", class: "round", "aria-label": "Close this dialog", onclick: () => close(view) },
      icon("close", 18),
    ),
  );
  const body = h("div", { class: "dialog-body blocks" }, blocksOf(view.blocks, inView(view, errors)));
  const form = h(
    "form",
    { novalidate: true, onsubmit: (event) => submit(event, dialog, view) },
    top,
    body,
    foot(view, problem),
  );
  dialog.replaceChildren(form);
}

function foot(view, problem) {
  const by = h("span", { class: "faint by" }, `${nameOf(store.state.bot.id)}`);
  return h(
    "footer",
    { class: "dialog-foot" },
    problem ? h("p", { class: "field-error", role: "alert" }, problem) : by,
    h("button", { type: "button", class: "button", onclick: () => close(view) }, words(view.close) || "Close"),
    view.submit ? h("button", { type: "submit", class: "button primary" }, words(view.submit)) : null,
  );
}

async function submit(event, dialog, view) {
  event.preventDefault();
  const button = dialog.querySelector("button[type=submit]");
  if (!button || button.disabled) return;
  button.disabled = true;
  button.classList.add("busy");
  const result = await sent("submit", { view_id: view.id, values: entered(view) });
  const errors = result.errors ?? {};
  const wrong = Object.keys(errors).length || trouble(result);
  if (!wrong) forget(view.id);
  await refresh();
  if (wrong && open?.dialog === dialog) complain(dialog, view, errors, trouble(result));
}

/** Write the errors under their fields and go to the first one. */
function complain(dialog, view, errors, problem) {
  const at = dialog.querySelector(".dialog-body").scrollTop;
  fill(dialog, store.state.modals.at(-1) ?? view, errors, problem);
  dialog.querySelector(".dialog-body").scrollTop = at;
  dialog.querySelector(".wrong :is(input, select, textarea)")?.focus();
}

async function close(view) {
  await sent("close", { view_id: view.id });
  forget(view.id);
  await refresh();
}

async function sent(kind, more) {
  try {
    return await act(store.me, kind, more);
  } catch {
    return { ok: false, error: "trouble_connecting", errors: {} };
  }
}
