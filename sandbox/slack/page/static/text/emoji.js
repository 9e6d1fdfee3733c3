// The emoji that are known by name; another one is shown as its name between colons.

import { h } from "../dom.js";

const KNOWN = {
  "+1": "👍",
  "-1": "👎",
  bell: "🔔",
  bust_in_silhouette: "👤",
  calendar: "📅",
  eyes: "👀",
  hand: "✋",
  heart: "❤️",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  information_source: "ℹ️",
  key: "🔑",
  lock: "🔒",
  mag: "🔍",
  memo: "📝",
  no_entry: "⛔",
  no_entry_sign: "🚫",
  page_facing_up: "📄",
  robot_face: "🤖",
  rotating_light: "🚨",
  shield: "🛡️",
  slightly_smiling_face: "🙂",
  smile: "😄",
  stop_sign: "🛑",
  tada: "🎉",
  thumbsup: "👍",
  unlock: "🔓",
  warning: "⚠️",
  wave: "👋",
  white_check_mark: "✅",
  x: "❌",
  zap: "⚡",
};

export function emoji(name, unicode = "") {
  const sign = unicode ? String.fromCodePoint(...unicode.split("-").map((one) => parseInt(one, 16))) : KNOWN[name];
  return h("span", { class: "emoji", title: `:${name}:` }, sign ?? `:${name}:`);
}

/** Replace the names in a plain text that allows emoji. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => KNOWN[name] ?? whole);
}
