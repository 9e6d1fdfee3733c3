// Text objects: plain_text is words and nothing else, mrkdwn is mark-up.

import { mrkdwn, plain } from "./mrkdwn.js";
import { withEmoji } from "./emoji.js";

/** Return the nodes of a text object or of a bare string. */
export function textOf(object) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  return object.type === "mrkdwn" ? mrkdwn(object.text, object) : [words(object)];
}

/** Return the words of a plain text object, "" for none. */
export function words(object) {
  if (!object) return "";
  return object.emoji === false ? object.text : withEmoji(object.text);
}

/** Return a text object without any mark-up, for places that take only words: options, labels for screen readers. */
export function bare(object) {
  if (object?.type !== "mrkdwn") return words(object);
  return plain(object.text.replace(/<[^<>|]*\|([^<>]*)>/g, "$1").replace(/[*_~`]/g, ""));
}
