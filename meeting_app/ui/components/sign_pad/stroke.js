// The stroke of a signature: drawn with one pointer, kept as an SVG path of absolute M and L.
import { h } from "../dom.js";

export const AREA = { width: 520, height: 260 }; // units; what the printed signature is fitted from
const APART = 0.8; // units two points must be apart to count
const SVG = "http://www.w3.org/2000/svg";

export class Stroke {
  /** `changed()` is called after every stroke, undo and clear. */
  constructor(texts, name, changed) {
    this.changed = changed;
    this.lines = []; // of [x, y] points
    this.pointer = null;
    this.pen = false; // once a pen was seen, the palm beside it counts for nothing
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("viewBox", `0 0 ${AREA.width} ${AREA.height}`);
    this.svg.setAttribute("aria-hidden", "true");
    this.line = document.createElementNS(SVG, "path");
    this.svg.append(this.line);
    this.hint = h("span", { className: "pad-hint" }, texts.pad_hint);
    this.element = h("div", { className: "pad", role: "img", "aria-label": texts.pad }, this.svg, this.hint, h("span", { className: "pad-name" }, name));
    this.element.addEventListener("pointerdown", (event) => this.begin(event));
    this.element.addEventListener("pointermove", (event) => this.go(event));
    for (const end of ["pointerup", "pointercancel"]) this.element.addEventListener(end, (event) => this.end(event));
  }

  get empty() {
    return this.lines.length === 0;
  }

  path() {
    const written = (point) => point.map((value) => value.toFixed(1)).join(" ");
    return this.lines.map((line) => `M ${line.map(written).join(" L ")}`).join(" ");
  }

  clear() {
    this.lines = [];
    this.show();
  }

  undo() {
    this.lines.pop();
    this.show();
  }

  begin(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    if (event.pointerType === "pen") this.pen = true;
    // A second pointer at once is a resting hand or a second finger: it must not break the stroke.
    if (this.pointer !== null || (this.pen && event.pointerType === "touch")) return;
    this.pointer = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
    this.lines.push([this.at(event)]);
    this.draw();
  }

  go(event) {
    if (event.pointerId !== this.pointer) return;
    const line = this.lines.at(-1);
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length ? between : [event]) {
      const point = this.at(each);
      const last = line.at(-1);
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= APART) line.push(point);
    }
    this.draw();
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.show();
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, value));
    return [
      within(((event.clientX - box.left) / box.width) * AREA.width, AREA.width),
      within(((event.clientY - box.top) / box.height) * AREA.height, AREA.height),
    ];
  }

  draw() {
    // A single point shows as a dot: the round end of a line to itself.
    const drawn = this.lines.map((line) => (line.length > 1 ? line : [line[0], line[0]]));
    this.line.setAttribute("d", drawn.map((line) => `M ${line.map((point) => point.join(" ")).join(" L ")}`).join(" "));
    this.hint.hidden = !this.empty;
  }

  show() {
    this.draw();
    this.changed();
  }
}
