// The first words of a channel, and in the case channel the way through the demo, ticked off as it is walked.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { firstName, person } from "./names.js";
import { go, store } from "./store.js";

const CASES = "offboarding";
const COMMAND = "/offboard dana@acme.test";
const APPROVER = "U0BEN";

/** Return the list items that stand before the first message; `write` puts words into the composer. */
export function guide(channel, write) {
  const done = channel.name === CASES ? steps(channel) : [];
  const sign = JSON.stringify([channel.id, done, store.me]);
  const make = () => (channel.name === CASES ? walk(done, write) : beginning(channel));
  return [{ key: "guide", sign, make }];
}

/** Whether somebody has asked, approved, and seen the end. */
function steps(channel) {
  const said = channel.messages.filter((message) => !message.ephemeral && message.user === store.state.bot.id);
  const asked = said.length > 0;
  const ended = said.some((message) => message.reply_broadcast);
  const running = said.some((message) => message.blocks.some((block) => block.type === "plan"));
  return [asked, running || ended, ended];
}

function walk([asked, approved, ended], write) {
  return h(
    "section",
    { class: "guide", "aria-label": "How to begin" },
    h("h2", {}, "Welcome to Acme"),
    h(
      "p",
      {},
      "Everything here runs on this machine: a small Slack, five systems, and the real bot between them. Dana leaves the company.",
    ),
    h(
      "ol",
      {},
      step(
        asked,
        [h("span", {}, "As Amy, type ", h("code", {}, COMMAND), " below and press ", h("b", {}, "Request"), ".")],
        asked ? null : action("Write it for me", () => writeAsAmy(write)),
      ),
      step(
        approved,
        [h("span", {}, "Then become Ben, open the thread and press ", h("b", {}, "Approve"), ".")],
        asked && !approved ? becoming() : null,
      ),
      step(
        ended,
        [h("span", {}, "Watch the five systems answer. A removal counts only when a later read has proved it.")],
        null,
      ),
    ),
    ended ? more() : null,
  );
}

function step(done, words, button) {
  const sign = h(
    "span",
    { class: "step-sign" },
    done ? icon("complete", 18) : null,
    h("span", { class: "unseen" }, done ? "done: " : ""),
  );
  return h("li", { class: done ? "done" : "" }, sign, words, button);
}

const action = (words, act) => h("button", { type: "button", class: "button slim", onclick: act }, words);

function writeAsAmy(write) {
  if (store.me !== "U0AMY") go({ me: "U0AMY" });
  write(COMMAND);
}

function becoming() {
  if (store.me === APPROVER) return null;
  const plan = store.state.channels.flatMap((channel) => channel.messages).find((message) => message.thread_ts);
  return action("Become Ben", () => go({ me: APPROVER, thread: plan?.thread_ts ?? "" }));
}

function more() {
  return h(
    "p",
    { class: "more" },
    "More to try: ",
    h("code", {}, "/offboard sam@acme.test"),
    ", ",
    h("code", {}, "/offboard noa@acme.test"),
    ", or ask again as Otto, whom the bot does not obey.",
  );
}

function beginning(channel) {
  const me = person(store.me);
  const isOutside = !store.state.channels.some((one) => one.name === CASES);
  return h(
    "section",
    { class: "guide plain" },
    h("h2", {}, `#${channel.name}`),
    h("p", {}, `This is the very beginning of #${channel.name}.`),
    isOutside
      ? h(
          "p",
          {},
          `${firstName(me)} is not in #${CASES}, so no case is seen from here. Become somebody else at the top.`,
        )
      : null,
  );
}
