// The chair's conclusions, written down as they are said; only the desk sees them before the minutes.

import { el, keyed, setText } from "./dom.js";
import { Sheet } from "./sheet.js";

export class Conclusions {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.sheet = new Sheet(room, words.say("conclusions"));
    this.about = el("select", { name: "item" });
    this.text = el("textarea", { rows: 4, maxlength: 4000, required: true });
    this.text.addEventListener("input", () => this.#keep());
    this.text.value = sessionStorage.getItem(this.#key()) ?? "";
    const submit = el("button", { type: "submit", class: "primary", text: words.say("act_record") });
    this.form = el(
      "form",
      { class: "form" },
      el("label", {}, el("span", { text: words.say("field_about") }), this.about),
      el("label", {}, el("span", { text: words.say("field_conclusion") }), this.text),
      submit,
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#record(submit);
    });
    this.empty = el("p", { class: "quiet", text: words.say("no_conclusions") });
    this.list = el("ul", { class: "conclusion-list" });
    this.sheet.content.append(this.form, this.empty, this.list);
  }

  open() {
    this.sheet.open();
    this.about.value = String(this.room.currentItem?.id ?? "");
    this.text.focus();
  }

  draw() {
    if (!this.sheet.isOpen) return;
    const { state, words } = this.room;
    const conclusions = state.conclusions ?? [];
    const choices = [{ id: "", title: words.say("whole_meeting") }, ...state.items];
    keyed(this.about, choices, (item) => el("option", { value: item.id }), (node, item) => setText(node, item.title));
    this.empty.hidden = conclusions.length > 0;
    keyed(this.list, conclusions, () => this.#createRow(), (row, conclusion) => this.#updateRow(row, conclusion));
  }

  #createRow() {
    const { words } = this.room;
    const row = el("li", { class: "conclusion" });
    row.about = el("p", { class: "quiet" });
    row.text = el("p", { class: "conclusion-text" });
    const remove = el("button", { type: "button", class: "plain", text: words.say("remove") });
    remove.addEventListener("click", () => this.#remove(remove, row.conclusion));
    row.append(el("div", {}, row.about, row.text), remove);
    return row;
  }

  #updateRow(row, conclusion) {
    const { state, words } = this.room;
    row.conclusion = conclusion;
    const item = state.items.find((each) => each.id === conclusion.item_id);
    setText(row.about, item?.title ?? words.say("whole_meeting"));
    setText(row.text, conclusion.text);
  }

  async #record(submit) {
    const item = Number(this.about.value);
    const text = this.text.value;
    const done = await this.room.act(submit, "conclusion.record", { text, item_id: item || null }, {
      text: this.room.words.say("done_record"),
      steps: () => [["conclusion.remove", { conclusion_id: this.#newest(text) }]],
    });
    if (!done) return; // what was typed stays
    this.text.value = "";
    this.#keep();
  }

  #newest(text) {
    return this.room.state.conclusions.findLast((each) => each.text.trim() === text.trim())?.id ?? 0;
  }

  #remove(control, conclusion) {
    const { words } = this.room;
    const { text, item_id } = conclusion;
    this.room.act(control, "conclusion.remove", { conclusion_id: conclusion.id }, {
      text: words.say("done_remove"),
      steps: () => [["conclusion.record", { text, item_id }]],
    });
  }

  /** A half-written conclusion survives a reload of the page. */
  #keep() {
    if (this.text.value) sessionStorage.setItem(this.#key(), this.text.value);
    else sessionStorage.removeItem(this.#key());
  }

  #key() {
    return `conclusion-${this.room.meeting}`;
  }
}
