// Who belongs to the meeting and who is here: counts, filters, the list and the plan of the room; one's own presence.

import { el, keyed, setText } from "./dom.js";
import { CheckInCode } from "./check_in_code.js";
import { Own } from "./own_presence.js";
import { Person } from "./person.js";
import { counted, isPresent, plain, stateOf } from "./presence.js";
import { Seats } from "./seats.js";
import { Sheet } from "./sheet.js";

const FILTERS = ["all", "present", "waiting", "absent", "guests"];

export class People {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.filter = "all";
    this.sheet = new Sheet(room, words.say("people"));
    this.own = new Own(room);
    this.seats = new Seats(room, this);
    this.code = new CheckInCode(room);
    this.count = el("p", { class: "people-count", role: "status" });
    this.views = this.#switch(["list", "plan"], (view) => this.#show(view));
    this.chips = this.#switch(FILTERS, (filter) => this.#choose(filter));
    this.search = el("input", { type: "search", placeholder: words.say("search_people"), "aria-label": words.say("search_people") });
    this.search.addEventListener("input", () => this.draw());
    this.list = el("ul", { class: "people-list" });
    this.nobody = el("p", { class: "quiet", text: words.say("people_nobody"), hidden: true });
    this.listView = el("div", { class: "people-view" }, this.chips.node, this.list, this.nobody);
    this.tools = this.#buildTools();
    this.sheet.content.append(this.own.node, this.count, this.views.node, this.search, this.listView, this.seats.node, this.tools);
    this.#show("list");
  }

  /** The bar's one touch: present in the room; the strip then offers to be online instead. */
  async checkIn(control) {
    const { words } = this.room;
    const place = (where) => () => this.room.act(null, "attendee.place", { place: where });
    if (!(await this.room.act(control, "attendee.check_in"))) return;
    this.room.strip.offer(words.say("checked_in_room"), place("online"), words.say("attend_online"));
  }

  /** Hundreds of rows are drawn only where they can be seen. */
  draw() {
    this.code.draw();
    if (!this.sheet.isOpen) return;
    const { attendees, meeting, replies = [] } = this.room.state;
    const { words, desk } = this.room;
    this.replies = new Map(replies.map((reply) => [reply.id, reply]));
    const counts = counted(attendees, meeting, this.replies);
    setText(this.count, this.#summary(counts));
    const numbers = { ...counts, absent: counts.absent + counts.left, guests: attendees.filter((each) => each.role === "guest").length };
    for (const [name, chip] of this.chips.buttons) {
      setText(chip.firstChild, words.say(`filter_${name}`));
      setText(chip.lastChild, String(numbers[name]));
    }
    const shown = attendees.filter((each) => this.#passes(each) && this.found(each));
    keyed(this.list, shown, () => new Person(this).node, (node, each) => node.person.update(each, this.replies.get(each.id)));
    this.nobody.hidden = shown.length > 0;
    this.tools.hidden = !desk;
    this.own.draw();
    this.seats.draw();
  }

  /** Whether somebody is meant by what was typed into the search; everybody, when nothing was. */
  found(attendee) {
    const sought = plain(this.search.value.trim());
    return !sought || plain(`${attendee.name} ${attendee.post} ${attendee.unit}`).includes(sought);
  }

  get seeking() {
    return Boolean(this.search.value.trim());
  }

  #passes(attendee) {
    const state = stateOf(attendee, this.replies.get(attendee.id));
    return {
      all: true,
      present: isPresent(attendee),
      waiting: state === "waiting",
      absent: state === "absent" || state === "left",
      guests: attendee.role === "guest",
    }[this.filter];
  }

  #summary(counts) {
    const { words } = this.room;
    const parts = [words.say("people_here", { here: counts.present, all: counts.all })];
    for (const name of ["room", "online", "guests", "late", "left", "absent"]) {
      if (counts[name] > 0 || name === "room") parts.push(words.say(`count_${name}`, { count: counts[name] }));
    }
    return parts.join(" · ");
  }

  #choose(filter) {
    this.filter = filter;
    this.chips.press(filter);
    if (this.room.state) this.draw();
  }

  #show(view) {
    this.views.press(view);
    this.chips.press(this.filter);
    this.listView.hidden = view !== "list";
    this.seats.node.hidden = view !== "plan";
    this.sheet.node.classList.toggle("wide", view === "plan");
    if (view === "plan" && this.room.state) this.seats.open();
  }

  /** Buttons of which one is pressed. */
  #switch(names, choose) {
    const { words } = this.room;
    const buttons = new Map();
    for (const name of names) {
      const node = el("button", { type: "button", class: "choice", "data-act": `show_${name}` }, el("span", { text: words.say(`filter_${name}`) }), el("span", { class: "choice-count" }));
      node.addEventListener("click", () => choose(name));
      buttons.set(name, node);
    }
    const press = (chosen) => buttons.forEach((node, name) => node.setAttribute("aria-pressed", String(name === chosen)));
    const node = el("div", { class: "choices", role: "group", "aria-label": words.say("people_filter") }, ...buttons.values());
    return { buttons, press, node };
  }

  /** What only the desk takes along, and the code that it shows. */
  #buildTools() {
    const { words, meeting } = this.room;
    const file = (kind) => el("a", { class: "plain", href: `/attendance/${meeting}.${kind}`, download: true, text: words.say(`export_${kind}`) });
    const code = el("button", { type: "button", class: "plain", "data-act": "code", text: words.say("check_in_code"), onclick: () => this.code.open() });
    return el("div", { class: "people-tools", hidden: true }, code, file("csv"), file("pdf"));
  }
}
