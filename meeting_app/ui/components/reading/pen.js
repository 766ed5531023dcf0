// The pen on the page: it writes as soon as it touches, the finger scrolls unless a tool was taken by finger,
// the palm beside the pen counts for nothing.
//
// A stroke is wet while the hand moves: painted at once, with all points the browser gathered since the last
// frame, on a canvas that lies over what is seen and does not wait for the page. What the browser foretells
// is painted on a second one and wiped off with the next event. Dry strokes are the layer's (ink_layer.js).

import { h } from "../dom.js";
import { extend, INKS, MARK_WIDTH, MARKS, MOST_POINTS, paint, paintBand, PEN_WIDTH, WHOLE } from "./strokes.js";

const PALM_REST = 600; // ms after the pen a touch is still a palm
const PALM_SIZE = 70; // CSS pixels no finger is wide
const ERASER_REACH = 12; // CSS pixels
const ERASER_BUTTON = 32; // of PointerEvent.buttons: the pen's other end
const USUAL_PRESSURE = 128;

export class Pen {
  /** `wrote(stroke)`, `erasing(ids, page)`, `erased(ids)`, `placed({page, x, y})`: what was done; `began()`: a pen came by itself. */
  constructor({ reader, layer, wrote, erasing, erased, placed, began }) {
    Object.assign(this, { reader, layer, wrote, erasing, erased, placed, began });
    this.tool = null; // pen, marker, eraser, note; null: reading
    this.colours = { pen: "blue", marker: "yellow" };
    this.fingers = false; // whether fingers use the tool too
    this.penAt = -Infinity; // when a pen was felt last
    this.stroke = null;
    this.wet = h("canvas", { className: "wet", "aria-hidden": "true" });
    this.ahead = h("canvas", { className: "wet", "aria-hidden": "true" });
    const { node } = reader.pages;
    node.after(this.wet, this.ahead);
    const before = { capture: true };
    node.addEventListener("touchstart", (event) => this.#touch(event), { passive: false, capture: true });
    node.addEventListener("pointerdown", (event) => this.#down(event), before);
    node.addEventListener("pointermove", (event) => this.#move(event), before);
    node.addEventListener("pointerup", (event) => this.#up(event), before);
    node.addEventListener("pointercancel", (event) => this.#up(event), before);
  }

  /** Take a tool, or lay it down with null. `byFinger`: it was chosen with a finger, which then uses it. */
  take(tool, { byFinger = false } = {}) {
    this.tool = tool;
    this.fingers = Boolean(tool) && byFinger;
    this.reader.pages.node.classList.toggle("written", this.fingers);
    this.reader.pages.node.dataset.tool = tool ?? "";
  }

  get busy() {
    return this.stroke !== null;
  }

  /** Only a touch can keep the browser from scrolling; its pointer event has come before. */
  #touch(event) {
    if (this.stroke || this.#isPalm()) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }

  #isPalm() {
    return performance.now() - this.penAt < PALM_REST;
  }

  #down(event) {
    if (!this.reader.document || event.target.closest?.("button, a, input")) return;
    if (event.pointerType === "pen") this.penAt = performance.now();
    else if (event.pointerType === "touch" && (this.stroke || this.#isPalm() || event.width > PALM_SIZE)) {
      this.#keep(event);
      return;
    }
    const tool = this.#toolOf(event);
    if (!tool || this.stroke || !event.isPrimary) return;
    const page = this.reader.pages.pageAt(event.clientX, event.clientY);
    const box = this.layer.slotOf(page)?.getBoundingClientRect();
    if (!box || !within(box, event)) return;
    this.#keep(event);
    if (event.pointerType === "pen" && !this.tool) this.began();
    this.#begin(event, tool, page, box);
  }

  /** What this pointer does here, or null when it is the browser's. */
  #toolOf(event) {
    if (event.button !== 0 && !(event.buttons & ERASER_BUTTON)) return null;
    if (event.pointerType === "pen") return event.buttons & ERASER_BUTTON ? "eraser" : (this.tool ?? "pen");
    if (event.pointerType === "touch") return this.fingers ? this.tool : null;
    return this.tool;
  }

  /** Ours: neither the browser nor the reader's gestures see it. */
  #keep(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #begin(event, tool, page, box) {
    this.reader.pages.node.setPointerCapture?.(event.pointerId);
    this.stroke = { id: event.pointerId, tool, page, box, points: [], painted: 0, erased: new Set() };
    if (this.reader.gestures) this.reader.gestures.busy = true;
    this.#arrange();
    this.#take(event);
  }

  #move(event) {
    if (event.pointerType === "pen") this.penAt = performance.now();
    if (event.pointerId !== this.stroke?.id) {
      if (this.stroke) this.#keep(event);
      return;
    }
    this.#keep(event);
    const { tool } = this.stroke;
    const gathered = event.getCoalescedEvents?.() ?? [];
    for (const each of gathered.length > 0 ? gathered : [event]) this.#take(each);
    if (tool === "pen" || tool === "marker") this.#paintWet(event.getPredictedEvents?.() ?? []);
    if (this.stroke.points.length / 3 >= MOST_POINTS) this.#cut();
  }

  #take(event) {
    const { tool, page, box, points, erased } = this.stroke;
    if (tool === "eraser") {
      this.#rub(event);
      this.erasing([...erased], page);
      return;
    }
    extend(points, ...this.#place(event, box), pressureOf(event));
  }

  /** All that lies on the way since the last event: a quick hand skips nothing. */
  #rub({ clientX, clientY }) {
    const { stroke } = this;
    const from = stroke.rubbed ?? { x: clientX, y: clientY };
    const steps = Math.max(1, Math.ceil(Math.hypot(clientX - from.x, clientY - from.y) / ERASER_REACH));
    for (let step = 1; step <= steps; step += 1) {
      const [x, y] = [from.x + ((clientX - from.x) * step) / steps, from.y + ((clientY - from.y) * step) / steps];
      for (const each of this.layer.touched(stroke.page, x, y, ERASER_REACH)) stroke.erased.add(each.id);
    }
    stroke.rubbed = { x: clientX, y: clientY };
  }

  #place(event, box) {
    return [((event.clientX - box.left) / box.width) * WHOLE, ((event.clientY - box.top) / box.height) * WHOLE];
  }

