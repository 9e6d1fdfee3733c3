// A picture in a message.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** Nothing is loaded from elsewhere, so a picture is its description in a frame. */
export function picture(element) {
  return h(
    "span",
    { class: "picture", role: "img", "aria-label": element.alt_text },
    icon("picture", 16),
    element.alt_text,
  );
}
