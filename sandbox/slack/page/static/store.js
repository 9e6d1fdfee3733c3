// What the page knows: who I am, where I am, and the workspace as I see it. The place stands in the address's hash.

import { act, listen, stateOf, trouble } from "./api.js";
import { notice } from "./notices.js";

export const HOME = "app-home";
export const DIRECT = "app-messages";
const FIRST = "U0AMY";

/** `wanted` is where the person asked to be; `place()` is where they are, if that is not theirs to see. */
export const store = { me: FIRST, wanted: { channel: "", thread: "" }, state: null, online: true };

const watchers = [];
let busy = false;
let again = false;

/** Call `watcher` after every change; the page is drawn by those. */
export function watch(watcher) {
  watchers.push(watcher);
}

export function changed() {
  if (store.state) for (const watcher of watchers) watcher();
}

export function start() {
  window.addEventListener("hashchange", arrive);
  listen(refresh, (online) => {
    store.online = online;
    changed();
  });
  arrive();
}

/** Read the state anew; calls that come meanwhile lead to one more reading. */
export async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  do {
    again = false;
    await read(store.me);
  } while (again);
  busy = false;
}

async function read(user) {
  try {
    const state = await stateOf(user);
    if (user !== store.me) again = true;
    else store.state = state;
    store.online = true;
  } catch {
    store.online = false;
  }
  changed();
}

function arrive() {
  const [user, channel = "", thread = ""] = decodeURIComponent(location.hash.slice(1)).split("/");
  store.wanted = { channel, thread };
  const known = store.state?.people.some((person) => person.id === user && !person.is_bot);
  const isOther = user && user !== store.me && (known || !store.state);
  if (isOther) store.me = user;
  if (isOther || !store.state) refresh();
  else changed();
}

/** Go somewhere; what is not named stays. */
export function go({
  me = store.me,
  channel = store.wanted.channel || place().channel.id,
  thread = store.wanted.thread,
}) {
  const path = [me, channel, thread].join("/").replace(/\/+$/, "");
  if (location.hash.slice(1) === path) arrive();
  else location.hash = path;
}

/** Return the channel and thread that are shown: the wanted ones where this person is a member. */
export function place() {
  const { state, wanted } = store;
  const channels = state.channels.filter((channel) => !channel.is_im);
  const direct = state.channels.find((channel) => channel.is_im);
  if (wanted.channel === HOME) return { view: HOME, channel: direct, thread: "" };
  if (wanted.channel === DIRECT) return { view: DIRECT, channel: direct, thread: wanted.thread };
  const found = channels.find((channel) => !wanted.channel || channel.id === wanted.channel);
  return found
    ? { view: "channel", channel: found, thread: wanted.thread }
    : { view: "channel", channel: channels[0], thread: "" };
}

/** Do something as me and show what came of it; returns the workspace's answer, null where it was not heard. */
export async function doing(kind, more, quiet = false) {
  let result = null;
  try {
    result = await act(store.me, kind, more);
  } catch {
    notice("The workspace does not answer. Is it still running?");
    return null;
  }
  const problem = trouble(result);
  if (problem && !quiet) notice(problem);
  await refresh();
  return result;
}
