// Dragging a row of a list to another place by its handle, with a finger, a pen or the mouse. Escape, or a gesture
// that the system takes away, leaves everything as it was.

const MEANT = 4; // px from which a touch of the handle is a movement
const EDGE = 60; // px from the edge of what scrolls, where the list begins to run
const FASTEST = 16; // px in a frame, at the very edge
const SETTLE = 3000; // ms a row stays where it was put, when no answer comes

export class Dragging {
  /**
   * `dropped(row, above)` is told once, with the rows that now stand above, from the top; until its promise ends the
   * rows stay as they were put. `released()` says that the list may be drawn again.
   */
  constructor(list, { dropped, released }) {
    Object.assign(this, { list, dropped, released });
    this.state = "rest"; // or "pressed", "dragged", "settling"
    this.onKey = (event) => this.#key(event);
  }

  /** While somebody holds a row nobody else may move the list under the finger. */
  get active() {
    return this.state === "dragged" || this.state === "settling";
  }

  /** Let `row` be dragged by `handle`. */
  hold(handle, row) {
    handle.addEventListener("pointerdown", (event) => this.#press(event, handle, row));
    handle.addEventListener("pointermove", (event) => this.#move(event));
    handle.addEventListener("pointerup", (event) => this.#isMine(event) && this.#let());
    for (const lost of ["pointercancel", "lostpointercapture"]) {
      handle.addEventListener(lost, (event) => this.#isMine(event) && this.state !== "settling" && this.cancel());
    }
    handle.addEventListener("contextmenu", (event) => this.state !== "rest" && event.preventDefault());
  }

  cancel() {
    if (this.state === "rest") return;
    const drawn = this.active;
    const { row, handle, pointer } = this;
    this.#rest();
    this.state = "rest";
    if (handle.hasPointerCapture(pointer)) handle.releasePointerCapture(pointer);
    if (!drawn) return;
    row.classList.remove("lifted");
    for (const each of this.rows) each.style.transform = "";
    this.list.classList.remove("dragging");
    this.slot.remove();
    this.released();
  }

  #isMine(event) {
    return this.state !== "rest" && event.pointerId === this.pointer;
  }

  #press(event, handle, row) {
    if (event.button !== 0 || !event.isPrimary || this.state !== "rest") return;
    Object.assign(this, { handle, row, pointer: event.pointerId, from: event.clientY, y: event.clientY });
    this.state = "pressed";
    handle.setPointerCapture(event.pointerId);
    document.addEventListener("keydown", this.onKey, true);
  }

  #move(event) {
    if (!this.#isMine(event) || this.state === "settling") return;
    this.y = event.clientY;
    if (this.state === "pressed" && Math.abs(this.y - this.from) >= MEANT) this.#lift();
    if (this.state === "dragged") this.#follow();
  }

  #key(event) {
    if (event.key !== "Escape" || this.state === "settling") return;
    event.preventDefault(); // it puts back the row, not the sheet away
    event.stopPropagation();
    this.cancel();
  }

  #lift() {
    this.state = "dragged";
    this.rows = [...this.list.children];
    const top = this.list.getBoundingClientRect().top;
    this.boxes = this.rows.map((each) => {
      const box = each.getBoundingClientRect();
      return { top: box.top - top, bottom: box.bottom - top, height: box.height };
    });
    this.place = this.to = this.rows.indexOf(this.row);
    this.box = this.boxes[this.place];
    this.gap = this.boxes.length > 1 ? this.boxes[1].top - this.boxes[0].bottom : 0;
    this.scroller = scrollerOf(this.list);
    this.scrolled = this.scroller.scrollTop;
    this.slot = document.createElement("li");
    this.slot.className = "drop-place";
    this.slot.setAttribute("aria-hidden", "true");
    this.list.append(this.slot);
    this.list.classList.add("dragging");
    this.row.classList.add("lifted");
    const run = () => {
      this.#run();
      this.running = requestAnimationFrame(run);
    };
    this.running = requestAnimationFrame(run);
  }

  /** The row under the finger, the others out of its way, the place where it would lie shown. */
  #follow() {
    const { box, boxes } = this;
    const wanted = this.y - this.from + this.scroller.scrollTop - this.scrolled;
    const by = Math.min(Math.max(wanted, boxes[0].top - box.top), boxes.at(-1).bottom - box.bottom);
    this.row.style.transform = `translateY(${by}px)`;
    const to = this.#over(box.top + by, box.bottom + by);
    if (to === this.to && this.slot.style.height) return;
    this.to = to;
    const step = box.height + this.gap;
    this.rows.forEach((each, place) => {
      if (place === this.place) return;
      const passed = Number(place < this.place && place >= to) - Number(place > this.place && place <= to);
      each.style.transform = passed ? `translateY(${passed * step}px)` : "";
    });
    this.slot.style.top = `${this.#topOfSlot()}px`;
    this.slot.style.height = `${box.height}px`;
  }

  /** The place of a row whose edge has passed the middle of its neighbours. */
  #over(top, bottom) {
    const middle = ({ top: above, height }) => above + height / 2;
    const above = this.boxes.slice(0, this.place).filter((each) => middle(each) > top).length;
    const below = this.boxes.slice(this.place + 1).filter((each) => middle(each) < bottom).length;
    return this.place - above + below;
  }

  #topOfSlot() {
    const { boxes, to, place, box } = this;
    return to > place ? boxes[to].bottom - box.height : boxes[to].top;
  }

  /** Near an edge the list runs by itself, the faster the nearer. */
  #run() {
    const view = this.scroller === document.scrollingElement ? { top: 0, bottom: innerHeight } : this.scroller.getBoundingClientRect();
    const up = Math.max(view.top, 0) + EDGE - this.y;
    const down = this.y - Math.min(view.bottom, innerHeight) + EDGE;
    const speed = Math.max(0, Math.min(1, down / EDGE)) - Math.max(0, Math.min(1, up / EDGE));
    if (!speed) return;
    this.scroller.scrollTop += Math.sign(speed) * Math.ceil(Math.abs(speed) * FASTEST);
    this.#follow();
  }

  async #let() {
    if (this.state !== "dragged" || this.to === this.place) return this.cancel();
    this.state = "settling";
    this.#rest();
    this.row.classList.remove("lifted");
    this.row.style.transform = `translateY(${this.#topOfSlot() - this.box.top}px)`;
    const others = this.rows.filter((each) => each !== this.row);
    const answered = Promise.resolve(this.dropped(this.row, others.slice(0, this.to)));
    await Promise.race([answered, new Promise((go) => setTimeout(go, SETTLE))]).finally(() => this.cancel());
  }

  #rest() {
    cancelAnimationFrame(this.running);
    document.removeEventListener("keydown", this.onKey, true);
  }
}

/** What scrolls around a node, out of shadow roots too. */
function scrollerOf(node) {
  for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
    if (["auto", "scroll"].includes(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return at;
  }
  return document.scrollingElement;
}
