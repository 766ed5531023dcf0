// How somebody likes to read: by swiping or scrolling, one or two pages, by day or night. Kept on this device.

import { h } from "../dom.js";
import { WIDE } from "./pages.js";

const NAME = "reading-view";
const CHOICES = { mode: ["swipe", "flow"], across: ["one", "two"], look: ["paper", "night", "contrast"] };

export class View {
  constructor(reader) {
    this.reader = reader;
    this.choice = { ...{ mode: reader.usualMode, across: "one", look: "paper" }, ...read() };
    this.rows = Object.entries(CHOICES).map(([name, values]) => this.#row(name, values));
    this.node = h("div", { className: "view", popover: "auto", role: "dialog", "aria-label": reader.say("view") }, ...this.rows);
    this.keys = h("details", {}, h("summary", {}, reader.say("keys")), h("dl", { className: "keys" }, ...keys(reader)));
    this.node.append(this.keys);
    new ResizeObserver(() => this.apply()).observe(reader.pages.node);
    this.apply();
  }

  get isOpen() {
    return this.node.matches(":popover-open");
  }

  /** A control of somebody else's among the choices, e.g. what loads a meeting's papers ahead. */
  add(...nodes) {
    this.keys.before(...nodes);
  }

  choose(name, value) {
    this.choice[name] = value;
    try {
      localStorage.setItem(NAME, JSON.stringify(this.choice));
    } catch {
      // It holds while the page stays open.
    }
    this.apply();
  }

  apply() {
    const { reader } = this;
    const width = reader.pages.node.clientWidth;
    const two = this.choice.across === "two" && width >= WIDE;
    reader.node.dataset.look = this.choice.look;
    reader.pages.arrange({ mode: this.choice.mode, across: two ? 2 : 1 });
    for (const row of this.rows) {
      for (const button of row.querySelectorAll("button")) button.setAttribute("aria-checked", String(this.choice[row.name] === button.value));
      if (row.name === "across") row.hidden = width > 0 && width < WIDE;
    }
  }

  #row(name, values) {
    const { reader } = this;
    const buttons = values.map((value) => h("button", { type: "button", value, role: "radio", onclick: () => this.choose(name, value) }, reader.say(`${name}_${value}`)));
    const row = h("div", { className: "view-row", role: "radiogroup", "aria-label": reader.say(`view_${name}`) }, ...buttons);
    row.name = name;
    row.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      const next = (buttons.indexOf(event.target) + by + buttons.length) % buttons.length;
      buttons[next].focus();
      this.choose(name, values[next]);
    });
    return row;
  }
}

function keys(reader) {
  return ["turn", "ends", "zoom", "find", "contents", "wide", "look", "leave"].flatMap((name) => [
    h("dt", {}, reader.say(`key_${name}`)),
    h("dd", {}, reader.say(`key_${name}_does`)),
  ]);
}

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? "{}");
    return Object.fromEntries(Object.entries(CHOICES).filter(([name, values]) => values.includes(found?.[name])).map(([name]) => [name, found[name]]));
  } catch {
    return {};
  }
}
