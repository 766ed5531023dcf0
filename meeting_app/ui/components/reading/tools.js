// The reader's tools, always in the same places: turning on the left, the rest on the right.

import { h } from "../dom.js";
import { sign } from "../signs.js";

export class Tools {
  constructor(reader, extra) {
    this.reader = reader;
    this.number = h("button", { type: "button", className: "page-number", title: reader.say("page_choose"), onclick: () => this.#choosePage() });
    this.number.dataset.act = "page_choose";
    this.spoken = h("span", { className: "spoken", "aria-live": "polite" });
    this.back = this.#button("page_back", "back", () => reader.turn(-1));
    this.next = this.#button("page_next", "next", () => reader.turn(1));
    this.contents = this.#button("contents", "contents", () => reader.contents.toggle());
    this.find = this.#button("find", "find", () => reader.find.open());
    this.smaller = this.#button("zoom_out", "minus", () => reader.pages.enlarge(-1));
    this.larger = this.#button("zoom_in", "plus", () => reader.pages.enlarge(1));
    this.look = this.#button("view", "view", () => this.#toggle(reader.view.node));
    this.whole = this.#button("read_wide", "widen", () => reader.widen(!reader.wide));
    for (const node of [this.smaller, this.larger]) node.classList.add("roomy");
    this.node = h("div", { className: "page-tools", role: "toolbar", "aria-label": reader.say("tools") }, this.back, this.number, this.next, this.spoken, h("span", { className: "gap" }), ...extra, this.contents, this.find, this.smaller, this.larger, this.look, this.whole);
  }

  /** A control of somebody else's, before the reader's own on the right. */
  add(...nodes) {
    this.contents.before(...nodes);
  }

  /** The panels that open over the paper from here. */
  attach() {
    const { reader } = this;
    this.field = h("input", { type: "number", min: 1, inputMode: "numeric", "aria-label": reader.say("page_choose") });
    this.chooser = h("form", { className: "chooser", popover: "auto" }, this.field, h("button", { type: "submit", className: "go" }, reader.say("page_go")));
    this.chooser.addEventListener("submit", (event) => {
      event.preventDefault();
      this.chooser.hidePopover();
      const page = Number(this.field.value);
      if (Number.isInteger(page) && page > 0) reader.go(page - 1);
      reader.pages.focus();
    });
    this.node.append(this.chooser, reader.view.node);
  }

  draw() {
    const { reader } = this;
    const { document, page, pages, wide } = reader;
    const first = page - (page % pages.across);
    const values = { page: page + 1, pages: document?.pages ?? 0 };
    const last = first + pages.across >= values.pages;
    if (pages.across > 1 && first + 1 < values.pages) values.page = `${first + 1}–${first + 2}`;
    this.number.textContent = reader.say("page_number", values);
    this.number.setAttribute("aria-label", reader.say("page_here", values));
    const said = document ? reader.say("page_here", values) : "";
    if (this.spoken.textContent !== said) this.spoken.textContent = said;
    this.back.disabled = page < pages.across;
    this.next.disabled = !document || last;
    this.smaller.disabled = pages.zoom <= pages.smallest * 1.01;
    this.larger.disabled = pages.zoom >= pages.largest;
    this.find.disabled = this.contents.disabled = !document;
    this.contents.setAttribute("aria-expanded", String(reader.contents?.isOpen ?? false));
    const name = wide ? "read_narrow" : "read_wide";
    this.whole.setAttribute("aria-pressed", String(wide));
    this.whole.setAttribute("aria-label", reader.say(name));
    this.whole.title = reader.say(name);
    this.whole.replaceChildren(sign(wide ? "close" : "widen"));
  }

  #choosePage() {
    const { reader } = this;
    if (!reader.document) return;
    this.field.max = reader.document.pages;
    this.field.value = reader.page + 1;
    this.#toggle(this.chooser, this.number);
    this.field.focus();
    this.field.select();
  }

  /** Open a panel right above the tools, in what of the screen is there. */
  #toggle(panel, over = null) {
    const tools = this.node.getBoundingClientRect();
    const left = over ? `${Math.max(6, over.getBoundingClientRect().left)}px` : "auto";
    const right = over ? "auto" : `${innerWidth < 500 ? 6 : Math.max(6, innerWidth - tools.right + 6)}px`;
    const bottom = `${innerHeight - tools.top + 6}px`;
    Object.assign(panel.style, { left, right, bottom, maxHeight: `${Math.max(160, tools.top - 12)}px` });
    panel.togglePopover();
  }

  #button(name, shape, press) {
    const { reader } = this;
    const node = h("button", { type: "button", className: "icon", title: reader.say(name), "aria-label": reader.say(name), onclick: press }, sign(shape));
    node.dataset.act = name;
    return node;
  }
}
