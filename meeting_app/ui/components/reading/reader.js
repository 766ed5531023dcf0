// The reader: the pages of a document with the tools around them, on a page of its own, in the room and
// without a network. Layers and whatever follows the pages plug in by addLayer, page, go, on and document
// (see pages.js).

import { fill, h } from "../dom.js";
import { Connection } from "./connection.js";
import { Contents } from "./contents.js";
import { Find } from "./find.js";
import { Gestures } from "./gestures.js";
import { Pages } from "./pages.js";
import { Places } from "./places.js";
import { evict, storeOf } from "./store.js";
import { TextLayer } from "./text_layer.js";
import { Texts } from "./texts.js";
import { Tools } from "./tools.js";
import { View } from "./view.js";

const LOOKS = ["paper", "night", "contrast"];
const QUIET_AFTER = 4000; // ms the tools stay over a page that fills the screen

export class Reader {
  /**
   * `data` is {texts, widths, account}; `extra` are elements that stand among the tools. `tells` says that
   * the place around tells about the connection itself. `usualMode` is how pages lie until somebody chooses.
   */
  constructor({ data, extra = [], tells = false, usualMode = "swipe" }) {
    Object.assign(this, { data, tells, usualMode });
    this.texts = data.texts;
    this.store = storeOf(data.account ?? 0);
    this.places = new Places();
    this.pages = new Pages({ texts: this.texts, widths: data.widths, store: this.store });
    this.gestures = new Gestures(this.pages);
    this.connection = new Connection(() => this.#reached());
    this.tools = new Tools(this, extra);
    this.line = h("p", { className: "reader-line", role: "status", hidden: true });
    this.words = new Texts();
    this.find = new Find(this, this.words);
    this.contents = new Contents(this);
    this.middle = h("div", { className: "reader-middle" }, this.contents.node, this.pages.node);
    this.node = h("div", { className: "reader" }, this.line, this.find.node, this.middle, this.tools.node);
    this.view = new View(this);
    this.tools.attach();
    this.addLayer(new TextLayer(this.words));
    this.#listen();
  }

  get document() {
    return this.pages.document;
  }

  get page() {
    return this.pages.page;
  }

  get wide() {
    return this.node.classList.contains("wide");
  }

  /** Put a source (see source.js) on the table, at the page read last unless one is given; null takes it off. */
  show(source, page = null) {
    if (!source) this.widen(false);
    const another = source?.key !== this.document?.key || source?.sha !== this.document?.sha;
    if (another) this.lost = null;
    this.words.of(source);
    this.store.ready.then(() => this.#drawLine());
    this.pages.show(source, page ?? (source ? this.places.of(source.key) : 0));
    this.tools.draw();
    this.#drawLine();
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

  /** Fill the screen with the page, or go back. */
  widen(wide) {
    if (wide === this.wide || (wide && !this.document)) return;
    this.node.classList.toggle("wide", wide);
    if (wide) this.pages.focus();
    this.#calm();
    this.tools.draw();
    this.pages.emit("wide", wide);
  }

  close() {
    this.pages.close();
    this.connection.close();
  }

  #listen() {
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.pages.on("page", (page) => this.places.put(this.document.key, page));
    for (const name of ["page", "document", "zoom", "arranged"]) this.pages.on(name, () => this.tools.draw());
    this.pages.on("lost", (why) => this.#lose(why));
    this.pages.on("tap", () => this.wide && this.#calm(!this.node.classList.contains("calm")));
    this.pages.on("page", () => this.wide && !this.tools.node.matches(":focus-within") && this.#calm(true));
    for (const name of ["pointermove", "focusin"]) {
      this.node.addEventListener(name, (event) => {
        if (this.wide && (name === "focusin" ? this.tools.node.contains(event.target) : event.pointerType === "mouse")) this.#calm();
      });
    }
  }

  /** Over a page that fills the screen the tools appear on a touch and go away. */
  #calm(calm = false) {
    clearTimeout(this.quiet);
    this.node.classList.toggle("calm", calm && this.wide);
    if (calm || !this.wide) return;
    this.quiet = setTimeout(() => {
      if (!this.tools.node.matches(":focus-within, :hover") && !this.view.isOpen) this.#calm(true);
    }, QUIET_AFTER);
  }

  #lose(why) {
    if (why === "unreachable") {
      this.connection.lost();
      return;
    }
    this.lost = why;
    const { document } = this;
    if (why === "signed_out") this.store.clear();
    else if (document?.id) {
      this.store.forget(document.id);
      evict(document, this.data.widths);
    }
    this.pages.emit(why, document);
    this.pages.withhold();
    this.#drawLine();
  }

  #reached() {
    this.#drawLine();
    if (!this.connection.reachable) return;
    this.pages.images.retry();
    this.store.check();
  }

  /** The truth about what can be read now. */
  #drawLine() {
    const { document, line } = this;
    let name = null;
    if (this.lost) name = this.lost === "gone" ? "reader_gone" : "reader_signed_out";
    else if (!this.connection.reachable && document) {
      const kept = this.store.holds(document.id);
      if (!kept) name = "reader_offline_partly";
      else if (!this.tells) name = "reader_offline";
    }
    line.hidden = name === null;
    line.dataset.kind = this.lost ? "lost" : "offline";
    const text = name ? this.say(name) : "";
    if (line.firstChild?.textContent === text) return;
    const door = name === "reader_signed_out" ? h("a", { href: "/sign-in" }, this.say("reader_sign_in")) : null;
    line.replaceChildren(...[h("span", {}, text), door].filter(Boolean));
  }

  /** What a key does while the reader has the focus. */
  key(event) {
    if (!this.document || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f" && !event.altKey) this.find.open();
    else if (event.altKey || event.ctrlKey || event.metaKey) return;
    else if (event.target.closest?.("input, textarea, select, [popover], [role=tablist]")) return;
    else if (event.key === " " && event.target.closest?.("button, a, summary")) return;
    else if (!this.#act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #act(event) {
    const acts = {
      ArrowRight: () => this.turn(1),
      ArrowLeft: () => this.turn(-1),
      ArrowDown: () => this.pages.scrollBy(90),
      ArrowUp: () => this.pages.scrollBy(-90),
      PageDown: () => this.turn(1),
      PageUp: () => this.turn(-1),
      " ": () => this.pages.advance(event.shiftKey ? -1 : 1),
      Home: () => this.go(0),
      End: () => this.go(this.document.pages - 1),
      "+": () => this.pages.enlarge(1),
      "=": () => this.pages.enlarge(1),
      "-": () => this.pages.enlarge(-1),
      0: () => this.pages.zoomTo(1),
      "/": () => this.find.open(),
      m: () => this.contents.toggle(),
      f: () => this.widen(!this.wide),
      n: () => this.view.choose("look", LOOKS[(LOOKS.indexOf(this.view.choice.look) + 1) % LOOKS.length]),
      Escape: () => this.widen(false),
    };
    if (event.key === "Escape" && !this.wide) return false;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    act?.();
    return Boolean(act);
  }
}
