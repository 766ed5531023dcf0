// Choosing one person of the meeting: a few letters of the name, post or unit, then a touch. A combobox with a
// list below it (ARIA 1.2); what is chosen stands in its place, with the way back to the search.

import { el, keyed, setText } from "./dom.js";
import { plain } from "./presence.js";

const MOST = 30; // shown at once; whoever is not among them is found by typing

export class PersonPick {
  /** `nobody` is what stands for choosing no one ("Myself"); without it somebody must be chosen. */
  constructor(room, { name, label, nobody = null, changed = () => {} }) {
    Object.assign(this, { room, label, nobody, changed });
    const { words } = room;
    this.value = null; // attendee id
    this.people = [];
    this.active = -1;
    const id = `pick-${name}`;
    this.list = el("ul", { class: "pick-list", role: "listbox", id: `${id}-list`, "aria-label": label });
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the search keeps the focus
    this.more = el("p", { class: "quiet", role: "status" });
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id };
    this.search = el("input", { type: "search", name, id, autocomplete: "off", placeholder: words.say("search_people"), ...combobox });
    this.search.addEventListener("focus", () => this.#open(true));
    this.search.addEventListener("input", () => this.#open(true));
    this.search.addEventListener("keydown", (event) => this.#key(event));
    this.heading = el("label", { for: id, text: label });
    this.said = { name: el("span", { class: "person-name" }), post: el("span", { class: "person-post" }) };
    this.change = el("button", { type: "button", class: "plain", "data-act": `${id}-change`, text: words.say("pick_change"), onclick: () => this.#seek() });
    this.chosen = el("div", { class: "pick-chosen" }, el("span", { class: "pick-said" }, this.said.name, this.said.post), this.change);
    this.node = el("div", { class: "pick" }, this.heading, this.chosen, this.search, this.list, this.more);
    this.node.addEventListener("focusout", (event) => this.node.contains(event.relatedTarget) || this.#open(false));
  }

  /** Anew whenever people come or go; whoever is gone is no longer chosen. */
  draw(people, { asked = true } = {}) {
    this.people = people;
    this.asked = asked;
    if (this.value !== null && !people.some((each) => each.id === this.value)) this.value = null;
    this.#draw();
  }

  /** Choose this person, or (null) nobody. */
  choose(id) {
    this.value = id;
    this.seeking = this.open = false;
    this.search.value = "";
    this.#draw();
    this.changed();
  }

  #draw() {
    const { words } = this.room;
    const person = this.people.find((each) => each.id === this.value);
    const settled = !this.seeking && Boolean(person || this.nobody);
    this.node.hidden = !this.asked;
    this.chosen.hidden = !settled;
    this.search.hidden = settled;
    setText(this.said.name, person?.name ?? this.nobody ?? "");
    setText(this.said.post, person?.post ?? "");
    this.change.setAttribute("aria-label", `${this.label}: ${words.say("pick_change")}`);
    this.search.disabled = !this.asked || settled; // what is not asked for keeps no form from being sent
    this.search.setCustomValidity(settled ? "" : words.say("floor_choose"));
    const open = this.open && !settled;
    this.list.hidden = this.more.hidden = !open;
    this.search.setAttribute("aria-expanded", String(open));
    if (open) this.#drawList();
  }

  #drawList() {
    const { words } = this.room;
    const found = this.#found();
    this.shown = found.slice(0, MOST);
    this.active = Math.min(this.active, this.shown.length - 1);
    keyed(this.list, this.shown, (each) => this.#createOption(each), (node, each, place) => {
      setText(node.name, each.name);
      setText(node.post, [each.post, each.unit].filter(Boolean).join(" · "));
      node.setAttribute("aria-selected", String(place === this.active));
    });
    const node = this.list.children[this.active];
    if (node) this.search.setAttribute("aria-activedescendant", node.id);
    else this.search.removeAttribute("aria-activedescendant");
    const rest = found.length - this.shown.length;
    this.more.hidden = found.length > 0 && rest === 0;
    setText(this.more, rest ? words.say("pick_more", { count: rest }) : words.say("people_nobody"));
  }

  /** Who is meant by what was typed; first whose given name, which stands last, begins so. */
  #found() {
    const sought = plain(this.search.value.trim());
    const everybody = this.nobody && !sought ? [{ id: null, name: this.nobody }, ...this.people] : this.people;
    if (!sought) return everybody;
    const parts = sought.split(/\s+/);
    const rank = (each) => {
      const name = plain(each.name);
      if (name.split(" ").at(-1).startsWith(sought) || name.startsWith(sought)) return 0;
      if (name.includes(sought)) return 1;
      const all = plain(inOneLine(each));
      return parts.every((part) => all.includes(part)) ? 2 : null;
    };
    const ranked = everybody.map((each) => [rank(each), each]).filter(([place]) => place !== null);
    return ranked.sort(([one], [other]) => one - other).map(([, each]) => each);
  }

  #createOption(each) {
    const node = el("li", { class: "pick-option", role: "option", id: `${this.list.id}-${each.id ?? "nobody"}` });
    node.name = el("span", { class: "person-name" });
    node.post = el("span", { class: "person-post" });
    node.append(node.name, node.post);
    node.addEventListener("click", () => this.#take(each.id));
    return node;
  }

  #take(id) {
    this.choose(id);
    if (!this.chosen.hidden) this.change.focus({ preventScroll: true });
  }

  #seek() {
    this.seeking = this.open = true;
    this.active = -1;
    this.#draw();
    this.search.focus();
  }

  #open(open) {
    if (!open) this.seeking = false;
    if (open) this.active = this.search.value.trim() ? 0 : -1;
    this.open = open;
    this.#draw();
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.open) {
      this.active = Math.min(Math.max(this.active + step, 0), this.shown.length - 1);
      this.#drawList();
      this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      const each = this.open ? this.shown[this.active] : null;
      if (each) this.#take(each.id);
    } else if (event.key === "Escape" && (this.search.value || this.seeking)) {
      this.search.value = ""; // the search is given up, the sheet stays
      this.#open(false);
      if (!this.chosen.hidden) this.change.focus();
    } else return;
    event.preventDefault();
  }
}

function inOneLine({ name, post, unit }) {
  return [name, post, unit].filter(Boolean).join(" · ");
}
