// Where a person writes. What is half written stays, for each person and place, whatever else happens on the page.

import { completions } from "./completion.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./names.js";
import { doing, store } from "./store.js";

/** Make a composer for "channel" or "thread". `show(channel, thread)` says where it writes, `write(text)` fills it. */
export function composer(kind) {
  const drafts = new Map();
  const listId = `${kind}-completions`;
  const state = { key: "", channel: null, thread: "", found: { rows: [] }, at: 0 };
  const popup = h("div", {
    class: "completions",
    id: listId,
    role: "listbox",
    "aria-label": "Suggestions",
    hidden: true,
  });
  const error = h("p", { class: "composer-error", role: "alert", hidden: true });
  const box = h("textarea", {
    rows: 1,
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": listId,
    "aria-expanded": "false",
    autocomplete: "off",
    oninput: typed,
    onkeydown: pressed,
    onclick: suggest,
    onblur: hide,
  });
  const button = h("button", { type: "button", class: "send", "aria-label": "Send", onclick: send }, icon("send", 18));
  const foot =
    kind === "channel"
      ? h(
          "p",
          { class: "composer-hint" },
          h("kbd", {}, "/"),
          " commands  ",
          h("kbd", {}, "@"),
          " people  ",
          h("kbd", {}, "Enter"),
          " sends",
        )
      : null;
  const node = h("div", { class: "composer" }, popup, error, h("div", { class: "composer-box" }, box, button), foot);
  return { node, show, write };

  function show(channel, thread = "") {
    const key = `${store.me} ${channel.id} ${thread}`;
    if (key !== state.key) {
      Object.assign(state, { key, channel, thread });
      box.value = drafts.get(key) ?? "";
      complain("");
      fit();
      hide();
    }
    const label = thread ? "Reply" : `Message #${channel.name}`;
    box.placeholder = thread ? "Reply…" : label;
    box.setAttribute("aria-label", label);
  }

  function write(text) {
    box.value = text;
    box.focus();
    box.setSelectionRange(text.length, text.length);
    typed();
  }

  function typed() {
    drafts.set(state.key, box.value);
    complain("");
    fit();
    suggest();
  }

  function fit() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
    button.disabled = !box.value.trim();
  }

  function suggest() {
    state.found = state.thread && box.value.startsWith("/") ? { rows: [] } : completions(box.value, box.selectionStart);
    state.at = 0;
    drawPopup();
  }

  function drawPopup() {
    const { rows, note } = state.found;
    popup.replaceChildren(...rows.map(option), ...(note ? [h("p", { class: "usage" }, note)] : []));
    popup.hidden = !rows.length && !note;
    box.setAttribute("aria-expanded", String(rows.length > 0));
    if (rows.length) box.setAttribute("aria-activedescendant", `${listId}-${state.at}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function option(row, number) {
    const pick = (event) => {
      event.preventDefault();
      take(row);
    };
    return h(
      "div",
      {
        class: "option",
        role: "option",
        id: `${listId}-${number}`,
        "aria-selected": String(number === state.at),
        onmousedown: pick,
      },
      row.user ? avatar(row.user, "tiny") : null,
      h("b", {}, row.name),
      h("span", { class: "faint" }, row.about),
    );
  }

  function hide() {
    popup.hidden = true;
    state.found = { rows: [] };
    box.setAttribute("aria-expanded", "false");
  }

  function take(row) {
    const { from } = state.found;
    const rest = box.value.slice(box.selectionStart);
    box.value = box.value.slice(0, from) + row.insert + rest.trimStart();
    box.setSelectionRange(from + row.insert.length, from + row.insert.length);
    typed();
  }

  function pressed(event) {
    const { rows } = state.found;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (rows.length && step) {
      event.preventDefault();
      state.at = (state.at + step + rows.length) % rows.length;
      drawPopup();
    } else if (event.key === "Escape" && !popup.hidden) {
      event.preventDefault();
      hide();
    } else if (rows.length && (event.key === "Tab" || event.key === "Enter") && !isWhole(rows[state.at])) {
      event.preventDefault();
      take(rows[state.at]);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  }

  /** Whether what a suggestion would put in stands there already, so that Enter sends. */
  function isWhole(row) {
    return box.value.slice(state.found.from, box.selectionStart) === row.word;
  }

  function complain(text) {
    error.textContent = text;
    error.hidden = !text;
  }

  async function send() {
    const text = box.value.trim();
    if (!text) return;
    const name = text.split(/\s/)[0];
    const isCommand = /^\/\w/.test(text);
    if (isCommand && !store.state.commands.includes(name))
      return complain(`${name} is not a command here. There is ${store.state.commands.join(", ")}.`);
    if (isCommand && state.thread) return complain(`${name} does not work in threads. Type it in the channel.`);
    empty();
    const more = { text, channel: state.channel.id };
    await (isCommand
      ? doing("command", more)
      : doing("say", { ...more, ...(state.thread ? { thread_ts: state.thread } : {}) }));
  }

  function empty() {
    box.value = "";
    drafts.delete(state.key);
    fit();
    hide();
  }
}
