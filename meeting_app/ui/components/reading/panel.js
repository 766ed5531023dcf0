// A panel over the pages, from the right or (on a phone) from below. The browser's own dialog gives it
// Escape, the focus, and rest to what lies under it.

import { h } from "../dom.js";
import { sign } from "../signs.js";

export class Panel {
  /** `closed()` is called when it is put away, by whatever way. */
  constructor({ title, close, closed = () => {} }) {
    this.content = h("div", { className: "panel-content" });
    this.heading = h("h2", { tabIndex: -1 }, title);
    const away = h("button", { type: "button", className: "icon", "aria-label": close, title: close, onclick: () => this.close() }, sign("close"));
    this.node = h("dialog", { className: "panel", "aria-label": title }, h("div", { className: "panel-head" }, this.heading, away), this.content);
    // A touch beside the panel puts it away.
    this.node.addEventListener("click", (event) => event.target === this.node && this.close());
    this.node.addEventListener("keydown", (event) => event.stopPropagation());
    this.node.addEventListener("close", closed);
  }

  open() {
    if (!this.node.open) this.node.showModal();
  }

  close() {
    if (this.node.open) this.node.close();
  }
}
