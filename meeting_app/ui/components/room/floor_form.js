// Asking for the floor: one touch is enough; a question says for whom, the desk may ask for somebody else.

import { el, setText } from "./dom.js";
import { PersonPick } from "./person_pick.js";

const KINDS = ["speech", "order", "question"];

export class FloorForm {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.kind = "speech";
    this.kinds = Object.fromEntries(KINDS.map((kind) => [kind, this.#kindButton(kind)]));
    this.choice = el("div", { class: "choices", role: "group", "aria-label": words.say("floor_kind") }, ...Object.values(this.kinds));
    this.who = new PersonPick(room, { name: "who", label: words.say("floor_for"), nobody: words.say("floor_myself"), changed: () => this.draw() });
    this.addressee = new PersonPick(room, { name: "addressee", label: words.say("floor_addressee") });
    this.subject = el("input", { name: "subject", maxlength: 500, autocomplete: "off" });
    this.subjectText = el("span");
    this.submit = el("button", { type: "submit", class: "primary floor-ask", "data-act": "floor_ask" });
    this.closed = el("p", { class: "quiet" });
    this.node = el(
      "form",
      { class: "form floor-form" },
      this.choice,
      this.addressee.node,
      el("label", {}, this.subjectText, this.subject),
      this.who.node,
      this.closed,
      this.submit,
    );
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
  }

  draw() {
    const { state, words, desk } = this.room;
    const guest = state.you.role === "guest";
    this.choice.hidden = guest;
    if (guest) this.kind = "speech";
    for (const kind of KINDS) this.kinds[kind].setAttribute("aria-pressed", String(kind === this.kind));
    setText(this.subjectText, words.say(this.kind === "question" ? "floor_question_text" : "floor_subject"));
    setText(this.submit, words.say(`floor_ask_${this.kind}`));
    const me = state.you.attendee_id;
    const others = state.attendees.filter((each) => each.id !== me);
    this.addressee.draw(others, { asked: this.kind === "question" });
    this.who.draw(others, { asked: desk });
    const closed = this.#closed();
    this.node.hidden = closed === "over";
    this.submit.disabled = Boolean(closed);
    this.closed.hidden = !closed;
    setText(this.closed, closed ? words.say(`floor_closed_${closed}`) : "");
  }

  /** Why nothing can be asked for now: "early", "paused", "ended", "over", or "". */
  #closed() {
    const { state, desk } = this.room;
    const { meeting, floor_rules: rules } = state;
    if (!["convened", "running", "paused"].includes(meeting.state)) return "over";
    const taking = { speech: rules?.speeches, question: rules?.questions }[this.kind] ?? "open";
    if (taking === "ended") return "ended";
    return taking === "paused" && !(desk && this.who.value !== null) ? "paused" : "";
  }

  #kindButton(kind) {
    const press = () => {
      this.kind = kind;
      this.draw();
    };
    return el("button", { type: "button", class: "choice", "data-kind": kind, text: this.room.words.say(`floor_kind_${kind}`), onclick: press });
  }

  async #ask() {
    const args = { kind: this.kind, subject: this.subject.value };
    if (this.kind === "question") args.addressee_id = this.addressee.value;
    if (this.who.value !== null) args.attendee_id = this.who.value;
    if (!(await this.room.act(this.submit, "floor.raise", args))) return; // what was typed stays
    this.subject.value = "";
    this.kind = "speech";
    this.addressee.choose(null);
    this.who.choose(null);
  }
}
