// Builds DOM nodes from data. Text is always a text node: nothing that a message says is ever parsed as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. `props` are attributes; `on…` are listeners, `class` and `data` (an object) as one expects. */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false && child !== ""));
  return node;
}

function set(node, name, value) {
  if (value == null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "value" || name === "checked") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

/** Make a small drawing from path data, hidden from screen readers: the words stand beside it. */
export function drawing(paths, size = 20, kind = "") {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true", class: `icon ${kind}` };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  for (const data of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", data);
    svg.append(path);
  }
  return svg;
}

/**
 * Make `parent` hold these items in this order. An item is {key, sign, make}: the node of a known key stays as it is
 * while its sign is the same, so that focus, selection and open details survive what happens elsewhere.
 */
export function keep(parent, items) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const { key, sign, make } of items) {
    const old = known.get(key);
    known.delete(key);
    const node = old && old.sign === sign ? old : made(key, sign, make);
    if (old && node !== old) {
      if (place === old) place = node;
      exchange(old, node);
    }
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of known.values()) node.remove();
}

function made(key, sign, make) {
  const node = make();
  node.dataset.key = key;
  node.sign = sign;
  return node;
}

/** Put a node in the place of another; the focus goes to what has the same `data-focus` name in it. */
export function exchange(old, node) {
  const focused = old.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  old.replaceWith(node);
  if (focused) [...node.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === focused)?.focus();
}
