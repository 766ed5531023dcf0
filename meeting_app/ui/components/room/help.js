// "Cần hỗ trợ": anybody calls with one touch, the desk sees who, where they sit and since when.

import { el, keyed, setText } from "./dom.js";
import { person } from "./turn_time.js";

export class Help {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.text = el("input", { name: "help", maxlength: 200, autocomplete: "off" });
    this.call = el("button", { type: "submit", class: "plain help-call", "data-act": "help_call", text: words.say("help_call") });
    this.form = el("form", { class: "form" }, el("label", {}, el("span", { text: words.say("help_text") }), this.text), this.call);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#call();
    });
    this.said = el("p", { class: "own-said" });
    this.back = el("button", { type: "button", class: "plain", "data-act": "help_withdraw", text: words.say("help_withdraw") });
    this.back.addEventListener("click", () => this.room.act(this.back, "help.withdraw"));
    this.mine = el("div", { class: "own", role: "status" }, this.said, this.back);
    this.node = el("section", { class: "help", "aria-label": words.say("help_call") }, this.form, this.mine);
    this.list = el("ul", { class: "help-list" });
    this.panel = el("section", { class: "panel help-panel", "aria-label": words.say("help_open"), hidden: true }, el("h2", { text: words.say("help_open") }), this.list);
  }

  /** The calls that nobody has answered, oldest first. */
  get open() {
    return (this.room.state?.help ?? []).filter((each) => !each.answered_at);
  }

  draw() {
    const { state, words, desk } = this.room;
    const mine = this.open.find((each) => each.attendee_id === state.you.attendee_id);
    const talks = ["convened", "running", "paused", "closed"].includes(state.meeting.state);
    this.node.hidden = desk || !talks;
    this.form.hidden = Boolean(mine);
    this.mine.hidden = !mine;
    if (mine) setText(this.said, words.say("help_told", { hour: words.hour(mine.raised_at) }));
    const calls = desk ? this.open : [];
    this.panel.hidden = calls.length === 0;
    keyed(this.list, calls, () => this.#createRow(), (row, call) => this.#updateRow(row, call));
  }

  async #call() {
    if (await this.room.act(this.call, "help.call", { text: this.text.value })) this.text.value = "";
  }

  #createRow() {
    const row = el("li", { class: "help-row" });
    row.name = el("span", { class: "floor-name" });
    row.under = el("span", { class: "quiet" });
    row.done = el("button", { type: "button", class: "plain", "data-act": "help_answer", text: this.room.words.say("help_done") });
    row.done.addEventListener("click", () => this.#answer(row));
    row.append(el("span", { class: "floor-text" }, row.name, row.under), row.done);
    return row;
  }

  #updateRow(row, call) {
    const { state, words } = this.room;
    const who = person(state, call.attendee_id);
    const seat = (state.seats ?? []).find((each) => each.id === who?.seat_id);
    row.call = call;
    setText(row.name, who?.name ?? "");
    const where = seat ? words.say("help_seat", { seat: seat.label }) : "";
    setText(row.under, [where, words.say("help_since", { hour: words.hour(call.raised_at) }), call.text].filter(Boolean).join(" · "));
    row.done.setAttribute("aria-label", words.say("help_label_done", { name: who?.name ?? "" }));
  }

  #answer(row) {
    const name = row.name.textContent;
    const undo = { text: this.room.words.say("help_answered", { name }), steps: () => [["help.reopen", { help_id: row.call.id }]] };
    this.room.act(row.done, "help.answer", { help_id: row.call.id }, undo);
  }
}
