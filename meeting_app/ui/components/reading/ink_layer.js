// Annotations over the pages: highlights below the print, ink above it, notes as buttons.

import { h } from "../dom.js";
import { sign } from "../signs.js";
import { INKS, MARKS, paint, paintBand, passes, WHOLE } from "./strokes.js";

const WIDEST = 2400; // canvas pixels; more costs memory and shows nothing

export class InkLayer {
  /** `open(annotation, marker)` is called when a note is touched. */
  constructor({ notebook, say, open }) {
    Object.assign(this, { notebook, say, open });
    this.mounted = new Map(); // page -> {slot, ink, marks, notes, shown}
    this.size = new ResizeObserver((entries) => entries.forEach((entry) => this.draw(this.#pageOf(entry.target))));
  }

  mount(slot, page) {
    const notes = h("div", { className: "notes" });
    this.mounted.set(page, { slot, notes, ink: null, marks: null });
    slot.append(notes);
    this.size.observe(slot);
    this.draw(page);
  }

  unmount(slot, page) {
    const { ink, marks, notes } = this.mounted.get(page) ?? {};
    this.size.unobserve(slot);
    for (const node of [ink, marks, notes]) node?.remove();
    for (const canvas of [ink, marks]) if (canvas) canvas.width = canvas.height = 0; // memory at once, not some day
    this.mounted.delete(page);
  }

  slotOf(page) {
    return this.mounted.get(page)?.slot ?? null;
  }

  /** Draw a page (all of them for null) in the next frame, once however often it is asked for. */
  draw(page) {
    this.due ??= new Set();
    for (const each of page === null ? this.mounted.keys() : [page]) this.due.add(each);
    this.frame ??= requestAnimationFrame(() => {
      const { due } = this;
      this.due = this.frame = null;
      for (const each of due) this.#paint(each);
    });
  }

  /** One stroke more, at once: what was drawn wet must not be gone for a frame. */
  add(page, annotation) {
    const place = this.mounted.get(page);
    if (!place) return;
    this.#paintOne(place, annotation);
  }

  /** My own strokes and bands on a page that a place of the screen touches. */
  touched(page, clientX, clientY, reach) {
    const box = this.mounted.get(page)?.slot.getBoundingClientRect();
    if (!box) return [];
    const at = { x: clientX - box.left, y: clientY - box.top };
    const [sx, sy] = [box.width / WHOLE, box.height / WHOLE];
    return this.notebook.mine.filter((each) => {
      if (each.page !== page || each.kind === "note") return false;
      const { points, areas, width } = each.body;
      if (points) return passes(points, at, { sx, sy, reach: reach + (width * sx) / 2 });
      return areas.some(([x, y, w, h_]) => at.x >= x * sx && at.x <= (x + w) * sx && at.y >= y * sy && at.y <= (y + h_) * sy);
    });
  }

  #pageOf(slot) {
    return [...this.mounted].find(([, place]) => place.slot === slot)?.[0];
  }

  #paint(page) {
    const place = this.mounted.get(page);
    if (!place) return;
    const all = this.notebook.of(page);
    for (const [name, wanted] of [
      ["ink", all.some((each) => each.kind === "ink")],
      ["marks", all.some((each) => each.kind === "highlight")],
    ]) {
      if (place[name]) place[name].getContext("2d").clearRect(0, 0, place[name].width, place[name].height);
      if (wanted) this.#canvas(place, name);
    }
    for (const each of all) this.#paintOne(place, each);
    this.#drawNotes(place, all.filter((each) => each.kind === "note"));
  }

  #paintOne(place, { kind, colour, body }) {
    if (kind === "note") return;
    const canvas = this.#canvas(place, kind === "ink" ? "ink" : "marks");
    if (!canvas.width) return;
    const context = canvas.getContext("2d");
    const [sx, sy] = [canvas.width / WHOLE, canvas.height / WHOLE];
    if (kind === "ink") {
      context.strokeStyle = INKS[colour];
      paint(context, body.points, { width: body.width, sx, sy });
    } else if (body.points) {
      context.strokeStyle = MARKS[colour];
      paintBand(context, body.points, { width: body.width, sx, sy });
    } else {
      context.fillStyle = MARKS[colour];
      for (const [x, y, width, height] of body.areas) context.fillRect(x * sx, y * sy, width * sx, height * sy);
    }
  }

  /** The canvas of a page, as sharp as the page is shown; asked anew it is emptied only for a new size. */
  #canvas(place, name) {
    place[name] ??= place.slot.insertBefore(h("canvas", { className: name, "aria-hidden": "true" }), name === "marks" ? place.slot.firstChild : place.notes);
    const canvas = place[name];
    const { clientWidth, clientHeight } = place.slot;
    const scale = Math.min(devicePixelRatio, WIDEST / Math.max(1, clientWidth));
    const [width, height] = [Math.round(clientWidth * scale), Math.round(clientHeight * scale)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    return canvas;
  }

  #drawNotes(place, notes) {
    const known = new Map([...place.notes.children].map((node) => [node.dataset.annotation, node]));
    for (const note of notes) {
      const marker = known.get(note.id) ?? this.#marker(note.id);
      known.delete(note.id);
      marker.annotation = note;
      marker.dataset.colour = note.colour;
      marker.classList.toggle("foreign", Boolean(note.maker));
      marker.style.left = `${note.body.x / 100}%`;
      marker.style.top = `${note.body.y / 100}%`;
      const name = note.maker ? this.say("note_of", { name: note.maker }) : this.say("note_mine");
      marker.setAttribute("aria-label", `${name}: ${note.body.text}`);
      marker.title = note.body.text;
      if (marker.parentNode !== place.notes) place.notes.append(marker);
    }
    for (const node of known.values()) node.remove();
  }

  #marker(id) {
    const marker = h("button", { type: "button", className: "note-marker", onclick: () => this.open(marker.annotation, marker) }, sign("note"));
    marker.dataset.annotation = id;
    marker.dataset.ownTouch = "";
    return marker;
  }
}
