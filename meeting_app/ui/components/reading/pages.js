// The pages of one document: swiped one by one or laid one below the other. Near pages hold an image and
// the layers over it; far ones are empty places, so that a long document weighs no more than a short one.
//
// Layers are told by `addLayer({mount(slot, page), unmount(slot, page)})`; the slot lies exactly over the
// page. Pages count from 0. Events: "page" (number), "document", "zoom", "arranged", "tap", "lost" (why).

import { fill, h } from "../dom.js";
import { Images } from "./images.js";

const AHEAD = 2; // pages fetched before they are asked for
const BEHIND = 1;
const KEPT = 4; // pages further away than this give their memory back
const WIDEST = 1040; // CSS pixels of a page at zoom 1; longer lines are hard to follow
const MARGIN = 8; // CSS pixels around a page
const LARGEST = 5;
const STEPS = [1, 1.4, 2, 2.8, 4, LARGEST];
const A4 = 210 / 297;
export const WIDE = 1100; // CSS pixels from which two pages fit side by side

export class Pages {
  constructor({ texts, widths, store = null }) {
    this.texts = texts;
    this.document = null;
    this.layers = new Set();
    this.listeners = new Map();
    this.near = new Map(); // page -> {image, slot}
    this.mode = "swipe";
    this.across = 1;
    this.zoom = 1;
    this.ratio = A4; // what pages measure until they are seen
    this.target = null; // the page a command is taking us to
    this.images = new Images({ widths, store, lost: (why) => this.emit("lost", why) });
    this.track = h("div", { className: "track" });
    this.node = h("div", { className: "paper", role: "region", "aria-label": texts.paper }, this.track);
    this.node.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.node.addEventListener("scrollend", (event) => event.target === this.node && this.#arrive());
    for (const name of ["pointerdown", "wheel"]) this.node.addEventListener(name, () => this.#letGo(), { passive: true });
    this.node.dataset.mode = this.mode;
    // After a new size the page that was read stays the page that is seen.
    this.size = new ResizeObserver(() => this.#measure());
    this.size.observe(this.node);
  }

  get page() {
    return this.current ?? 0;
  }

  get largest() {
    return LARGEST;
  }

  get smallest() {
    const { clientWidth, clientHeight } = this.node;
    const whole = ((clientHeight - 2 * MARGIN) * this.ratio) / (this.base || clientWidth || 1);
    return Math.min(1, Math.max(0.2, whole));
  }

  on(name, listener) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name).add(listener);
    return () => this.listeners.get(name).delete(listener);
  }

  emit(name, value) {
    for (const listener of this.listeners.get(name) ?? []) listener(value);
  }

  addLayer(layer) {
    this.layers.add(layer);
    for (const [page, { slot }] of this.near) layer.mount(slot, page);
    return () => this.removeLayer(layer);
  }

  removeLayer(layer) {
    if (!this.layers.delete(layer)) return;
    for (const [page, { slot }] of this.near) layer.unmount(slot, page);
  }

  /** Lay a document on the table at a page, or with null take it away; more pages of the same one are taken in. */
  show(document, page = 0) {
    const before = this.document;
    const same = before && document && before.key === document.key && before.sha === document.sha && before.pages === document.pages;
    this.document = document;
    if (same) {
      if (before.ready !== document.ready) this.#load();
      return;
    }
    this.ratio = A4;
    this.current = Math.min(page, Math.max(0, (document?.pages ?? 1) - 1));
    this.#lay();
    this.emit("document", document);
    if (document) this.go(this.current);
  }

  /** How pages are laid: "swipe" or "flow", one or two across. */
  arrange({ mode = this.mode, across = this.across }) {
    if (mode === this.mode && across === this.across) return;
    Object.assign(this, { mode, across });
    this.node.dataset.mode = mode;
    this.node.tabIndex = mode === "flow" ? 0 : -1;
    if (!this.document) return;
    this.#lay();
    this.go(this.page);
    this.emit("arranged");
  }

  turn(by, { smooth = true } = {}) {
    const first = this.page - (this.page % this.across);
    const page = first + by * this.across;
    if (page >= 0 && page < this.document.pages) this.go(page, { smooth });
  }

  go(page, { smooth = false } = {}) {
    if (!this.document) return;
    const wanted = Math.min(this.document.pages - 1, Math.max(0, page));
    const spread = this.spreads[Math.floor(wanted / this.across)];
    const far = Math.abs(wanted - this.page) > 3 * this.across;
    const still = !smooth || far || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const moved = wanted !== this.page;
    this.target = wanted;
    this.#at(wanted);
    if (this.#isAt(spread)) this.target = null;
    else this.node.scrollTo({ ...this.#placeOf(spread), behavior: still ? "instant" : "smooth" });
    if (this.mode === "swipe" && still && moved) spread.scrollTo({ top: 0, behavior: "instant" });
  }

  /** Bring a place of a page, in fractions of it, into view. */
  reveal(page, { x = 0, y = 0 }) {
    if (page !== this.page) this.go(page);
    const sheet = this.sheets[page].getBoundingClientRect();
    const frame = this.node.getBoundingClientRect();
    this.scroller(page).scrollBy({
      left: sheet.left + x * sheet.width - frame.left - frame.width / 2,
      top: sheet.top + y * sheet.height - frame.top - frame.height / 3,
      behavior: "instant",
    });
  }

  /** What moves a page under the finger: its spread while swiping, else the whole paper. */
  scroller(page = this.page) {
    return this.mode === "swipe" ? this.spreads[Math.floor(page / this.across)] : this.node;
  }

  enlarge(by) {
    const steps = [...new Set([this.smallest, ...STEPS])];
    const next = by > 0 ? steps.find((step) => step > this.zoom * 1.02) : steps.findLast((step) => step < this.zoom * 0.98);
    if (next) this.zoomTo(next);
  }

  /** Enlarge so that what lies at this place of the screen stays there, or comes to another place. */
  zoomTo(zoom, from = null, to = from) {
    if (!this.document) return;
    const frame = this.node.getBoundingClientRect();
    const point = from ?? { x: frame.left + frame.width / 2, y: frame.top + frame.height / 3 };
    const goal = to ?? point;
    const page = this.pageAt(point.x, point.y);
    const before = this.sheets[page].getBoundingClientRect();
    this.zoom = Math.min(LARGEST, Math.max(this.smallest, zoom));
    this.node.style.setProperty("--zoom", this.zoom);
    const after = this.sheets[page].getBoundingClientRect();
    const left = after.left + ((point.x - before.left) / before.width) * after.width - goal.x;
    const top = after.top + ((point.y - before.top) / before.height) * after.height - goal.y;
    this.scroller(page).scrollBy({ left, top, behavior: "instant" });
    this.#load();
    this.emit("zoom", this.zoom);
  }

  /** Move the page under the eye, in CSS pixels; whether it could move. */
  scrollBy(top, { smooth = false } = {}) {
    const scroller = this.scroller();
    const room = top > 0 ? scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop : scroller.scrollTop;
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (room > 2) scroller.scrollBy({ top, behavior: still ? "instant" : "smooth" });
    return room > 2;
  }

  /** On by a screen, and to the next page at the end of one. */
  advance(by) {
    if (!this.scrollBy(by * this.node.clientHeight * 0.85, { smooth: true })) this.turn(by);
  }

  /** Nothing of the document may be shown any more. */
  withhold() {
    this.#empty();
    this.withheld = true;
    this.sheets?.forEach((sheet) => sheet.replaceChildren());
  }

  /** The page under a place of the screen, or the one that is read. */
  pageAt(x, y) {
    for (const page of this.near.keys()) {
      const box = this.sheets[page].getBoundingClientRect();
      if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return page;
    }
    return this.page;
  }

  close() {
    this.size.disconnect();
    this.#empty();
    this.images.close();
  }

  #lay() {
    this.#empty();
    this.withheld = false;
    this.spread = null;
    const pages = this.document?.pages ?? 0;
    this.node.dataset.across = this.across;
    this.node.style.setProperty("--ratio", this.ratio);
    this.sheets = Array.from({ length: pages }, () => h("div", { className: "page" }));
    this.spreads = [];
    for (let page = 0; page < pages; page += this.across) {
      this.spreads.push(h("div", { className: "spread" }, ...this.sheets.slice(page, page + this.across)));
    }
    this.track.replaceChildren(...this.spreads);
    this.#base();
  }

  #base() {
    const room = (this.node.clientWidth - MARGIN * (this.across + 1)) / this.across;
    this.base = Math.max(120, Math.min(WIDEST, room));
    this.node.style.setProperty("--base", `${this.base}px`);
  }

  #measure() {
    if (!this.document || !this.node.clientWidth) return;
    this.#base();
    if (this.zoom < this.smallest) this.zoomTo(this.smallest);
    this.go(this.page);
    this.#load();
  }

  #placeOf(spread) {
    const first = this.spreads[0];
    if (this.mode === "swipe") return { left: spread.offsetLeft - first.offsetLeft, top: 0 };
    return { top: spread.offsetTop - first.offsetTop };
  }

