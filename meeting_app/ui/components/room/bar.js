// The bar below, always in the same places, and the sheet behind "Thêm" for what is needed less often.

import { el, setText, sign } from "./dom.js";
import { isPresent } from "./presence.js";
import { Sheet } from "./sheet.js";

export class Bar {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.buttons = {};
    this.node = el(
      "nav",
      { class: "bar", hidden: true, "aria-label": words.say("bar") },
      this.#button("check_in", "check", (control) => this.#checkIn(control)),
      this.#button("desk", "desk", () => room.layout.deskSheet.open()),
      this.#button("floor", "hand", () => room.floor.openForm()),
      this.#button("agenda", "list", () => room.layout.agendaSheet.open()),
      this.#button("documents", "document", () => room.documents.sheet.open()),
      this.#button("people", "people", () => room.people.sheet.open()),
      this.#button("more", "more", () => this.sheet.open()),
    );
    this.sheet = new Sheet(room, words.say("more"));
    this.entries = []; // behind "Thêm"
    this.list = el("div", { class: "more-list" });
    this.sheet.content.append(this.list);
  }

  /** One more way behind "Thêm": {name, shape, press(), shown?(), count?()}; `name` is the text's. */
  add({ name, shape, press, shown = () => true, count = () => 0 }) {
    const label = el("span", { class: "more-label", text: this.room.words.say(name) });
    const badge = el("span", { class: "badge", hidden: true });
    const node = el("button", { type: "button", class: "more-entry", "data-more": name }, sign(shape), label, badge);
    node.addEventListener("click", () => {
      this.sheet.close();
      press();
    });
    this.entries.push({ node, badge, shown, count });
    this.list.append(node);
  }

  draw() {
    const { words, state, desk, me, vote, layout } = this.room;
    const { check_in, people, documents, floor } = this.buttons;
    const present = isPresent(me);
    check_in.node.classList.toggle("done", present);
    check_in.node.setAttribute("aria-pressed", String(present));
    setText(check_in.label, words.say(present ? "checked_in" : "check_in"));
    const here = state.attendees.filter(isPresent).length;
    setText(people.label, words.say("people_count", { here, all: state.attendees.length }));
    setText(documents.label, words.say("documents_count", { count: state.documents.length }));
    const deskPhone = desk && layout.mode === "phone";
    floor.node.hidden = deskPhone;
    setText(floor.label, this.room.floor.said);
    this.buttons.desk.node.hidden = !deskPhone;
    this.#count("desk", this.room.deskPanel.waiting);
    this.#count("more", this.#drawMore());
    // A ballot stands where the bar does; whoever runs the meeting on a phone keeps the way to the desk.
    const voting = !vote.node.hidden;
    this.node.hidden = voting && !deskPhone;
    this.node.classList.toggle("slim", voting);
  }

  #drawMore() {
    let all = 0;
    for (const { node, badge, shown, count } of this.entries) {
      node.hidden = !shown();
      const waiting = node.hidden ? 0 : count();
      badge.hidden = waiting === 0;
      setText(badge, String(waiting));
      all += waiting;
    }
    return all;
  }

  #button(name, shape, press) {
    const label = el("span", { class: "label", text: this.room.words.say(name === "floor" ? "bar_floor" : name) });
    const badge = el("span", { class: "badge", hidden: true });
    const node = el("button", { type: "button", class: `bar-${name}`, onclick: () => press(node) }, sign(shape), label, badge);
    this.buttons[name] = { node, label, badge };
    return node;
  }

  #count(name, count) {
    const { badge } = this.buttons[name];
    badge.hidden = count === 0;
    setText(badge, String(count));
  }

  #checkIn(control) {
    if (isPresent(this.room.me)) this.room.people.sheet.open();
    else this.room.people.checkIn(control);
  }
}
