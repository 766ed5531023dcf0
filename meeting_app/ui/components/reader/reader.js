// Reading: pages fetched as they come near, turned by scrolling, keys or buttons, enlarged in steps.
import { fill, h, mounted, styleSheet } from "../dom.js";
import { paper } from "../paper.js";

const STYLES = ["../base.css", "../paper.css", "reader.css"].map((name) => styleSheet(name, import.meta.url));
const STEPS = [60, 80, 100, 140, 200, 280]; // per cent of the width

class Reader {
  constructor(component) {
    this.data = component.data;
    const { texts } = this.data;
    const tool = (label, text, act) => {
      const button = h("button", { type: "button", title: label, onclick: act }, text);
      button.setAttribute("aria-label", label);
      return button;
    };
    this.number = h("output", {});
    this.back = tool(texts.previous, "‹", () => this.turn(-1));
    this.next = tool(texts.next, "›", () => this.turn(1));
    this.smaller = tool(texts.smaller, "−", () => this.enlarge(-1));
    this.larger = tool(texts.larger, "+", () => this.enlarge(1));
    this.whole = h("button", { type: "button", className: "whole", onclick: () => this.widen(!this.wide) }, texts.whole_screen);
    this.tools = h("div", { className: "tools" }, this.back, this.number, this.next, this.smaller, this.larger, this.whole);
    this.step = STEPS.indexOf(100);
    this.element = h("div", { className: "reader" }, this.tools);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.near = new IntersectionObserver((entries) => this.seen(entries), { rootMargin: "-45% 0px -45% 0px" });
    component.parentElement.append(this.element);
    this.lay(1);
  }

  /** More pages are there: what is being read stays where it is. */
  update(component) {
    const before = this.data;
    this.data = component.data;
    if (before.pages === this.data.pages && before.before === this.data.before && before.after === this.data.after) return;
    this.lay(this.page);
  }

  lay(page) {
    const { pages, before, after, texts } = this.data;
    this.near.disconnect();
    this.paper?.remove();
    this.paper = paper({ pages, address: (number, width) => `${before}/${number}/${width}.jpg${after}`, mark: null, texts });
    this.sheets = [...this.paper.children];
    this.element.append(this.paper);
    this.at(page);
    for (const sheet of this.sheets) this.near.observe(sheet);
    this.enlarge(0);
    if (page > 1) this.go(page, "instant");
  }

  seen(entries) {
    const entered = entries.find((entry) => entry.isIntersecting);
    if (entered) this.at(this.sheets.indexOf(entered.target) + 1);
  }

  at(page) {
    this.page = page;
    this.number.textContent = fill(this.data.texts.page, { n: page, m: this.data.of });
    this.back.disabled = page <= 1;
    this.next.disabled = page >= this.sheets.length;
  }

  turn(by) {
    this.go(Math.min(this.sheets.length, Math.max(1, this.page + by)), "smooth");
  }

  go(page, behavior) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = this.sheets[page - 1].offsetTop - this.paper.offsetTop;
    this.paper.scrollTo({ top, behavior: still ? "instant" : behavior });
    this.at(page);
  }

  enlarge(by) {
    const { page } = this;
    this.step = Math.min(STEPS.length - 1, Math.max(0, this.step + by));
    this.paper.style.setProperty("--size", `${STEPS[this.step]}%`);
    this.smaller.disabled = this.step === 0;
    this.larger.disabled = this.step === STEPS.length - 1;
    for (const image of this.paper.querySelectorAll("img")) image.sizes = this.step > STEPS.indexOf(100) ? "1600px" : "800px";
    if (by && page > 1) this.go(page, "instant");
  }

  widen(wide) {
    const { page } = this;
    this.wide = wide;
    this.element.classList.toggle("wide", wide);
    this.whole.textContent = wide ? this.data.texts.back : this.data.texts.whole_screen;
    if (wide) this.paper.focus({ preventScroll: true });
    this.go(page, "instant");
  }

  key(event) {
    const acts = { ArrowLeft: () => this.turn(-1), ArrowRight: () => this.turn(1), Escape: () => this.wide && this.widen(false) };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  destroy() {
    this.near.disconnect();
  }
}

export default mounted(STYLES, (component) => new Reader(component));
