// The strip above the bar: a way back for some seconds after each act, or why an act was refused.

import { el, setText, sign } from "./dom.js";
import { topSheet } from "./sheet.js";

const SHOWN = 9000; // ms

export class Strip {
  constructor(room) {
    this.room = room;
    this.said = el("span", { class: "said" });
    this.undo = el("button", { type: "button", class: "undo", onclick: () => this.#back() });
    const close = el(
      "button",
      { type: "button", class: "icon", "aria-label": room.words.say("close"), onclick: () => this.hide() },
      sign("close"),
    );
    this.line = el("div", { class: "strip", hidden: true }, this.said, this.undo, close);
    this.node = el("div", { class: "strips", role: "status" }, this.line);
    this.node.popover = "manual"; // above an open sheet too
  }

  /** Say what was done and offer the way back, or another way under its own name, as long as that is `honest()`. */
  offer(text, back, name = this.room.words.say("undo"), honest = () => true) {
    this.back = back;
    this.honest = honest;
    setText(this.undo, name);
    this.#show(text, "offer");
  }

  /** Say calmly why something was not done. */
  refuse(reason) {
    this.back = null;
    this.#show(reason, "refusal");
  }

  /** A way back may end with time alone. */
  tick() {
    if (this.back && !this.honest()) this.hide();
  }

  hide() {
    clearTimeout(this.timer);
    this.line.hidden = true;
    if (this.node.matches(":popover-open")) this.node.hidePopover();
  }

  /** Stand above what is open: beside a modal sheet it could be seen, but not touched. */
  place() {
    if (this.line.hidden) return;
    const root = this.room.root;
    const home = topSheet(root) ?? root;
    if (this.node.matches(":popover-open")) this.node.hidePopover(); // shown last lies on top
    if (this.node.parentNode !== home) home.append(this.node);
    this.node.showPopover();
  }

  #show(text, kind) {
    clearTimeout(this.timer);
    this.line.dataset.kind = kind;
    this.undo.hidden = !this.back;
    setText(this.said, text);
    this.line.hidden = false;
    this.place();
    this.timer = setTimeout(() => this.hide(), SHOWN);
  }

  #back() {
    const back = this.back;
    this.hide();
    back?.();
  }
}
