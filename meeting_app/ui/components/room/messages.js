// What the desk says to all or to one: a calm banner, the list of earlier ones, the composer; and calls for help.

import { el, keyed, setText } from "./dom.js";
import { Help } from "./help.js";
import { PersonPick } from "./person_pick.js";
import { Sheet } from "./sheet.js";
import { nameOf } from "./turn_time.js";

const QUICK = ["quick_come", "quick_break", "quick_return", "quick_vote"];

export class Messages {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.read = new Set(JSON.parse(localStorage.getItem(this.#key()) ?? "[]"));
    this.help = new Help(room);
    this.panel = this.help.panel;
    this.from = el("p", { class: "tag" });
    this.text = el("p", { class: "message-text" });
    this.seen = el("button", { type: "button", class: "primary", "data-act": "message_read", text: words.say("message_read"), onclick: () => this.#markRead() });
    this.line = el("div", { class: "message-banner", hidden: true }, el("div", { class: "message-words" }, this.from, this.text), this.seen);
    this.node = el("div", { role: "status" }, this.line);
    this.sheet = new Sheet(room, words.say("messages"));
    this.form = this.#buildForm();
    this.none = el("p", { class: "quiet", text: words.say("no_messages") });
    this.list = el("ul", { class: "message-list" });
    this.sheet.content.append(this.help.node, this.form, this.none, this.list);
  }

  open() {
    this.sheet.open();
  }

  /** How many wait to be looked at: unread messages, for the desk open calls as well. */
  get waiting() {
    return this.#unread().length + (this.room.desk ? this.help.open.length : 0);
  }

  draw() {
    const { state, words, desk } = this.room;
    const messages = state.messages ?? [];
    this.help.draw();
    this.form.hidden = !desk || !["convened", "running", "paused", "closed"].includes(state.meeting.state);
    this.none.hidden = messages.length > 0;
    const others = state.attendees.filter((each) => each.id !== state.you.attendee_id);
    this.whom.draw(others);
    keyed(this.list, messages.toReversed(), () => this.#createRow(), (row, message) => this.#updateRow(row, message));
    const [oldest] = this.#unread();
    this.line.hidden = !oldest;
    if (!oldest) return;
    this.shown = oldest;
    setText(this.from, this.#about(oldest));
    setText(this.text, oldest.text);
  }

  #buildForm() {
    const { words } = this.room;
    this.whom = new PersonPick(this.room, { name: "whom", label: words.say("message_whom"), nobody: words.say("message_to_all") });
    this.typed = el("textarea", { name: "message", rows: 2, maxlength: 500, required: true });
    const quick = QUICK.map((name) => {
      const fill = () => {
        this.typed.value = words.say(name);
        this.typed.focus();
      };
      return el("button", { type: "button", class: "choice", "data-quick": name, text: words.say(name), onclick: fill });
    });
    const submit = el("button", { type: "submit", class: "primary", "data-act": "message_send", text: words.say("message_send") });
    const form = el(
      "form",
      { class: "form message-form" },
      this.whom.node,
      el("label", {}, el("span", { text: words.say("message_words") }), this.typed),
      el("div", { class: "choices" }, ...quick),
      submit,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(submit);
    });
    return form;
  }

  async #send(submit) {
    const text = this.typed.value;
    const args = { text };
    if (this.whom.value !== null) args.attendee_id = this.whom.value;
    const undo = { text: this.room.words.say("message_sent"), steps: () => [["message.recall", { message_id: this.#newest() }]] };
    if (!(await this.room.act(submit, "message.send", args, undo))) return; // what was typed stays
    this.typed.value = "";
  }

  #newest() {
    const { state } = this.room;
    return state.messages.findLast((each) => each.sender_id === state.you.attendee_id)?.id ?? 0;
  }

  #createRow() {
    const { words } = this.room;
    const row = el("li", { class: "message-row" });
    row.about = el("p", { class: "quiet" });
    row.text = el("p", { class: "message-text" });
    row.recall = el("button", { type: "button", class: "plain", "data-act": "message_recall", text: words.say("message_recall") });
    row.recall.addEventListener("click", () => this.#recall(row));
    row.append(el("div", {}, row.about, row.text), row.recall);
    return row;
  }

  #updateRow(row, message) {
    row.message = message;
    setText(row.about, this.#about(message));
    setText(row.text, message.text);
    row.recall.hidden = !this.room.desk;
  }

  #recall(row) {
    const { text, attendee_id } = row.message;
    const again = attendee_id ? { text, attendee_id } : { text };
    const undo = { text: this.room.words.say("message_recalled"), steps: () => [["message.send", again]] };
    this.room.act(row.recall, "message.recall", { message_id: row.message.id }, undo);
  }

  #about(message) {
    const { state, words } = this.room;
    const values = { hour: words.hour(message.at), sender: nameOf(state, message.sender_id), name: nameOf(state, message.attendee_id) };
    if (!message.attendee_id) return words.say("message_about_all", values);
    return words.say(message.attendee_id === state.you.attendee_id ? "message_about_you" : "message_about_one", values);
  }

  /** Oldest first: what others said to all or to me, and I have not put away. */
  #unread() {
    const { state } = this.room;
    const me = state.you.attendee_id;
    const forMe = (each) => each.sender_id !== me && (each.attendee_id === null || each.attendee_id === me);
    return (state.messages ?? []).filter((each) => forMe(each) && !this.read.has(each.id));
  }

  #markRead() {
    this.read.add(this.shown.id);
    localStorage.setItem(this.#key(), JSON.stringify([...this.read].slice(-200)));
    this.room.draw();
  }

  #key() {
    return `messages-${this.room.meeting}-${this.room.reading.account}`;
  }
}
