// The tools to write with: taken by one touch, laid down by another; the way back always beside them.

import { h } from "../dom.js";
import { sign } from "../signs.js";
import { INKS, MARKS } from "./strokes.js";

const TOOLS = { pen: "pen", marker: "marker", eraser: "eraser", note: "note" };

export class WritingBar {
  constructor({ say, notebook, pen, acts }) {
    Object.assign(this, { say, notebook, pen });
    this.tools = Object.entries(TOOLS).map(([name, shape]) => this.#button(name, shape, (event) => this.choose(name, event)));
    this.colours = Object.keys(INKS).map((name) => {
      const node = h("button", { type: "button", role: "radio", className: "colour", title: say(`colour_${name}`), "aria-label": say(`colour_${name}`), onclick: () => this.#dip(name) });
      node.dataset.colour = name;
      return node;
    });
    this.palette = h("div", { className: "palette", role: "radiogroup", "aria-label": say("colours") }, ...this.colours);
    this.palette.addEventListener("keydown", (event) => this.#step(event));
    this.undo = this.#button("undo_ink", "undo", () => notebook.undo());
    this.redo = this.#button("redo_ink", "redo", () => notebook.redo());
    this.list = this.#button("my_notes", "list", acts.list);
    this.share = this.#button("share", "people", acts.share);
    this.leave = this.#button("writing_end", "close", () => this.hide());
    this.kept = h("span", { className: "writing-kept", role: "status" });
    this.refused = h("p", { className: "writing-refused", role: "alert" });
    this.node = h(
      "div",
      { className: "writing-bar", role: "toolbar", "aria-label": say("writing_tools"), hidden: true },
      this.refused,
      h("div", { className: "writing-row" }, ...this.tools, this.palette),
      h("div", { className: "writing-row" }, this.undo, this.redo, this.list, this.share, this.kept, this.leave),
    );
    this.open = h("button", { type: "button", className: "icon", title: say("writing"), "aria-label": say("writing"), onclick: (event) => this.toggle(event) }, sign("pen"));
    this.open.dataset.act = "writing";
    this.draw();
  }

  toggle(event) {
    if (this.node.hidden) this.show("pen", event);
    else this.hide();
  }

  /** Open the tools with one of them in the hand; `event` is the touch that chose it, if any. */
  show(tool, event = null) {
    this.node.hidden = false;
    this.choose(tool, event);
  }

  hide() {
    this.node.hidden = true;
    this.choose(null);
  }

  /** Take a tool, or lay it down by choosing it again. */
  choose(tool, event = null) {
    const again = tool !== null && event !== null && this.pen.tool === tool && !this.node.hidden;
    // Chosen with the pen itself, it is the pen's alone: the finger goes on scrolling.
    this.pen.take(again ? null : tool, { byFinger: event !== null && event.pointerType !== "pen" });
    this.draw();
  }

  draw() {
    const { pen, notebook } = this;
    for (const node of this.tools) node.setAttribute("aria-pressed", String(node.dataset.act === pen.tool));
    const brush = pen.tool === "marker" ? "marker" : "pen";
    const paints = brush === "marker" ? MARKS : INKS;
    for (const node of this.colours) {
      const chosen = node.dataset.colour === pen.colours[brush];
      node.style.setProperty("--paint", paints[node.dataset.colour]);
      node.setAttribute("aria-checked", String(chosen));
      node.tabIndex = chosen ? 0 : -1;
    }
    this.undo.disabled = notebook.done.length === 0;
    this.redo.disabled = notebook.undone.length === 0;
    this.open.setAttribute("aria-pressed", String(!this.node.hidden));
  }

  /** How much waits on this device, in words; nothing when all has arrived. */
  waiting(count) {
    const text = count > 0 ? this.say("waiting_to_send", { count }) : "";
    if (this.kept.textContent !== text) this.kept.textContent = text;
  }

  /** Why something was not kept; it stands there until somebody writes on. */
  refuse(sentence) {
    this.refused.textContent = sentence;
    if (sentence) this.node.hidden = false;
  }

  #dip(colour) {
    const { pen } = this;
    const brush = pen.tool === "marker" ? "marker" : "pen";
    pen.colours[brush] = colour;
    if (pen.tool === "eraser") pen.take("pen", { byFinger: pen.fingers });
    this.draw();
  }

  #step(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const next = this.colours[(this.colours.indexOf(event.target) + by + this.colours.length) % this.colours.length];
    this.#dip(next.dataset.colour);
    next.focus();
  }

  #button(name, shape, press) {
    const { say } = this;
    const node = h("button", { type: "button", className: "writing-tool", title: say(name), "aria-label": say(name), onclick: press }, sign(shape), h("span", { className: "word", "aria-hidden": "true" }, say(`${name}_word`)));
    node.dataset.act = name;
    return node;
  }
}
