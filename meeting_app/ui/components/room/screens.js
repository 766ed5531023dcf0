// The hall's big screens, for the desk: which of them show this meeting, and the code of the next one.

import { el, keyed, setText } from "./dom.js";
import { Sheet } from "./sheet.js";

const PAIRING = ["convened", "running", "paused"];

export class Screens {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.sheet = new Sheet(room, words.say("screens"));
    room.bar.add({ name: "screens", shape: "screen", press: () => this.open(), shown: () => room.desk });
    this.code = el("input", {
      ...{ name: "code", required: true, maxlength: 20, autocomplete: "off", autocapitalize: "characters", spellcheck: "false" },
      ...{ class: "screen-code", placeholder: "K7M 4XR", enterkeyhint: "done" },
    });
    const pair = el("button", { type: "submit", class: "primary", text: words.say("screens_pair") });
    this.form = el("form", { class: "form" }, el("label", {}, el("span", { text: words.say("screens_code") }), this.code), pair);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#pair(pair);
    });
    this.list = el("ul", { class: "screen-list" });
    this.empty = el("p", { class: "quiet", text: words.say("screens_none") });
    const how = el("p", { class: "quiet", text: words.say("screens_how", { address: `${location.host}/screen` }) });
    this.sheet.content.append(this.list, this.empty, how, this.form);
  }

  open() {
    this.sheet.open();
    if (!this.form.hidden) this.code.focus();
  }

  draw() {
    const { state, desk } = this.room;
    const screens = state.screens ?? [];
    this.empty.hidden = screens.length > 0;
    this.form.hidden = !PAIRING.includes(state.meeting.state);
    keyed(this.list, screens, () => this.#createRow(), (row, screen) => this.#updateRow(row, screen));
    if (!desk) this.sheet.close();
  }

  #createRow() {
    const { words } = this.room;
    const row = el("li", { class: "screen-row" });
    row.name = el("span", { class: "screen-name" });
    row.since = el("span", { class: "quiet" });
    row.rename = el("button", { type: "button", class: "plain", text: words.say("screens_rename") });
    row.rename.addEventListener("click", () => this.#rename(row));
    row.parting = el("button", { type: "button", class: "plain", text: words.say("screens_part") });
    row.parting.addEventListener("click", () => this.#part(row));
    row.append(el("div", { class: "screen-text" }, row.name, row.since), el("div", { class: "screen-acts" }, row.rename, row.parting));
    return row;
  }

  #updateRow(row, screen) {
    const { words } = this.room;
    row.screen = screen;
    row.dataset.screen = screen.id;
    setText(row.name, screen.name);
    setText(row.since, words.say("screens_since", { hour: words.hour(screen.paired_at) }));
  }

  async #pair(control) {
    const { room } = this;
    const before = new Set((room.state.screens ?? []).map((each) => each.id));
    if (!(await room.act(control, "screen.pair", { code: this.code.value }))) return; // what was typed stays
    this.code.value = "";
    const paired = () => (room.state.screens ?? []).find((each) => !before.has(each.id))?.id ?? 0;
    room.strip.offer(room.words.say("screens_paired"), () => room.act(null, "screen.part", { screen_id: paired() }));
  }

  async #part(row) {
    const { room } = this;
    const { id, name } = row.screen;
    if (await room.act(row.parting, "screen.part", { screen_id: id })) room.strip.offer(room.words.say("screens_parted", { name }), null);
  }

  #rename(row) {
    if (row.form?.isConnected) {
      row.form.remove();
      return;
    }
    const { words } = this.room;
    const { id, name: before } = row.screen;
    const name = el("input", { maxlength: 60, required: true, autocomplete: "off" });
    name.value = before;
    const save = el("button", { type: "submit", class: "primary", text: words.say("save") });
    row.form = el("form", { class: "form inline" }, el("label", {}, el("span", { text: words.say("screens_name") }), name), save);
    row.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const back = { text: words.say("screens_renamed"), steps: () => [["screen.rename", { screen_id: id, name: before }]] };
      if (await this.room.act(save, "screen.rename", { screen_id: id, name: name.value }, back)) row.form.remove();
    });
    row.append(row.form);
    name.focus();
    name.select();
  }
}
