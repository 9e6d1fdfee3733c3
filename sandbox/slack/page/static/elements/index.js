// The table of elements. Each is drawn with its block, its surface, and the attributes that tie it to a label.

import { h } from "../dom.js";
import { picture } from "../picture.js";
import { button } from "./button.js";
import { checkboxes, multiSelect, radioButtons } from "./choices.js";
import { overflow, staticSelect, usersSelect } from "./menus.js";
import { datePicker, dateTimePicker, emailInput, textInput } from "./typed.js";

const ELEMENTS = {
  button,
  checkboxes,
  datepicker: datePicker,
  datetimepicker: dateTimePicker,
  email_text_input: emailInput,
  image: picture,
  multi_static_select: multiSelect,
  overflow,
  plain_text_input: textInput,
  radio_buttons: radioButtons,
  static_select: staticSelect,
  users_select: usersSelect,
};

export function elementOf(element, block, surface, ties = {}) {
  const make = ELEMENTS[element.type];
  if (!make) return h("span", { class: "unknown inline" }, `[${element.type}]`);
  return make(element, block, surface, ties);
}
