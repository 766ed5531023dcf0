// The reader's tools, always in the same places: turning on the left, the rest on the right.

import { h } from "../dom.js";
import { sign } from "../signs.js";

export class Tools {
  constructor(reader, extra) {
    this.reader = reader;
    const button = (name, shape, press) => {
      const node = h("button", { type: "button", className: "icon", title: reader.say(name), onclick: press }, sign(shape));
      node.setAttribute("aria-label", reader.say(name));
      node.dataset.act = name;
      return node;
    };
    this.number = h("output", { className: "page-number" });
    this.back = button("page_back", "back", () => reader.turn(-1));
    this.next = button("page_next", "next", () => reader.turn(1));
    this.smaller = button("zoom_out", "minus", () => reader.pages.enlarge(-1));
    this.larger = button("zoom_in", "plus", () => reader.pages.enlarge(1));
    this.whole = button("read_wide", "widen", () => reader.widen(!reader.wide));
    this.node = h("div", { className: "page-tools" }, this.back, this.number, this.next, h("span", { className: "gap" }), ...extra, this.smaller, this.larger, this.whole);
  }

  draw() {
    const { reader } = this;
    const { document, page, pages, wide } = reader;
    this.number.textContent = reader.say("page_number", { page: page + 1, pages: document?.pages ?? 0 });
    this.back.disabled = page < pages.across;
    this.next.disabled = !document || page + pages.across >= document.pages + (page % pages.across);
    this.smaller.disabled = pages.zoom <= pages.smallest * 1.01;
    this.larger.disabled = pages.zoom >= 5;
    const name = wide ? "read_narrow" : "read_wide";
    this.whole.setAttribute("aria-pressed", String(wide));
    this.whole.setAttribute("aria-label", reader.say(name));
    this.whole.title = reader.say(name);
    this.whole.replaceChildren(sign(wide ? "close" : "widen"));
  }
}
