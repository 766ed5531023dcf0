// The plan of the room: every seat where it stands, who sits there and how they stand to the meeting. The desk moves
// people by touching two places; arrow keys walk from seat to seat.

import { el, keyed, setText } from "./dom.js";
import { inWords, isLate, SIGNS, stateOf } from "./presence.js";

const SEATED = ["draft", "convened", "running", "paused"];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Seats {
  constructor(room, people) {
    this.room = room;
    this.people = people;
    const { words } = room;
    this.taken = null; // {attendee} or {seat}: the first of the two places touched
    this.found = el("p", { class: "seats-found", role: "status" });
    this.legend = el("ul", { class: "seats-legend", "aria-label": words.say("seats_legend") });
    for (const state of ["room", "online", "late", "waiting", "absent", "left", "empty"]) {
      const swatch = el("span", { class: "swatch", "data-state": state, "aria-hidden": "true", text: SIGNS[state] ?? (state === "late" ? "✓" : "") });
      this.legend.append(el("li", {}, swatch, el("span", { text: words.say(`seat_${state}`) })));
    }
    this.front = el("p", { class: "seats-front", text: words.say("seats_front"), "aria-hidden": "true" });
    this.grid = el("div", { class: "seats-grid", role: "group", "aria-label": words.say("seats_plan") });
    this.grid.addEventListener("keydown", (event) => this.#walk(event));
    this.frame = el("div", { class: "seats-frame" }, this.front, this.grid);
    this.told = el("p", { class: "seats-told", role: "status" });
    this.unseat = el("button", { type: "button", class: "plain", text: words.say("seats_unseat"), hidden: true, onclick: () => this.#unseat() });
    this.cancel = el("button", { type: "button", class: "plain", text: words.say("seats_cancel"), hidden: true, onclick: () => this.#take(null) });
    this.arrange = el("button", { type: "button", class: "plain", "data-act": "arrange", onclick: () => this.#arrange() });
    this.acts = el("div", { class: "seats-acts" }, this.unseat, this.cancel, this.arrange);
    this.standing = el("div", { class: "seats-standing" });
    this.standingHead = el("h3", { text: words.say("seats_standing") });
    this.none = el("p", { class: "quiet", text: words.say("seats_none") });
    this.node = el(
      "section",
      { class: "seats", hidden: true },
      ...[this.found, this.told, this.acts, this.none, this.frame, this.legend, this.standingHead, this.standing],
    );
  }

  /** Shown: with one's own seat in view. */
  open() {
    this.draw();
    const own = this.grid.querySelector(".own") ?? this.grid.querySelector(".seat");
    own?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  draw() {
    if (this.node.hidden || !this.room.state) return;
    const { seats = [], attendees, meeting } = this.room.state;
    const { words, desk } = this.room;
    this.movable = desk && SEATED.includes(meeting.state);
    this.by = new Map(attendees.filter((each) => each.seat_id).map((each) => [each.seat_id, each]));
    this.none.hidden = seats.length > 0;
    this.frame.hidden = this.legend.hidden = !seats.length;
    this.grid.style.setProperty("--columns", Math.max(1, ...seats.map((each) => each.x + 1)));
    keyed(this.grid, seats, () => this.#createSeat(), (node, seat) => this.#updateSeat(node, seat));
    if (!this.grid.querySelector('[tabindex="0"]')) this.grid.firstChild?.setAttribute("tabindex", "0");
    this.#drawFound(seats);
    this.#drawActs();
    this.#drawStanding(attendees);
  }

  #createSeat() {
    const node = el("button", { type: "button", class: "seat", tabindex: "-1" });
    node.place = el("span", { class: "seat-label" });
    node.sign = el("span", { class: "seat-sign", "aria-hidden": "true" });
    node.holder = el("span", { class: "seat-name" });
    node.append(node.place, node.sign, node.holder);
    node.addEventListener("click", () => this.#touch(node.seat));
    node.addEventListener("focus", () => this.#stand(node));
    return node;
  }

  #updateSeat(node, seat) {
    const { words, state } = this.room;
    const person = this.by.get(seat.id);
    const key = person ? stateOf(person, this.people.replies.get(person.id)) : "empty";
    const late = person && ["room", "online"].includes(key) && isLate(person, state.meeting);
    node.seat = seat;
    Object.assign(node.dataset, { seat: seat.id, state: key, late: String(Boolean(late)) });
    node.style.gridArea = `${seat.y + 1} / ${seat.x + 1}`;
    node.classList.toggle("own", person?.id === state.you.attendee_id);
    node.classList.toggle("head", seat.y === 0);
    node.classList.toggle("sought", Boolean(person) && this.people.seeking && this.people.found(person));
    node.setAttribute("aria-pressed", String(this.#isTaken(seat, person)));
    setText(node.place, seat.label);
    setText(node.sign, SIGNS[key] ?? "");
    setText(node.holder, person ? shortened(person.name) : "");
    const said = person ? `${person.name}, ${inWords(this.room, person, this.people.replies.get(person.id))}` : words.say("seat_empty");
    node.setAttribute("aria-label", words.say("seat_holds", { label: seat.label, who: said }));
  }

  #drawFound(seats) {
    const { words, state } = this.room;
    const sought = this.people.seeking ? state.attendees.filter((each) => this.people.found(each)).slice(0, 5) : [];
    const labels = new Map(seats.map((each) => [each.id, each.label]));
    const said = sought.map((each) =>
      each.seat_id ? words.say("found_at", { name: each.name, label: labels.get(each.seat_id) ?? "" }) : words.say("found_standing", { name: each.name }),
    );
    setText(this.found, said.length || !this.people.seeking ? said.join(" · ") : words.say("people_nobody"));
    this.found.hidden = !this.found.textContent;
    const place = this.people.seeking ? this.grid.querySelector(".sought") : null;
    if (place && place !== this.shown) place.scrollIntoView({ block: "nearest", inline: "center" });
    this.shown = place;
  }

  #drawActs() {
    const { words } = this.room;
    if (!this.movable) this.taken = null;
    const attendee = this.#takenPerson();
    this.acts.hidden = !this.movable;
    this.unseat.hidden = !attendee?.seat_id;
    this.cancel.hidden = !this.taken;
    this.arrange.hidden = Boolean(this.taken);
    setText(this.arrange, words.say(this.sure ? "seats_arrange_sure" : "seats_arrange"));
    if (attendee) setText(this.told, words.say("seats_moving", { name: attendee.name }));
    else if (this.taken?.seat) setText(this.told, words.say("seats_whom", { label: this.taken.seat.label }));
    else if (this.movable) setText(this.told, words.say("seats_how"));
    else setText(this.told, this.about ?? words.say("seats_look"));
  }

  #drawStanding(attendees) {
    const standing = this.movable ? attendees.filter((each) => !each.seat_id && !each.delegate_id) : [];
    this.standingHead.hidden = !standing.length;
    keyed(
      this.standing,
      standing,
      () => {
        const node = el("button", { type: "button", class: "plain" });
        node.addEventListener("click", () => this.#touchPerson(node.attendee));
        return node;
      },
      (node, attendee) => {
        node.attendee = attendee;
        setText(node, attendee.name);
        node.setAttribute("aria-pressed", String(this.taken?.attendee === attendee.id));
      },
    );
  }

  #isTaken(seat, person) {
    return this.taken?.seat?.id === seat.id || (Boolean(person) && this.taken?.attendee === person.id);
  }

  #takenPerson() {
    return this.taken?.attendee ? this.room.state.attendees.find((each) => each.id === this.taken.attendee) : null;
  }

  #take(taken) {
    this.taken = taken;
    this.sure = false;
    this.draw();
  }

  #touch(seat) {
    const person = this.by.get(seat.id);
    if (!this.movable) {
      const { words } = this.room;
      const who = person ? [person.name, person.post, inWords(this.room, person, this.people.replies.get(person.id))] : [words.say("seat_empty")];
      this.about = words.say("seat_holds", { label: seat.label, who: who.filter(Boolean).join(" · ") });
      this.draw();
      return;
    }
    const moving = this.#takenPerson();
    if (moving) this.#move(moving, seat);
    else if (this.taken?.seat && person) this.#move(person, this.taken.seat);
    else if (person) this.#take({ attendee: person.id });
    else this.#take(this.taken?.seat?.id === seat.id ? null : { seat });
  }

  #touchPerson(attendee) {
    if (this.taken?.seat) this.#move(attendee, this.taken.seat);
    else this.#take(this.taken?.attendee === attendee.id ? null : { attendee: attendee.id });
  }

  async #move(person, seat) {
    if (person.seat_id === seat.id) {
      this.#take(null);
      return;
    }
    const { words } = this.room;
    const other = this.by.get(seat.id);
    const back = [["attendee.seat", { attendee_id: person.id, seat_id: person.seat_id }]];
    if (other && !person.seat_id) back.push(["attendee.seat", { attendee_id: other.id, seat_id: seat.id }]);
    const text = words.say(other ? "seats_swapped" : "seats_moved", { name: person.name, other: other?.name ?? "", label: seat.label });
    const done = await this.room.act(null, "attendee.seat", { attendee_id: person.id, seat_id: seat.id }, { text, steps: () => back });
    if (done) this.#take(null);
  }

  async #unseat() {
    const person = this.#takenPerson();
    const text = this.room.words.say("seats_unseated", { name: person.name });
    const back = [["attendee.seat", { attendee_id: person.id, seat_id: person.seat_id }]];
    if (await this.room.act(this.unseat, "attendee.seat", { attendee_id: person.id, seat_id: null }, { text, steps: () => back })) this.#take(null);
  }

  /** At once in an empty room; where people sit already only after a second touch. */
  async #arrange() {
    if (this.by.size && !this.sure) {
      this.sure = true;
      this.draw();
      return;
    }
    this.sure = false;
    if (await this.room.act(this.arrange, "seats.arrange")) this.room.strip.offer(this.room.words.say("seats_arranged"), null);
    this.draw();
  }

  #stand(node) {
    for (const each of this.grid.querySelectorAll('[tabindex="0"]')) each.setAttribute("tabindex", "-1");
    node.setAttribute("tabindex", "0");
  }

  /** To the next seat in that direction, the straightest first. */
  #walk(event) {
    const step = STEPS[event.key];
    const from = event.target.seat;
    if (!step || !from) return;
    event.preventDefault();
    const [dx, dy] = step;
    let best = null;
    for (const node of this.grid.children) {
      const [x, y] = [node.seat.x - from.x, node.seat.y - from.y];
      const ahead = x * dx + y * dy;
      if (ahead <= 0 || (dx && y !== 0)) continue;
      const far = ahead * 100 + Math.abs(x * dy + y * dx);
      if (!best || far < best.far) best = { node, far };
    }
    best?.node.focus();
  }
}

/** The last two words of a name, as people are called. */
function shortened(name) {
  return name.split(" ").slice(-2).join(" ");
}
