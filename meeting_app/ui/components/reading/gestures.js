// Fingers on the paper: two enlarge, two quick taps enlarge and go back, one tap calls the tools.
//
// One finger is left to the browser, which scrolls better than any script. Two are told by touch events,
// not pointer events: only they can keep the browser from scrolling with a second finger already down.

const TAP_MS = 300; // between two taps of a double tap
const TAP_PX = 24; // a tap does not move
const DOUBLE = 2; // zoom of a double tap
const REST = 160; // ms without a wheel
const WHEEL = 0.01; // zoom per notch of a pinch on a touch pad

export class Gestures {
  constructor(pages) {
    this.pages = pages;
    this.busy = false; // while a pen writes, hands are palms
    const { node } = pages;
    node.addEventListener("touchstart", (event) => this.#start(event), { passive: false });
    node.addEventListener("touchend", (event) => this.#end(event));
    node.addEventListener("touchcancel", (event) => this.#end(event));
    node.addEventListener("pointerdown", (event) => this.#down(event));
    node.addEventListener("pointerup", (event) => this.#up(event));
    node.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.move = (event) => this.#move(event);
  }

  #start(event) {
    if (event.touches.length !== 2 || this.busy || !this.pages.document) return;
    event.preventDefault();
    this.downAt = null;
    const { distance, x, y } = between(event.touches);
    this.pinch = { distance, x, y, scale: 1, zoom: this.pages.zoom, target: this.#target() };
    const box = this.pinch.target.getBoundingClientRect();
    this.pinch.target.style.transformOrigin = `${x - box.left}px ${y - box.top}px`;
    this.pinch.target.style.willChange = "transform";
    this.pages.node.style.scrollSnapType = "none"; // a stretched page would be snapped to anew
    this.pages.node.addEventListener("touchmove", this.move, { passive: false });
  }

  /** Only the picture on the screen is stretched while fingers move; the pages are laid anew when they lift. */
  #move(event) {
    if (!this.pinch || event.touches.length < 2) return;
    if (event.cancelable) event.preventDefault();
    const { distance, x, y } = between(event.touches);
    const { pinch, pages } = this;
    const zoom = Math.min(pages.largest, Math.max(pages.smallest * 0.8, (pinch.zoom * distance) / pinch.distance));
    Object.assign(pinch, { scale: zoom / pinch.zoom, atX: x, atY: y });
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.pinch) this.pinch.target.style.transform = `translate(${pinch.atX - pinch.x}px, ${pinch.atY - pinch.y}px) scale(${pinch.scale})`;
    });
  }

  #end(event) {
    if (!this.pinch || event.touches.length >= 2) return;
    const { target, zoom, scale, x, y, atX = x, atY = y } = this.pinch;
    this.pinch = null;
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.pages.node.removeEventListener("touchmove", this.move);
    for (const name of ["transform", "transformOrigin", "willChange"]) target.style[name] = "";
    this.pages.zoomTo(zoom * scale, { x, y }, { x: atX, y: atY });
    this.pages.node.style.scrollSnapType = "";
  }

  #target() {
    const { pages } = this;
    return pages.mode === "swipe" ? pages.scroller() : pages.track;
  }

  #down(event) {
    this.downAt = event.isPrimary && !this.busy && event.button === 0 ? { x: event.clientX, y: event.clientY, at: event.timeStamp } : null;
  }

  #up(event) {
    const down = this.downAt;
    this.downAt = null;
    if (!down || this.pinch || event.timeStamp - down.at > TAP_MS * 2 || far(down, event)) return;
    if (event.target.closest?.("a, button, input, [data-own-touch]")) return;
    if (event.pointerType === "mouse" && getSelection()?.type === "Range") return;
    const again = this.tapped && event.timeStamp - this.tapped.at < TAP_MS && !far(this.tapped, event);
    clearTimeout(this.single);
    if (again && event.pointerType !== "mouse") {
      this.tapped = null;
      this.#double(event);
      return;
    }
    this.tapped = { x: event.clientX, y: event.clientY, clientX: event.clientX, clientY: event.clientY, at: event.timeStamp };
    this.single = setTimeout(() => this.pages.emit("tap", { x: event.clientX, y: event.clientY }), TAP_MS);
  }

  #double({ clientX: x, clientY: y }) {
    const { pages } = this;
    pages.zoomTo(pages.zoom > 1.05 ? 1 : DOUBLE, { x, y });
  }

  /** Browsers tell a pinch on a touch pad as the wheel with the control key; else it turns at the end of a page. */
  #wheel(event) {
    const { pages } = this;
    if (!pages.document) return;
    if (!event.ctrlKey) {
      if (pages.mode === "swipe" && Math.abs(event.deltaY) > Math.abs(event.deltaX)) this.#roll(event);
      return;
    }
    event.preventDefault();
    const step = Math.max(-50, Math.min(50, event.deltaY));
    pages.zoomTo(pages.zoom * Math.exp(-step * WHEEL), { x: event.clientX, y: event.clientY });
  }

  /** A wheel that goes on at the end of a page turns it, once for each time it rests. */
  #roll(event) {
    const { scrollTop, scrollHeight, clientHeight } = this.pages.scroller();
    const down = event.deltaY > 0;
    const more = down ? scrollTop + clientHeight < scrollHeight - 2 : scrollTop > 2;
    const rested = event.timeStamp - (this.rolledAt ?? 0) > REST;
    this.rolledAt = event.timeStamp;
    if (!more && rested) this.pages.turn(down ? 1 : -1);
  }
}

function between([one, other]) {
  return {
    distance: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
    x: (one.clientX + other.clientX) / 2,
    y: (one.clientY + other.clientY) / 2,
  };
}

function far(down, event) {
  return Math.hypot(down.x - event.clientX, down.y - event.clientY) > TAP_PX;
}
