// One document page by page: swipe, buttons or keys; near pages are fetched before they are asked for.

import { el, setText, sign } from "./dom.js";

const WIDTHS = [800, 1200, 2000]; // pixels the server keeps
const AHEAD = 2;
const ZOOMS = ["whole", "width", "large"];

export class Pages {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.document = null;
    this.slots = [];
    this.zoom = 1;
    this.places = new Map(); // document id -> page read last
    this.flow = el("div", { class: "flow", tabindex: "0", role: "group" });
    this.target = null; // the page a button or key is taking us to
    this.flow.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const name of ["pointerdown", "wheel"]) {
      this.flow.addEventListener(name, () => this.#letGo(), { passive: true });
    }
    this.flow.addEventListener("scrollend", () => this.#arrive());
    this.flow.addEventListener("keydown", (event) => this.#key(event));
    this.number = el("span", { class: "page-number", "aria-live": "polite" });
    const button = (name, shape, press) =>
      el("button", { type: "button", class: "icon", "aria-label": words.say(name), "data-act": name, onclick: press }, sign(shape));
    this.back = button("page_back", "back", () => this.turn(-1));
    this.next = button("page_next", "next", () => this.turn(1));
    this.wide = button("read_wide", "widen", () => this.widen(!this.node.classList.contains("wide")));
    this.original = el("a", { class: "icon", "aria-label": words.say("original"), title: words.say("original"), target: "_blank" }, sign("file"));
    this.now = el("p", { class: "wide-now" });
    this.preparing = el("p", { class: "preparing", role: "status" });
    this.node = el(
      "div",
      { class: "pages" },
      this.now,
      this.preparing,
      this.flow,
      el("div", { class: "page-tools" }, this.back, this.number, this.next, el("span", { class: "gap" }), this.original,
        button("zoom_out", "minus", () => this.#zoomBy(-1)), button("zoom_in", "plus", () => this.#zoomBy(1)), this.wide),
    );
    // After a new size the page that was read stays the page that is seen.
    new ResizeObserver(() => this.#go(this.page, "instant")).observe(this.flow);
  }

  /** Put a document (as the state names it) on the table, or take it off with null. */
  show(document) {
    this.node.hidden = document === null;
    if (document === null) {
      this.document = null;
      this.widen(false);
      return;
    }
    const another = this.document?.id !== document.id || this.document.sha !== document.sha;
    const grown = !another && this.document.prepared !== document.prepared;
    this.document = document;
    if (another) this.#lay();
    this.#drawState();
    if (another) this.#go(this.page, "instant");
    else if (grown) this.#load();
  }

  /** Fill the screen with the page, or go back to the table. */
  widen(wide) {
    const page = this.page;
    this.node.classList.toggle("wide", wide && this.document !== null);
    this.wide.setAttribute("aria-pressed", String(wide));
    this.wide.setAttribute("aria-label", this.room.words.say(wide ? "read_narrow" : "read_wide"));
    this.wide.replaceChildren(sign(wide ? "close" : "widen"));
    if (wide) this.flow.focus({ preventScroll: true });
    this.#go(page, "instant");
  }

  get page() {
    return this.places.get(this.document?.id) ?? 1;
  }

  turn(by) {
    this.#go(Math.min(this.document.pages, Math.max(1, this.page + by)), "smooth");
  }

  #lay() {
    const { words } = this.room;
    const { pages, title } = this.document;
    this.slots = Array.from({ length: pages }, (_, index) => {
      const image = el("img", { alt: words.say("page_of", { title, page: index + 1, pages }), draggable: "false", decoding: "async" });
      image.addEventListener("error", () => this.#failed(image));
      image.addEventListener("load", () => image.parentNode.classList.add("loaded"));
      return el("div", { class: "slot" }, image);
    });
    this.flow.replaceChildren(...this.slots);
    this.flow.setAttribute("aria-label", title);
    this.original.href = `/files/document/${this.document.id}`;
  }

  #drawState() {
    const { words, currentItem } = this.room;
    const { page } = this;
    const { pages, prepared, state } = this.document;
    this.flow.dataset.zoom = ZOOMS[this.zoom];
    setText(this.number, words.say("page_number", { page, pages }));
    this.back.disabled = page <= 1;
    this.next.disabled = page >= pages;
    this.preparing.hidden = state === "ready";
    if (state === "failed") setText(this.preparing, words.say("pages_failed"));
    else setText(this.preparing, words.say("pages_preparing", { prepared, pages }));
    this.now.hidden = !currentItem;
    if (currentItem) setText(this.now, words.say("now_discussed", { title: currentItem.title }));
  }

  #scrolled() {
    if (!this.document || !this.flow.clientWidth) return;
    const page = Math.round(this.flow.scrollLeft / this.flow.clientWidth) + 1;
    if (this.target !== null || page === this.page) return;
    this.places.set(this.document.id, page);
    this.#load();
    this.#drawState();
  }

  /** A scroll ended; it may be an older one than the turn that is under way, which then goes on. */
  #arrive() {
    if (this.target === null || this.#isAt(this.target)) this.#letGo();
    else this.#go(this.target, "instant");
  }

  #isAt(page) {
    return Math.abs(this.flow.scrollLeft - (page - 1) * this.flow.clientWidth) < 1;
  }

  /** The hand takes over, or the way is done: from here on the page that is seen is the page that is read. */
  #letGo() {
    this.target = null;
    this.#scrolled();
  }

  #go(page, behavior) {
    if (!this.document) return;
    this.target = page;
    this.places.set(this.document.id, page);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.#isAt(page)) this.target = null;
    else this.flow.scrollTo({ left: (page - 1) * this.flow.clientWidth, behavior: still ? "instant" : behavior });
    this.#load();
    this.#drawState();
  }

  /** Fetch the page that is read and its neighbours; far ones are let go to spare the tablet's memory. */
  #load() {
    const { id, sha, prepared, state } = this.document;
    const ready = state === "ready" ? this.document.pages : prepared;
    const sharp = this.flow.clientWidth * (this.zoom === 2 ? 1.8 : 1) * Math.min(devicePixelRatio, 2) > WIDTHS[0] * 1.3;
    const width = WIDTHS[sharp ? 1 : 0];
    this.slots.forEach((slot, index) => {
      const distance = index + 1 - this.page;
      const image = slot.firstChild;
      if (distance < -AHEAD - 4 || distance > AHEAD + 4) image.removeAttribute("src");
      if (distance < -1 || distance > AHEAD || index >= ready) return;
      const address = `/pages/${id}/${sha}/${index}/${width}.jpg`;
      if (image.getAttribute("src") !== address) image.src = address;
    });
  }

  #failed(image) {
    image.removeAttribute("src");
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.document && this.#load(), 4000);
  }

  #zoomBy(by) {
    this.zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.zoom + by));
    this.#drawState();
    this.#load();
  }

  #key(event) {
    const turns = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
    if (event.key in turns) this.turn(turns[event.key]);
    else if (event.key === "Home") this.#go(1, "smooth");
    else if (event.key === "End") this.#go(this.document.pages, "smooth");
    else if (event.key === "Escape") this.widen(false);
    else return;
    event.preventDefault();
  }
}
