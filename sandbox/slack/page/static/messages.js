// One message: who, when, the blocks, and what stands around them.

import { blocksOf } from "./blocks/index.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, nameOf, person } from "./names.js";
import { isUnread } from "./reading.js";
import { go, store } from "./store.js";
import { inMessage } from "./surface.js";
import { mrkdwn } from "./text/mrkdwn.js";
import { bare } from "./text/object.js";
import { dateOf, fullTime, timeOf } from "./time.js";

const SOON = 300;

/** Whether a message goes on where the one before left off: same author within five minutes, nothing special. */
export function goesOn(message, before) {
  if (!before || before.user !== message.user || message.ts - before.ts > SOON) return false;
  return ![message, before].some((one) => one.ephemeral || one.reply_broadcast || one.reply_count);
}

/** Return the list item of a message; `replies` are its thread's where that is to be offered. */
export function messageItem(message, { compact = false, replies = [], root = null, inThread = false } = {}) {
  const unread = replies.some((reply) => isUnread(store.me, reply));
  const sign = JSON.stringify([message, compact, replies.length, unread, root?.text, root?.edited, store.me]);
  return { key: message.ts, sign, make: () => article(message, { compact, replies, unread, root, inThread }) };
}

function article(message, { compact, replies, unread, root, inThread }) {
  const isCalling = ["mention", "group", "channel"].includes(message.notifies);
  const kinds = { message: true, compact, ephemeral: message.ephemeral, calling: isCalling && !message.edited };
  return h(
    "article",
    { class: named(kinds), "aria-label": `${nameOf(message.user)}, ${timeOf(dateOf(message.ts))}` },
    h("div", { class: "gutter" }, compact ? stamp(message) : avatar(message.user)),
    h(
      "div",
      { class: "content" },
      message.ephemeral ? h("p", { class: "aside" }, icon("eye", 14), "Only visible to you") : null,
      compact ? null : head(message),
      sent(message, root, inThread),
      body(message),
      message.files.map(file),
      replies.length ? threadLink(message, replies, unread) : null,
    ),
  );
}

const named = (kinds) =>
  Object.keys(kinds)
    .filter((kind) => kinds[kind])
    .join(" ");

function head(message) {
  const badge = person(message.user)?.is_bot ? h("span", { class: "badge" }, "APP") : null;
  const edited = message.edited ? h("span", { class: "edited" }, "(edited)") : null;
  return h("p", { class: "head" }, h("strong", {}, nameOf(message.user)), badge, stamp(message), edited);
}

function stamp(message) {
  const date = dateOf(message.ts);
  return h("time", { datetime: date.toISOString(), title: fullTime(date) }, timeOf(date));
}

/** Say that a reply was also sent to the channel: there with the way to its thread, in the thread in words. */
function sent(message, root, inThread) {
  if (!message.reply_broadcast) return null;
  if (inThread) return h("p", { class: "aside" }, icon("broadcast", 14), "Also sent to the channel");
  const thread = () => go({ thread: message.thread_ts });
  const name = h("button", { type: "button", class: "link", onclick: thread }, excerpt(root));
  return h("p", { class: "aside" }, icon("broadcast", 14), h("span", {}, "replied to a thread: ", name));
}

function excerpt(root) {
  const header = root?.blocks.find((block) => block.type === "header");
  return header ? bare(header.text) : (root?.text ?? "").slice(0, 60) || "the thread";
}

function body(message) {
  const nodes = message.blocks.length
    ? blocksOf(message.blocks, inMessage(message))
    : [h("p", { class: "block" }, mrkdwn(message.text))];
  return h("div", { class: "blocks" }, nodes);
}

function file(one) {
  return h(
    "p",
    { class: "file" },
    icon("file", 18),
    h("a", { href: one.url_private, target: "_blank", rel: "noopener" }, one.title || one.name),
  );
}

function threadLink(message, replies, unread) {
  const last = replies.at(-1);
  const authors = [...new Set(replies.map((reply) => reply.user))].slice(0, 3);
  return h(
    "button",
    {
      type: "button",
      class: unread ? "replies unread" : "replies",
      data: { focus: `thread ${message.ts}` },
      onclick: () => go({ thread: message.ts }),
    },
    authors.map((user) => avatar(user, "small")),
    h("b", {}, replies.length === 1 ? "1 reply" : `${replies.length} replies`),
    h("span", { class: "faint" }, `Last at ${timeOf(dateOf(last.ts))}`),
    unread ? h("span", { class: "dot" }, h("span", { class: "unseen" }, "new")) : null,
  );
}
