// Who I am: one button for each person of the workspace, with what they are here and what waits for them.

import { h, keep } from "./dom.js";
import { avatar, firstName } from "./names.js";
import { isUnread } from "./reading.js";
import { go, store } from "./store.js";

/** What the people of the demo are to the bot; its own configuration says the same. */
const ROLES = {
  U0AMY: "requester",
  U0BEN: "approver",
  U0CHLOE: "approver",
  U0ROOT: "admin",
  U0OTTO: "outsider",
  U0DANA: "leaver",
  U0SAM: "leaver",
  U0NOA: "leaver",
};

export function draw(pane) {
  const people = store.state.people.filter((one) => !one.is_bot);
  keep(pane, people.map(item));
}

function item(one) {
  const isMe = one.id === store.me;
  const called = (store.state.notices?.[one.id] ?? []).filter((notice) => isUnread(one.id, notice)).length;
  return { key: one.id, sign: JSON.stringify([isMe, called, one.deleted]), make: () => chip(one, isMe, called) };
}

function chip(one, isMe, called) {
  const role = ROLES[one.id] ?? "member";
  return h(
    "button",
    {
      type: "button",
      class: "persona",
      "aria-pressed": String(isMe),
      disabled: one.deleted,
      title: `${one.real_name} · ${one.email}`,
      data: { focus: one.id },
      onclick: () => go({ me: one.id }),
    },
    avatar(one.id, "small"),
    h("span", { class: "persona-name" }, h("b", {}, firstName(one)), h("small", {}, role)),
    called ? h("span", { class: "count" }, `${called}`, h("span", { class: "unseen" }, " new")) : null,
  );
}
