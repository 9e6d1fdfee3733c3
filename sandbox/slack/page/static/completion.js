// What a person may mean while they type: commands at the start of a line, people after an @.

import { store } from "./store.js";

const KNOWN = {
  "/offboard": {
    about: "Ask for somebody's access to be taken away",
    usage: "[@person | address | list | status OFF-12 | cancel OFF-12 | help]",
  },
};
const MOST = 6;

/** Return {from, rows, note}: `rows` can be picked and replace the text from `from` to the caret. */
export function completions(text, caret) {
  const before = text.slice(0, caret);
  const word = /(?:^|\s)(@[\w.-]*)$/.exec(before);
  if (word) return { from: caret - word[1].length, rows: people(word[1].slice(1).toLowerCase()), note: "" };
  if (/^\/\S*$/.test(before)) return { from: 0, rows: commands(before), note: "" };
  const command = /^(\/\S+)\s/.exec(before)?.[1];
  const usage = KNOWN[command]?.usage;
  return { from: caret, rows: [], note: usage ? `${command} ${usage}` : "" };
}

function commands(typed) {
  const found = store.state.commands.filter((command) => command.startsWith(typed));
  return found.map((command) => ({
    insert: `${command} `,
    word: command,
    name: command,
    about: KNOWN[command]?.about ?? "",
    user: "",
  }));
}

function people(typed) {
  const fits = (one) => [one.name, ...one.real_name.toLowerCase().split(" ")].some((part) => part.startsWith(typed));
  const found = store.state.people.filter((one) => !one.deleted && !one.is_bot && fits(one));
  return found
    .slice(0, MOST)
    .map((one) => ({
      insert: `@${one.name} `,
      word: `@${one.name}`,
      name: one.real_name,
      about: `@${one.name}`,
      user: one.id,
    }));
}
