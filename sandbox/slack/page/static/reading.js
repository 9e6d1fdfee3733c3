// What each person has read, in this tab. A place is a channel, or a thread in it; its mark is the last ts that was seen.

const KEPT = "read";
const marks = new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));

export const placeOf = (channel, thread = "") => (thread ? `${channel}/${thread}` : channel);

export function markOf(user, place) {
  return Number(marks.get(`${user} ${place}`) ?? 0);
}

/** Remember that a person has seen a place up to this ts. Returns whether that is news. */
export function read(user, place, ts) {
  if (Number(ts) <= markOf(user, place)) return false;
  marks.set(`${user} ${place}`, ts);
  sessionStorage.setItem(KEPT, JSON.stringify([...marks]));
  return true;
}

/** Whether a person has not seen a message yet; a reply that was also sent to the channel may be seen in either. */
export function isUnread(user, message) {
  if (message.user === user) return false;
  const places = [];
  if (!message.thread_ts || message.reply_broadcast) places.push(placeOf(message.channel));
  if (message.thread_ts) places.push(placeOf(message.channel, message.thread_ts));
  return places.every((place) => Number(message.ts) > markOf(user, place));
}

export const isTopLevel = (message) => !message.thread_ts || message.reply_broadcast;
