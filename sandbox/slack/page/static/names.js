// Who and what the ids mean, and how people look: a coloured tile with initials.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

export function person(id) {
  return store.state.people.find((one) => one.id === id);
}

/** Return a person's name as mentions show it; an unknown id is shown as it is. */
export function nameOf(id) {
  return person(id)?.real_name ?? id;
}

export function firstName(one) {
  return one.real_name.split(" ")[0];
}

export function groupName(id) {
  return store.state.groups.find((group) => group.id === id)?.handle ?? id;
}

export function channelName(id) {
  return store.state.channels.find((channel) => channel.id === id)?.name ?? id;
}

/** Whether a mention of this person or group is a mention of me. */
export function isMe(id) {
  return id === store.me || store.state.groups.some((group) => group.id === id && group.users.includes(store.me));
}

/** Return a tile; the name stands beside it wherever it is used. */
export function avatar(id, kind = "") {
  const one = person(id);
  if (one?.is_bot) return h("img", { class: `avatar ${kind}`, src: "/page/static/icon.svg", alt: "" });
  const initials = (one?.real_name ?? id)
    .split(" ")
    .map((word) => word[0])
    .join("")
    .slice(0, 2);
  const tile = h("span", { class: `avatar ${kind}`, "aria-hidden": "true" }, initials);
  if (one?.avatar) tile.style.background = one.avatar;
  return tile;
}

export function channelIcon(channel, size = 16) {
  return icon(channel.is_private ? "lock" : "hash", size);
}
