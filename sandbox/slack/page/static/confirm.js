// Asks before a button acts ("Confirmation dialog object"). The rest of the page cannot be reached meanwhile.

import { h } from "./dom.js";
import { textOf, words } from "./text/object.js";

/** Return whether the person confirmed; Escape means no. */
export function confirmed(object) {
  return new Promise((resolve) => {
    const end = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const dialog = h(
      "dialog",
      {
        class: "dialog confirm",
        role: "alertdialog",
        "aria-labelledby": "confirm-title",
        "aria-describedby": "confirm-text",
      },
      h("h2", { id: "confirm-title" }, words(object.title)),
      h("div", { id: "confirm-text", class: "confirm-text" }, textOf(object.text)),
      h(
        "div",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "button", onclick: () => end(false) }, words(object.deny)),
        h(
          "button",
          { type: "button", class: `button ${object.style ?? "primary"}`, onclick: () => end(true) },
          words(object.confirm),
        ),
      ),
    );
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      end(false);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
