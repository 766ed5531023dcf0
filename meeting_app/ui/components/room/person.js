// One person in the list: name, post, state in words, and what the desk does for them.

import { el, setText } from "./dom.js";
import { by, inWords, isPresent, SIGNS, stateOf } from "./presence.js";

const OPEN = ["convened", "running", "paused"];

export class Person {
  constructor(people) {
    this.people = people;
    this.room = people.room;
    const button = (act, press) => {
      const node = el("button", { type: "button", class: "plain", "data-act": act, text: this.room.words.say(`act_${act}`) });
      node.addEventListener("click", press);
      return node;
    };
    this.name = el("span", { class: "person-name" });
    this.post = el("span", { class: "person-post" });
    this.presence = el("span", { class: "presence" });
    this.standing = el("span", { class: "person-post" });
    this.checkIn = button("check_in", () => this.#checkIn(this.checkIn, "room"));
    this.online = button("check_in_online", () => this.#checkIn(this.online, "online"));
    this.goes = button("leave", () => this.#leave());
    this.returns = button("return", () => this.#return());
    this.moves = button("place", () => this.#move());
    this.checkOut = button("check_out", () => this.#checkOut());
    this.why = button("absence", () => this.#explain());
    this.lead = button("hand", () => this.#hand());
    this.withdraw = button("withdraw_delegate", () => this.#withdraw());
    this.acts = el(
      "div",
      { class: "person-acts" },
      ...[this.checkIn, this.online, this.returns, this.goes, this.lead, this.moves, this.checkOut, this.why, this.withdraw],
    );
    const text = el("div", { class: "person-text" }, this.name, this.post, this.presence, this.standing);
    this.node = el("li", { class: "person" }, text, this.acts);
    this.node.person = this;
  }

  update(attendee, reply) {
    const { words, desk, state } = this.room;
    const seat = by("id", state.seats).get(attendee.seat_id);
    const represented = by("delegate_id", state.attendees).get(attendee.id);
    const delegate = by("id", state.attendees).get(attendee.delegate_id);
    const shown = [attendee, reply, seat, represented, delegate, desk, state.meeting, state.presenter];
    if (this.shown?.every((each, place) => each === shown[place])) return;
    const key = stateOf(attendee, reply);
    const present = isPresent(attendee);
    Object.assign(this, { attendee, reply, shown });
    Object.assign(this.node.dataset, { present: String(present), state: key, attendee: attendee.id });
    setText(this.name, attendee.name);
    setText(this.post, [words.say(`role_${attendee.role}`), attendee.post, attendee.unit].filter(Boolean).join(" · "));
    setText(this.presence, inWords(this.room, attendee, reply));
    this.presence.dataset.sign = SIGNS[key];
    setText(this.standing, this.#standing(represented, seat));
    this.standing.hidden = !this.standing.textContent;
    this.acts.hidden = !desk || !OPEN.includes(state.meeting.state);
    if (!this.acts.hidden) this.#drawActs(attendee, present);
    if (present) this.form?.remove();
  }

  #drawActs(attendee, present) {
    const { words, state } = this.room;
    const away = !present && !attendee.left_at;
    this.checkIn.hidden = this.online.hidden = !away || Boolean(attendee.delegate_id);
    this.returns.hidden = !attendee.left_at || Boolean(attendee.delegate_id);
    this.goes.hidden = this.moves.hidden = !present;
    this.checkOut.hidden = away;
    this.why.hidden = present;
    this.withdraw.hidden = !attendee.delegate_id;
    this.lead.hidden = (!present && attendee.id !== state.you.attendee_id) || state.presenter?.attendee_id === attendee.id;
    setText(this.moves, words.say(attendee.place === "online" ? "act_to_room" : "act_to_online"));
  }

  #standing(represented, seat) {
    const { words } = this.room;
    const said = [];
    if (represented) said.push(words.say(represented.delegate_votes ? "stands_with_vote" : "stands_for", { name: represented.name }));
    if (seat) said.push(words.say("seat_is", { label: seat.label }));
    return said.join(" · ");
  }

  get #who() {
    return { attendee_id: this.attendee.id };
  }

  #checkIn(control, place) {
    const { id, name } = this.attendee;
    const reason = this.reply?.absence_reason; // coming in wipes it out
    const back = [["attendee.check_out", { attendee_id: id }]];
    if (reason) back.push(["attendee.absence", { attendee_id: id, reason }]);
    this.#act(control, "attendee.check_in", { place }, "done_check_in", back, name);
  }

  #leave() {
    this.#act(this.goes, "attendee.leave", {}, "done_leave", [["attendee.return", this.#who]]);
  }

  #return() {
    const { left_at: at } = this.attendee;
    this.#act(this.returns, "attendee.return", {}, "done_return", [["attendee.leave", { ...this.#who, at }]]);
  }

  #move() {
    const before = this.attendee.place;
    const place = before === "online" ? "room" : "online";
    const back = [["attendee.place", { ...this.#who, place: before }]];
    this.#act(this.moves, "attendee.place", { place }, place === "online" ? "done_to_online" : "done_to_room", back);
  }

  #checkOut() {
    const { checked_in_at: at, left_at: left, place } = this.attendee;
    const back = [["attendee.check_in", { ...this.#who, place: place ?? "room", at }]];
    if (left) back.push(["attendee.leave", { ...this.#who, at: left }]);
    this.#act(this.checkOut, "attendee.check_out", {}, "done_check_out", back);
  }

  #withdraw() {
    this.room.act(this.withdraw, "attendee.withdraw_delegate", this.#who);
  }

  #hand() {
    const { state } = this.room;
    const before = state.presenter?.attendee_id;
    const back = before ? ["present.hand", { attendee_id: before }] : ["present.stop", {}];
    this.#act(this.lead, "present.hand", {}, "done_hand", [back]);
  }

  #act(control, act, args, said, back, name = this.attendee.name) {
    const text = this.room.words.say(said, { name });
    return this.room.act(control, act, { ...this.#who, ...args }, { text, steps: () => back });
  }

  #explain() {
    if (this.form?.isConnected) {
      this.form.remove();
      return;
    }
    const { words } = this.room;
    const reason = el("input", { maxlength: 500, required: true, autocomplete: "off" });
    reason.value = this.reply?.absence_reason ?? "";
    const save = el("button", { type: "submit", class: "primary", text: words.say("save") });
    this.form = el("form", { class: "form inline" }, el("label", {}, el("span", { text: words.say("field_reason") }), reason), save);
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await this.room.act(save, "attendee.absence", { ...this.#who, reason: reason.value })) this.form.remove();
    });
    this.node.append(this.form);
    reason.focus();
  }
}
