// Elements by the DOM's own functions: text of people only ever becomes text.

export { sign } from "../signs.js";

/** An element; `on…` are listeners, true and false set or leave out an attribute, `text` is text. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const kept = new WeakMap(); // container -> Map(key -> node)

/**
 * Show one child per row, keeping those that stay: focus, scroll and half-typed words survive a change.
 * `create(row)` makes a child, `update(node, row, place)` fills it.
 */
export function keyed(container, rows, create, update) {
  const before = kept.get(container) ?? new Map();
  const after = new Map();
  let cursor = container.firstChild;
  rows.forEach((row, place) => {
    const node = before.get(row.id) ?? create(row);
    after.set(row.id, node);
    before.delete(row.id);
    update(node, row, place);
    if (node === cursor) cursor = cursor.nextSibling;
    else container.insertBefore(node, cursor);
  });
  for (const node of before.values()) node.remove();
  kept.set(container, after);
}
