// Which details a person has opened or closed: kept while messages are edited and drawn anew.

const chosen = new Map();

/** Open a details element as it was left; `wanted` is for one that nobody has touched. */
export function remembered(details, key, wanted = false) {
  details.open = chosen.get(key) ?? wanted;
  details.addEventListener("toggle", () => {
    if (details.open !== (chosen.get(key) ?? wanted)) chosen.set(key, details.open);
  });
  return details;
}