  #up(event) {
    if (event.pointerType === "pen") this.penAt = performance.now();
    const { stroke } = this;
    if (event.pointerId !== stroke?.id) return;
    this.#keep(event);
    this.stroke = null;
    if (this.reader.gestures) this.reader.gestures.busy = false;
    if (stroke.tool === "eraser") this.erased([...stroke.erased]);
    else if (stroke.tool === "note") this.#placeNote(stroke, event);
    else if (event.type === "pointerup" || stroke.points.length > 9) this.#dry(stroke);
    this.#wipe();
  }

  #placeNote({ page, points }, event) {
    if (event.type === "pointerup") this.placed({ page, x: points[0], y: points[1] });
  }

  #dry({ tool, page, points }) {
    if (points.length === 0) return;
    const marker = tool === "marker";
    this.wrote({
      page,
      kind: marker ? "highlight" : "ink",
      colour: this.colours[tool],
      body: { width: marker ? MARK_WIDTH : PEN_WIDTH, points },
    });
  }

  /** A hand that never rests: what is long enough dries, and the rest goes on from its end. */
  #cut() {
    const { stroke } = this;
    this.#dry(stroke);
    this.stroke = { ...stroke, points: stroke.points.slice(-3), painted: 0 };
    this.#wipe();
  }

  /** The canvases lie over what is seen of the pages, pixel on pixel. */
  #arrange() {
    const { node } = this.reader.pages;
    const [width, height] = [Math.round(node.clientWidth * devicePixelRatio), Math.round(node.clientHeight * devicePixelRatio)];
    for (const canvas of [this.wet, this.ahead]) {
      Object.assign(canvas.style, { left: `${node.offsetLeft}px`, top: `${node.offsetTop}px`, width: `${node.clientWidth}px`, height: `${node.clientHeight}px` });
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      canvas.dataset.tool = this.stroke.tool;
    }
    this.inks ??= [this.wet, this.ahead].map((canvas) => canvas.getContext("2d", { desynchronized: true }));
    const frame = node.getBoundingClientRect();
    const { box } = this.stroke;
    for (const context of this.inks) {
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, (box.left - frame.left) * devicePixelRatio, (box.top - frame.top) * devicePixelRatio);
    }
  }

  #paintWet(foretold) {
    const { stroke, inks } = this;
    const { tool, box, points, painted } = stroke;
    const measure = { width: tool === "marker" ? MARK_WIDTH : PEN_WIDTH, sx: box.width / WHOLE, sy: box.height / WHOLE };
    const brush = tool === "marker" ? paintBand : paint;
    const [wet, ahead] = inks;
    for (const context of inks) context.strokeStyle = (tool === "marker" ? MARKS : INKS)[this.colours[tool]];
    brush(wet, points, { ...measure, from: Math.max(0, painted - 2) });
    stroke.painted = points.length / 3;
    this.#wipeAhead();
    const tail = points.slice(-6);
    for (const each of foretold.slice(0, 3)) extend(tail, ...this.#place(each, box), pressureOf(each));
    if (tail.length > 6) {
      brush(ahead, tail, measure);
      stroke.foretold = true;
    }
  }

  #wipeAhead() {
    if (!this.stroke?.foretold) return;
    clear(this.inks[1], this.ahead);
    this.stroke.foretold = false;
  }

  /** After the next frame: the dry stroke is there by then. */
  #wipe() {
    requestAnimationFrame(() => {
      if (this.stroke?.painted) return;
      [this.wet, this.ahead].forEach((canvas, place) => this.inks && clear(this.inks[place], canvas));
    });
  }
}

function clear(context, canvas) {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.restore();
}

function within(box, { clientX, clientY }) {
  return clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
}

/** Fingers and mice press as they do; only a pen knows how hard. */
function pressureOf(event) {
  return event.pointerType === "pen" ? Math.max(1, event.pressure * 255) : USUAL_PRESSURE;
}
