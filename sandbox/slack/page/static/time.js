// Moments in the reader's own language and time zone.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const DAYS = {
  date: { year: "numeric", month: "long", day: "numeric" },
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
};

/** Return the Date of a message's ts, "seconds.microseconds". */
export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

export const timeOf = (date) => clock.format(date);
export const fullTime = (date) => full.format(date);

export function dayName(date) {
  return pretty(date, "date_long");
}

export function isSameDay(one, other) {
  return one.toDateString() === other.toDateString();
}

/** Return today, yesterday or tomorrow in words, any other day in the named form. */
function pretty(date, form) {
  const today = new Date();
  for (const [word, days] of [
    ["Today", 0],
    ["Yesterday", -1],
    ["Tomorrow", 1],
  ]) {
    const other = new Date(today.getFullYear(), today.getMonth(), today.getDate() + days);
    if (isSameDay(date, other)) return word;
  }
  return new Intl.DateTimeFormat(undefined, DAYS[form]).format(date);
}

/** Fill in Slack's date tokens ("Formatting text", date formatting); an unknown token stays as it is. */
export function dated(timestamp, form) {
  const date = new Date(Number(timestamp) * 1000);
  return form.replace(/\{(\w+)\}/g, (token, name) => {
    if (name === "time") return clock.format(date);
    if (name === "time_secs") return seconds.format(date);
    if (name === "ago") return ago(date);
    if (name === "day_divider_pretty") return dayName(date);
    if (name.endsWith("_pretty")) return pretty(date, name.slice(0, -"_pretty".length));
    return name in DAYS ? new Intl.DateTimeFormat(undefined, DAYS[name]).format(date) : token;
  });
}

const STEPS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

export function ago(date) {
  const away = (date - Date.now()) / 1000;
  const [unit, length] = STEPS.find(([, size]) => Math.abs(away) >= size) ?? STEPS.at(-1);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(away / length), unit);
}

/** Seconds of the epoch ↔ the value of a datetime-local input, in the reader's zone. */
export function toLocalInput(timestamp) {
  if (!timestamp) return "";
  const date = new Date(timestamp * 1000);
  return new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

export function fromLocalInput(value) {
  return value ? Math.floor(new Date(value).getTime() / 1000) : null;
}
