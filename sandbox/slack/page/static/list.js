// A list of messages that stays at its end while new ones come, and where it was while somebody reads further up.

import { h, keep } from "./dom.js";
import { icon } from "./icons.js";
import { goesOn, messageItem } from "./messages.js";
import { isUnread, read } from "./reading.js";
import { store } from "./store.js";
import { dateOf, dayName, isSameDay } from "./time.js";

const NEAR = 60;

/** Make a list. `show(place, messages, options)` draws it; `about` gives options for a message's item. */
export function messageList(label) {
  const inside = h("div", { class: "list-inside" });
  const node = h("div", { class: "list", role: "log", "aria-label": label, tabindex: "0" }, inside);
  const jump = h(
    "button",
    { type: "button", class: "jump", hidden: true, onclick: () => toEnd() },
    icon("down", 14),
    "New messages",
  );
  const state = { place: "", fresh: "", atEnd: true, last: "" };
  node.addEventListener("scroll", () => {
    state.atEnd = isAtEnd();
    if (state.atEnd) jump.hidden = true;
  });
  new ResizeObserver(() => state.atEnd && toEnd()).observe(node);
  return { node: h("div", { class: "list-frame" }, node, jump), show };

  function show(place, messages, { first = [], about = () => ({}), after = new Map() } = {}) {
    const here = `${store.me} ${place}`;
    const isNew = state.place !== here;
    const away = document.visibilityState !== "visible";
    if (isNew) Object.assign(state, { place: here, fresh: "", atEnd: true, last: "" });
    if (isNew || (away && !state.fresh))
      state.fresh = messages.find((message) => isUnread(store.me, message))?.ts ?? "";
    keep(inside, [...first, ...items(messages, about, after)]);
    settle(isNew, messages);
    if (messages.length && !away) read(store.me, place, messages.at(-1).ts);
  }

  function items(messages, about, after) {
    const found = [];
    let before = null;
    for (const message of messages) {
      const date = dateOf(message.ts);
      const day = !before || !isSameDay(dateOf(before.ts), date);
      const fresh = message.ts === state.fresh;
      if (day) found.push(rule(`day ${date.toDateString()}`, "day", dayName(date)));
      if (fresh) found.push(rule("new", "new", "New"));
      found.push(
        messageItem(message, {
          ...about(message),
          compact: !day && !fresh && !after.has(before?.ts) && goesOn(message, before),
        }),
      );
      if (after.has(message.ts)) found.push(after.get(message.ts));
      before = message;
    }
    return found;
  }

  /** Scroll: to what is new on arrival, else to the end if the reader was there. */
  function settle(isNew, messages) {
    const last = messages.at(-1)?.ts ?? "";
    const came = state.last && Number(last) > Number(state.last);
    state.last = last;
    const fresh = inside.querySelector(".rule.new");
    if (isNew && fresh) node.scrollTop = Math.max(0, fresh.offsetTop - 12);
    else if (state.atEnd) toEnd();
    else if (came) jump.hidden = false;
    if (isNew) jump.hidden = true;
    state.atEnd = isAtEnd();
  }

  function isAtEnd() {
    return node.scrollHeight - node.scrollTop - node.clientHeight < NEAR;
  }

  function toEnd() {
    node.scrollTop = node.scrollHeight;
    jump.hidden = true;
  }
}

function rule(key, kind, text) {
  return {
    key,
    sign: text,
    make: () => h("div", { class: `rule ${kind}`, role: "separator", "aria-label": text }, h("span", {}, text)),
  };
}
