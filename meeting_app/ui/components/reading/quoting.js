// Marking words that are selected: a button beside the selection, one touch and they are marked.

import { h } from "../dom.js";
import { sign } from "../signs.js";
import { WHOLE } from "./strokes.js";

const MOST_AREAS = 200;
const LONGEST = 2000;

export class Quoting {
  constructor({ reader, layer, say, mark }) {
    Object.assign(this, { reader, layer, mark });
    this.node = h("button", { type: "button", className: "quote", hidden: true, onclick: () => this.#mark() }, sign("marker"), say("mark_selection"));
    // The button must not take the selection away before it is pressed.
    this.node.addEventListener("pointerdown", (event) => event.preventDefault());
    this.look = () => this.#look();
    document.addEventListener("selectionchange", this.look);
    reader.pages.node.addEventListener("scroll", this.look, { passive: true });
  }

  close() {
    document.removeEventListener("selectionchange", this.look);
  }

  #range() {
    const root = this.reader.node.getRootNode();
    const selection = root.getSelection?.() ?? document.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    return this.reader.pages.node.contains(range.commonAncestorContainer) ? { range, selection } : null;
  }

  #look() {
    const found = this.reader.document?.version_id ? this.#range() : null;
    const box = found?.range.getBoundingClientRect();
    this.node.hidden = !box || box.width < 2;
    if (this.node.hidden) return;
    const frame = this.reader.node.getBoundingClientRect();
    const left = Math.min(frame.width - 190, Math.max(8, box.left - frame.left));
    const below = box.bottom - frame.top + 10;
    const top = below + 60 < frame.height ? below : Math.max(8, box.top - frame.top - 60);
    Object.assign(this.node.style, { left: `${left}px`, top: `${top}px` });
  }

  #mark() {
    const found = this.#range();
    if (!found) return;
    const boxes = [...found.range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    const text = String(found.selection).replace(/\s+/gu, " ").trim().slice(0, LONGEST);
    const pieces = [];
    for (const [page, { slot }] of this.layer.mounted) {
      const areas = lines(boxes, slot.getBoundingClientRect()).slice(0, MOST_AREAS);
      if (areas.length > 0) pieces.push({ page, areas, text });
    }
    found.selection.removeAllRanges();
    this.node.hidden = true;
    this.mark(pieces);
  }
}

/** The boxes that lie on a page, in its ten-thousandths; words of one line joined to one area. */
function lines(boxes, page) {
  const joined = [];
  for (const box of boxes) {
    const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    if (middle.x < page.left || middle.x > page.right || middle.y < page.top || middle.y > page.bottom) continue;
    const last = joined.at(-1);
    const same = last && Math.abs(last.bottom - box.bottom) < box.height / 2 && box.left >= last.left - 2;
    if (same) Object.assign(last, { right: Math.max(last.right, box.right), top: Math.min(last.top, box.top), bottom: Math.max(last.bottom, box.bottom) });
    else joined.push({ left: box.left, right: box.right, top: box.top, bottom: box.bottom });
  }
  return joined.map((box) => {
    const left = part(box.left - page.left, page.width);
    const top = part(box.top - page.top, page.height);
    return [left, top, Math.max(1, part(box.right - page.left, page.width) - left), Math.max(1, part(box.bottom - page.top, page.height) - top)];
  });
}

function part(length, whole) {
  return Math.min(WHOLE - 1, Math.max(0, Math.round((length / whole) * WHOLE)));
}
