// The right pane: one thread, its root first.

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { messageList } from "./list.js";
import { channelIcon } from "./names.js";
import { placeOf } from "./reading.js";
import { go, place } from "./store.js";

const where = h("span", { class: "faint" });
const list = messageList("Replies");
const writing = composer("thread");
const shut = () => go({ thread: "" });

export function start(pane) {
  const close = h(
    "button",
    { type: "button", class: "round", "aria-label": "Close the thread", onclick: shut },
    icon("close", 18),
  );
  pane.append(h("header", { class: "pane-head" }, h("h2", {}, "Thread"), where, close), list.node, writing.node);
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) shut();
  });
}

/** Draw the thread, or hide the pane where none is open. Returns whether it is shown. */
export function draw(pane) {
  const { view, channel, thread } = place();
  const root = thread && channel.messages.find((message) => message.ts === thread);
  pane.hidden = !root;
  if (!root) return false;
  where.replaceChildren(...(view === "channel" ? [channelIcon(channel, 13), channel.name] : ["Direct message"]));
  const replies = channel.messages.filter((message) => message.thread_ts === thread);
  const counted = replies.filter((message) => !message.ephemeral).length;
  const after = new Map(counted ? [[root.ts, countRule(counted)]] : []);
  const about = (message) => ({ inThread: message !== root });
  list.show(placeOf(channel.id, thread), [root, ...replies], { about, after });
  writing.node.hidden = view !== "channel";
  writing.show(channel, thread);
  return true;
}

function countRule(count) {
  const text = count === 1 ? "1 reply" : `${count} replies`;
  return {
    key: "count",
    sign: text,
    make: () => h("div", { class: "rule counted", role: "separator" }, h("span", {}, text)),
  };
}
