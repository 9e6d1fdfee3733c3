// The left pane: channels, the direct conversation with the app, and the app itself.

import { h, keep } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, channelIcon, nameOf } from "./names.js";
import { isTopLevel, isUnread } from "./reading.js";
import { DIRECT, go, HOME, place, store } from "./store.js";

export function draw(pane) {
  const { view, channel } = place();
  const { channels, bot } = store.state;
  const direct = channels.find((one) => one.is_im);
  const rows = [
    heading("Channels"),
    ...channels
      .filter((one) => !one.is_im)
      .map((one) => row(one.id, one.name, () => channelIcon(one), view === "channel" && one === channel, one)),
    heading("Direct messages"),
    row(DIRECT, nameOf(bot.id), () => avatar(bot.id, "tiny"), view === DIRECT, direct),
    heading("Apps"),
    row(HOME, `${nameOf(bot.id)} home`, () => icon("home", 16), view === HOME, null),
  ];
  keep(pane, rows);
}

const heading = (text) => ({ key: text, sign: text, make: () => h("h2", {}, text) });

function row(to, name, sign, isHere, channel) {
  const unread = channel?.messages.filter((message) => isUnread(store.me, message)) ?? [];
  const called = unread.filter((message) => message.notifies).length;
  const isNew = unread.some(isTopLevel);
  const make = () =>
    h(
      "button",
      {
        type: "button",
        class: isNew ? "row fresh" : "row",
        "aria-current": isHere ? "page" : null,
        data: { focus: to },
        onclick: () => go({ channel: to, thread: "" }),
      },
      sign(),
      h("span", { class: "row-name" }, name),
      called ? h("span", { class: "count" }, `${called}`, h("span", { class: "unseen" }, " new for you")) : null,
    );
  return { key: to, sign: JSON.stringify([name, isHere, isNew, called]), make };
}
