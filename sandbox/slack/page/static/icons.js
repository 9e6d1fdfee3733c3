// The page's drawings, each on a field of 20 by 20.

import { drawing } from "./dom.js";

const PATHS = {
  hash: ["M7.5 3.5 6 16.5M14 3.5l-1.5 13M3.5 7.5h13M3 12.5h13"],
  lock: ["M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9"],
  home: ["M3.5 9.5 10 4l6.5 5.5V16a1 1 0 0 1-1 1h-3.5v-4.5h-4V17H4.5a1 1 0 0 1-1-1z"],
  chat: ["M3.5 4.5h13v9h-7l-3.5 3v-3H3.5z"],
  close: ["M5 5l10 10M15 5 5 15"],
  send: ["M3.5 4 17 10 3.5 16l2-6zM5.5 10H11"],
  eye: ["M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5z", "M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"],
  broadcast: ["M4 5v4.5a2 2 0 0 0 2 2h9.5m-4-4 4 4-4 4"],
  more: ["M4.5 10h.01M10 10h.01M15.5 10h.01"],
  down: ["M10 4.5v11m-4.5-4.5 4.5 4.5 4.5-4.5"],
  chevron: ["M5 7.5 10 12.5 15 7.5"],
  people: ["M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5"],
  file: ["M5.5 3h6l3 3v11h-9zM11.5 3v3h3"],
  picture: ["M3.5 4.5h13v11h-13zM3.5 13l4-3.5 3 2.5 2.5-2 3.5 3M13 8h.01"],
  box: ["M4 6.5 10 3.5l6 3v7l-6 3-6-3zM4 6.5l6 3 6-3M10 9.5v7"],
  pending: ["M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z"],
  in_progress: ["M10 3.5a6.5 6.5 0 1 1-6.5 6.5"],
  complete: ["M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z", "M6.5 10.200l2.400 2.400 4.600-5"],
  error: ["M10 3 17.5 16.5h-15z", "M10 8v4M10 14.300h.01"],
  info: ["M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z", "M10 9.200v4.5M10 6.5h.01"],
};

export function icon(name, size = 20) {
  return drawing(PATHS[name] ?? PATHS.box, size, `icon-${name}`);
}
