// One's own presence: where I attend from, that I go early, who goes for me, and my seat.

import { el, setText } from "./dom.js";
import { inWords, isPresent } from "./presence.js";

const OPEN = ["convened", "running", "paused"];

export class Own {
  constructor(room) {
    this.room = room;
    this.said = el("p", { class: "own-said" });
    this.buttons = new Map();
    const acts = el("div", { class: "own-acts" });
    for (const [name, press] of Object.entries({
      check_in: (control) => room.people.checkIn(control),
      attend_online: (control) => this.#comeOnline(control),
      go_online: (control) => this.#place(control, "online"),
      go_room: (control) => this.#place(control, "room"),
      go: (control) => this.#leave(control),
      back: (control) => this.#return(control),
      withdraw: (control) => room.act(control, "attendee.withdraw_delegate"),
    })) {
      const node = el("button", { type: "button", class: "plain", "data-act": `own_${name}`, text: room.words.say(`own_${name}`) });
      node.addEventListener("click", () => press(node));
      this.buttons.set(name, node);
      acts.append(node);
    }
    this.node = el("section", { class: "own", "aria-label": room.words.say("own_presence") }, this.said, acts);
  }

  get #me() {
    const { attendees, you } = this.room.state;
    return attendees.find((each) => each.id === you.attendee_id);
  }

  draw() {
    const { state, words } = this.room;
    const me = this.#me;
    this.node.hidden = !me;
    if (!me) return;
    const seat = state.seats?.find((each) => each.id === me.seat_id);
    const represented = state.attendees.find((each) => each.delegate_id === me.id);
    const said = [inWords(this.room, me, state.replies?.find((each) => each.id === me.id))];
    if (represented) said.push(words.say(represented.delegate_votes ? "stands_with_vote" : "stands_for", { name: represented.name }));
    if (seat) said.push(words.say("own_seat", { label: seat.label }));
    setText(this.said, said.join(" · "));
    this.node.dataset.present = String(isPresent(me));
    this.#offer(me, OPEN.includes(state.meeting.state));
  }

  #offer(me, open) {
    const present = isPresent(me);
    const sent = Boolean(me.delegate_id);
    const offered = {
      check_in: !present && !me.left_at && !sent,
      attend_online: !present && !me.left_at && !sent,
      go_online: present && me.place !== "online",
      go_room: present && me.place === "online",
      go: present,
      back: Boolean(me.left_at) && !sent,
      withdraw: sent,
    };
    for (const [name, node] of this.buttons) node.hidden = !open || !offered[name];
  }

  #comeOnline(control) {
    const back = [["attendee.check_out", { attendee_id: this.#me.id }]];
    this.room.act(control, "attendee.check_in", { place: "online" }, { text: this.room.words.say("checked_in_online"), steps: () => back });
  }

  #place(control, place) {
    const text = this.room.words.say(place === "online" ? "checked_in_online" : "checked_in_room");
    const back = [["attendee.place", { place: this.#me.place ?? "room" }]];
    this.room.act(control, "attendee.place", { place }, { text, steps: () => back });
  }

  #leave(control) {
    const text = this.room.words.say("own_gone");
    this.room.act(control, "attendee.leave", {}, { text, steps: () => [["attendee.return", {}]] });
  }

  #return(control) {
    const text = this.room.words.say("own_returned");
    this.room.act(control, "attendee.return", {}, { text, steps: () => [["attendee.leave", {}]] });
  }
}
