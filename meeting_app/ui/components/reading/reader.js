// The reader: the pages of a document with the tools around them, on a page of its own or in the room.
// Layers and what follows the pages plug in by addLayer, page, go, on and document (see pages.js).

import { fill, h } from "../dom.js";
import { Pages } from "./pages.js";
import { Places } from "./places.js";
import { Tools } from "./tools.js";

export class Reader {
  /** `data` is {texts, widths}; `extra` are elements that stand among the tools. */
  constructor({ data, extra = [], store = null }) {
    this.texts = data.texts;
    this.store = store;
    this.places = new Places();
    this.pages = new Pages({ texts: this.texts, widths: data.widths, store });
    this.tools = new Tools(this, extra);
    this.line = h("p", { className: "reader-line", role: "status", hidden: true });
    this.node = h("div", { className: "reader" }, this.line, this.pages.node, this.tools.node);
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.pages.on("page", (page) => this.places.put(this.document.key, page));
    for (const name of ["page", "document", "zoom"]) this.pages.on(name, () => this.tools.draw());
  }

  get document() {
    return this.pages.document;
  }

  get page() {
    return this.pages.page;
  }

  /** Put a source (see source.js) on the table, at the page read last unless one is given; null takes it off. */
  show(source, page = null) {
    if (!source) this.widen(false);
    this.pages.show(source, page ?? (source ? this.places.of(source.key) : 0));
    this.tools.draw();
  }

  go(page, options) {
    this.pages.go(page, options);
  }

  turn(by) {
    this.pages.turn(by);
  }

  on(name, listener) {
    return this.pages.on(name, listener);
  }

  addLayer(layer) {
    return this.pages.addLayer(layer);
  }

  say(name, values = {}) {
    return fill(this.texts[name] ?? name, values);
  }

  get wide() {
    return this.node.classList.contains("wide");
  }

  /** Fill the screen with the page, or go back. */
  widen(wide) {
    if (wide === this.wide || (wide && !this.document)) return;
    this.node.classList.toggle("wide", wide);
    if (wide) this.pages.node.focus({ preventScroll: true });
    this.tools.draw();
    this.pages.emit("wide", wide);
  }

  close() {
    this.pages.close();
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.document) return;
    if (event.target.closest("input, textarea, select, [role=slider]")) return;
    const acts = {
      ArrowRight: () => this.turn(1),
      ArrowLeft: () => this.turn(-1),
      PageDown: () => this.turn(1),
      PageUp: () => this.turn(-1),
      Home: () => this.go(0),
      End: () => this.go(this.document.pages - 1),
      "+": () => this.pages.enlarge(1),
      "-": () => this.pages.enlarge(-1),
      Escape: this.wide ? () => this.widen(false) : null,
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}
