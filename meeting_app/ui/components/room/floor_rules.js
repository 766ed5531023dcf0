// How the floor is given: the order, what is taken now, and how long a turn is. The desk's alone.

import { el, setText } from "./dom.js";

const CHOICES = { order: ["time", "rank", "hand"], speeches: ["open", "paused", "ended"], questions: ["open", "paused", "ended"] };
const TIMES = { seconds: [60, 120, 180, 300, 600], question_seconds: [60, 120, 180, 300] };

export class FloorRules {
  constructor(room, acts) {
    this.room = room;
    this.acts = acts;
    const { words } = room;
    this.groups = {};
    this.summary = el("summary", { text: words.say("floor_rules") });
    this.node = el("details", { class: "floor-rules" }, this.summary);
    for (const [name, values] of Object.entries(CHOICES)) this.#group(name, values);
    for (const [name, values] of Object.entries(TIMES)) this.#time(name, values);
  }

  draw() {
    const { state, desk, words } = this.room;
    this.node.hidden = !desk || !["convened", "running", "paused"].includes(state.meeting.state);
    const rules = state.floor_rules ?? {};
    for (const name of Object.keys(CHOICES)) {
      for (const [value, button] of Object.entries(this.groups[name])) button.setAttribute("aria-pressed", String(rules[name] === value));
    }
    for (const [name, values] of Object.entries(TIMES)) {
      const select = this.groups[name];
      const known = values.includes(rules[name]);
      select.other.hidden = known;
      if (!known) setText(select.other, words.say("floor_seconds", { seconds: rules[name] }));
      select.value = known ? String(rules[name]) : "";
    }
  }

  #group(name, values) {
    const { words } = this.room;
    this.groups[name] = {};
    const title = words.say(`floor_rule_${name}`);
    const buttons = values.map((value) => {
      const button = el("button", { type: "button", class: "choice", "data-rule": `${name}_${value}`, text: words.say(`floor_${name === "order" ? "order_by" : "taking"}_${value}`) });
      button.addEventListener("click", () => this.acts.rules(button, { [name]: value }));
      this.groups[name][value] = button;
      return button;
    });
    this.node.append(el("p", { class: "floor-rule", text: title }), el("div", { class: "choices", role: "group", "aria-label": title }, ...buttons));
  }

  #time(name, values) {
    const { words } = this.room;
    const other = el("option", { value: "", hidden: true });
    const options = values.map((seconds) => el("option", { value: seconds, text: words.say("minutes", { minutes: seconds / 60 }) }));
    const select = el("select", { name }, other, ...options);
    select.other = other;
    select.addEventListener("change", () => this.acts.rules(select, { [name]: Number(select.value) }));
    this.groups[name] = select;
    this.node.append(el("label", { class: "floor-rule" }, el("span", { text: words.say(`floor_rule_${name}`) }), select));
  }
}
