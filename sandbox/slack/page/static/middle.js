// The middle pane: a channel with its composer, or the app with its Home tab and its messages.

import { blocksOf } from "./blocks/index.js";
import { composer } from "./composer.js";
import { h, keep } from "./dom.js";
import { guide } from "./guide.js";
import { icon } from "./icons.js";
import { messageList } from "./list.js";
import { channelIcon, nameOf } from "./names.js";
import { isTopLevel } from "./reading.js";
import { DIRECT, doing, go, HOME, place, store } from "./store.js";
import { inView } from "./surface.js";

const head = h("header", { class: "pane-head" });
const list = messageList("Messages");
const home = h("div", { class: "home", tabindex: "0", role: "region", "aria-label": "Home tab" });
const writing = composer("channel");
const silent = h(
  "p",
  { class: "silent" },
  "This app takes no messages here. Its command works in any channel: type ",
  h("code", {}, "/offboard"),
  " there.",
);
let shown = "";

export function start(pane) {
  pane.append(head, list.node, home, writing.node, silent);
}

export function draw() {
  const { view, channel } = place();
  const isHome = view === HOME;
  keep(head, view === "channel" ? channelHead(channel) : appHead(view));
  list.node.hidden = isHome;
  home.hidden = !isHome;
  writing.node.hidden = view !== "channel";
  silent.hidden = view !== DIRECT;
  if (isHome) drawHome();
  else drawList(view, channel);
  if (view === "channel") writing.show(channel);
  ask(isHome);
}

/** Ask the app for the Home tab whenever somebody arrives there. */
function ask(isHome) {
  const here = isHome ? store.me : "";
  if (here && here !== shown) doing("open_home", {}, true);
  shown = here;
}

function channelHead(channel) {
  const title = () => h("h1", {}, channelIcon(channel, 18), channel.name);
  const people = channel.members.map(nameOf).join(", ");
  const count = () =>
    h(
      "span",
      { class: "members", title: people },
      icon("people", 16),
      `${channel.members.length}`,
      h("span", { class: "unseen" }, "members"),
    );
  return [
    { key: "title", sign: channel.id, make: title },
    { key: "members", sign: people, make: count },
  ];
}

function appHead(view) {
  const name = nameOf(store.state.bot.id);
  const tab = (to, words) =>
    h(
      "button",
      {
        type: "button",
        class: "tab",
        "aria-current": view === to ? "page" : null,
        data: { focus: to },
        onclick: () => go({ channel: to, thread: "" }),
      },
      words,
    );
  const tabs = () => h("div", { class: "tabs" }, tab(HOME, "Home"), tab(DIRECT, "Messages"));
  return [
    { key: "title", sign: name, make: () => h("h1", {}, name, h("span", { class: "badge" }, "APP")) },
    { key: "tabs", sign: view, make: tabs },
  ];
}

function drawList(view, channel) {
  const messages = channel.messages.filter(isTopLevel);
  const about = (message) => ({
    replies: channel.messages.filter((one) => one.thread_ts === message.ts && !one.ephemeral),
    root: message.thread_ts ? channel.messages.find((one) => one.ts === message.thread_ts) : null,
  });
  list.show(channel.id, messages, { first: view === "channel" ? guide(channel, writing.write) : [], about });
}

function drawHome() {
  const view = store.state.home;
  const content = () =>
    h(
      "div",
      { class: "blocks" },
      view
        ? blocksOf(view.blocks, inView(view))
        : h("p", { class: "faint" }, "The app has not filled its Home tab yet."),
    );
  keep(home, [{ key: "home", sign: `${store.me} ${view?.hash}`, make: content }]);
}
