// What each person has read, in this tab. A place is a channel, or a thread in it; its mark is the last ts that was seen.

const KEPT = "read";
const marks = new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
let changes = 0;

export const placeOf = (channel, thread = "") => (thread ? `${channel}/${thread}` : channel);

function markOf(user, place) {
  return Number(marks.get(`${user} ${place}`) ?? 0);
}

/** A figure that grows whenever something was read. */
export const readings = () => changes;

/** Remember that a person has seen a place up to this ts. */
export function read(user, place, ts) {
  if (Number(ts) <= markOf(user, place)) return;
  changes += 1;
  marks.set(`${user} ${place}`, ts);
  sessionStorage.setItem(KEPT, JSON.stringify([...marks]));
}

/** Whether a person has not seen a message yet; a reply that was also sent to the channel may be seen in either. */
export function isUnread(user, message) {
  if (message.user === user || message.ephemeral) return false;
  const places = [];
  if (!message.thread_ts || message.reply_broadcast) places.push(placeOf(message.channel));
  if (message.thread_ts) places.push(placeOf(message.channel, message.thread_ts));
  return places.every((place) => Number(message.ts) > markOf(user, place));
}

export const isTopLevel = (message) => !message.thread_ts || message.reply_broadcast;
