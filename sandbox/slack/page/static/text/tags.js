// Mentions and links, wherever they stand: in mrkdwn, in rich text, in markdown.

import { h } from "../dom.js";
import { channelName, groupName, isMe, nameOf } from "../names.js";
import { go, store } from "../store.js";

const SAFE = /^(https?:|mailto:)/i;
const MESSAGE = /^https:\/\/acme\.slack\.com\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/;

/** Return a link; an address that is neither web nor mail is shown as plain words, a message is shown on this page. */
export function link(url, ...label) {
  if (!SAFE.test(url)) return h("span", {}, label);
  const message = MESSAGE.exec(url);
  if (message) return here(message[1], `${message[2]}.${message[3]}`, label);
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, label);
}

function here(channel, thread, label) {
  const show = (event) => {
    event.preventDefault();
    go({ channel, thread });
  };
  return h("a", { href: `#${[store.me, channel, thread].join("/")}`, onclick: show }, label);
}

function tag(id, words) {
  return h("span", { class: isMe(id) ? "mention mine" : "mention" }, words);
}

export const personTag = (id) => tag(id.split("|")[0], `@${nameOf(id.split("|")[0])}`);
export const groupTag = (id) => tag(id, `@${groupName(id)}`);
export const channelTag = (id, label = "") => h("span", { class: "mention" }, `#${label || channelName(id)}`);
export const rangeTag = (range) => h("span", { class: "mention mine" }, `@${range.split("|")[0]}`);