  #isAt(spread) {
    const { left, top } = this.#placeOf(spread);
    return Math.abs(this.mode === "swipe" ? this.node.scrollLeft - left : this.node.scrollTop - top) < 1;
  }

  /** Where keys of the paper go: the spread that can scroll while swiping, else all of it. */
  focus() {
    const place = this.mode === "swipe" && this.spread ? this.spread : this.node;
    place.focus({ preventScroll: true });
  }

  /** Only the spread that is read scrolls and takes the focus, which goes along with the reading. */
  #stand(page) {
    const spread = this.spreads[Math.floor(page / this.across)];
    if (spread === this.spread) return;
    const before = this.spread;
    this.spread = spread;
    spread.classList.add("current");
    if (this.mode !== "swipe") return;
    Object.assign(spread, { tabIndex: 0, role: "group", ariaLabel: fill(this.texts.page_here, { page: page + 1, pages: this.document.pages }) });
    if (before?.getRootNode().activeElement === before && before) this.focus();
    before?.classList.remove("current");
    before?.removeAttribute("tabindex");
  }

  #at(page) {
    const moved = page !== this.current;
    this.current = page;
    this.#stand(page);
    this.#load();
    if (moved) this.emit("page", page);
  }

  #scrolled() {
    if (!this.document || !this.node.clientWidth) return;
    if (this.target === null) {
      const page = this.#seen() * this.across;
      if (Math.floor(this.page / this.across) !== page / this.across) this.#at(page);
      else if (this.mode === "flow") this.#load();
    } else if (this.mode === "flow") this.#load();
  }

  /** The spread in the middle of what is seen. */
  #seen() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.node;
    if (this.mode === "swipe") return Math.min(this.spreads.length - 1, Math.max(0, Math.round(scrollLeft / clientWidth)));
    const line = scrollTop + clientHeight * 0.4 + this.spreads[0].offsetTop;
    let low = 0;
    let high = this.spreads.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.spreads[middle].offsetTop <= line) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** A scroll ended; it may be an older one than the way that is under way, which then goes on. */
  #arrive() {
    if (this.target === null || this.#isAt(this.spreads[Math.floor(this.target / this.across)])) this.#letGo();
    else this.go(this.target);
  }

  /** The hand takes over, or the way is done: from here on the page that is seen is the page that is read. */
  #letGo() {
    if (this.target === null) return;
    this.target = null;
    this.#scrolled();
  }

  /** The page that is read first, its neighbours once it is there; far ones are let go. */
  #load() {
    const { document } = this;
    if (!document || !this.sheets || this.withheld) return;
    const [first, last] = this.#span();
    for (const page of [...this.near.keys()]) {
      if (page < first - KEPT || page > last + KEPT) this.#letFall(page);
    }
    const wanted = [];
    for (let page = first; page <= last; page += 1) wanted.push(page);
    for (let step = 1; step <= AHEAD; step += 1) wanted.push(last + step);
    for (let step = 1; step <= BEHIND; step += 1) wanted.push(first - step);
    const there = wanted.filter((page) => page >= 0 && page < document.pages);
    for (const page of there) this.#bring(page);
    const width = this.base * this.zoom * devicePixelRatio;
    this.images.want(document, there.filter((page) => page < document.ready), width, (page) => this.near.get(page)?.image, last - first + 1);
  }

  /** First and last page that can be seen. */
  #span() {
    const start = this.page - (this.page % this.across);
    const end = Math.min(this.document.pages, start + this.across) - 1;
    if (this.mode === "swipe") return [start, end];
    const bottom = this.node.scrollTop + this.node.clientHeight + this.spreads[0].offsetTop;
    let spread = Math.floor(end / this.across);
    while (spread + 1 < this.spreads.length && spread < end / this.across + 12 && this.spreads[spread + 1].offsetTop < bottom) spread += 1;
    return [start, Math.min(this.document.pages, (spread + 1) * this.across) - 1];
  }

  #bring(page) {
    if (this.near.has(page)) return;
    const { title, pages } = this.document;
    const image = h("img", { alt: fill(this.texts.page_of, { title, page: page + 1, pages }), draggable: false, decoding: "async" });
    image.addEventListener("load", () => this.#arrived(page, image));
    const slot = h("div", { className: "slot" });
    this.sheets[page].append(image, slot);
    this.near.set(page, { image, slot });
    for (const layer of this.layers) layer.mount(slot, page);
  }

  /** A page shows its own measure; the first one lends it to those not seen yet. */
  #arrived(page, image) {
    const ratio = image.naturalWidth / image.naturalHeight;
    const sheet = this.sheets[page];
    sheet.classList.add("loaded");
    if (!this.document || this.near.get(page)?.image !== image || !Number.isFinite(ratio)) return;
    sheet.style.setProperty("--ratio", ratio);
    if (this.seenRatioOf === this.document.key + this.document.sha || Math.abs(ratio / this.ratio - 1) < 0.01) return;
    this.seenRatioOf = this.document.key + this.document.sha;
    this.ratio = ratio;
    this.node.style.setProperty("--ratio", ratio);
    if (this.mode === "flow" && this.page > 0) this.go(this.page);
  }

  #letFall(page) {
    const { image, slot } = this.near.get(page);
    for (const layer of this.layers) layer.unmount(slot, page);
    this.near.delete(page);
    this.images.drop(image);
    this.sheets[page].replaceChildren();
    this.sheets[page].classList.remove("loaded");
  }

  #empty() {
    for (const page of [...this.near.keys()]) this.#letFall(page);
    this.images.stop();
  }
}
