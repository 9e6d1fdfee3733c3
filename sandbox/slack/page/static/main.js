// Ties the page together: every part draws itself from the store, whenever something changed.

import { h } from "./dom.js";
import * as middle from "./middle.js";
import * as modals from "./modals.js";
import { channelName } from "./names.js";
import * as personas from "./personas.js";
import { isUnread, readings } from "./reading.js";
import * as sidebar from "./sidebar.js";
import { changed, place, start, store, watch } from "./store.js";
import * as thread from "./thread.js";

const part = (id) => document.getElementById(id);
const lost = h(
  "p",
  { class: "lost", role: "alert", hidden: true },
  "The workspace is not to be heard. Is it still running? The page comes back by itself.",
);

middle.start(part("main"));
thread.start(part("thread"));
document.body.prepend(lost);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address's hash says where the person is
  part("main").focus();
});

watch(() => {
  const before = readings();
  draw();
  if (readings() !== before) draw();
});
document.addEventListener("visibilitychange", changed);
start();

function draw() {
  lost.hidden = store.online;
  middle.draw();
  part("panes").classList.toggle("with-thread", thread.draw(part("thread")));
  sidebar.draw(part("sidebar"));
  personas.draw(part("personas"));
  modals.draw();
  document.title = title();
}

function title() {
  const called = store.state.channels
    .flatMap((channel) => channel.messages)
    .filter((one) => one.notifies && isUnread(store.me, one)).length;
  const { view, channel } = place();
  return `${called ? `(${called}) ` : ""}${view === "channel" ? `#${channelName(channel.id)}` : "Offboard"} · Acme`;
}
