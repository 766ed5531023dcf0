// The minutes beside the panel, as they grow: under each item what the house knows, and the words of whoever writes.
// The words are the sections of the minutes themselves, kept and saved as in their editor.

import { send } from "../dom.js";
import { Sections } from "../minutes_editor/sections.js";
import { el, keyed, setText, sign } from "./dom.js";
import { Sheet } from "./sheet.js";

const WRITERS = ["chair", "secretary"];
const STATES = ["running", "paused", "closed"];
const SOON = 600; // ms after something happened that the minutes may tell of
const AGAIN = 10000; // ms; what somebody else writes is no event of the log
const TOLD = ["items", "conclusions", "floor", "motions", "meeting", "minutes"];
const SIGNS = { known: "note", votes: "ballot", conclusions: "check" };

export class MinutesPane {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.texts = sectionTexts(words.texts);
    this.next = Infinity; // when to read again, by performance.now()
    this.ways = ["papers", "minutes"].map((name) => this.#way(name));
    this.switch = el("div", { class: "centre-switch", role: "group", "aria-label": words.say("minutes_switch"), hidden: true }, ...this.ways);
    this.explained = el("p", { class: "quiet", text: words.say("minutes_explained") });
    this.said = el("p", { class: "quiet minutes-said", role: "status" });
    this.leaf = el("button", { type: "button", class: "plain", "data-act": "minutes_page", onclick: () => location.assign(room.minutes) });
    this.list = el("ol", { class: "minutes-list" });
    this.node = el("section", { class: "minutes-pane", tabindex: "0", "aria-label": words.say("minutes_pane") }, this.explained, this.said, this.leaf, this.list);
    this.sheet = new Sheet(room, words.say("minutes_pane"));
    this.width = new ResizeObserver(([entry]) => this.#fit(entry.contentRect.width));
    this.width.observe(this.list);
  }

  /** Whether this person may write the minutes of this meeting now. */
  get offered() {
    const { state } = this.room;
    return WRITERS.includes(state.you.role) && STATES.includes(state.meeting.state);
  }

  /** Beside the panel: as chosen on this device, at first for the secretary alone. */
  get beside() {
    if (!this.offered || this.room.layout.mode === "phone") return false;
    this.chosen ??= sessionStorage.getItem(this.#key()) ?? (this.room.state.you.role === "secretary" ? "minutes" : "papers");
    return this.chosen === "minutes";
  }

  open() {
    if (this.room.layout.mode === "phone") this.sheet.open();
    else this.choose("minutes");
  }

  choose(name) {
    this.chosen = name;
    sessionStorage.setItem(this.#key(), name);
    this.room.draw();
  }

  draw() {
    const { room, beside } = this;
    const { layout } = room;
    this.switch.hidden = !this.offered || layout.mode === "phone";
    for (const way of this.ways) way.setAttribute("aria-pressed", String((way.dataset.act === "centre_minutes") === beside));
    room.root.dataset.centre = beside ? "minutes" : "papers";
    const shown = beside || (this.offered && this.sheet.isOpen);
    if (!this.offered && this.sections) this.#forget();
    if (shown && !this.shown) this.next = 0;
    if (!shown && this.shown) this.sections?.save();
    if (room.live.connection === "live" && this.connection !== "live") this.#back();
    this.connection = room.live.connection;
    this.shown = shown;
    for (const node of this.list.children) this.#mark(node);
    this.#aim(shown ? (room.shownItem?.id ?? null) : null);
  }

  tick() {
    if (!this.shown || performance.now() < this.next || document.visibilityState === "hidden") return;
    this.#read();
  }

  heard(kind) {
    if (TOLD.includes(kind)) this.next = Math.min(this.next, performance.now() + SOON);
  }

  close() {
    this.width.disconnect();
    this.sections?.destroy();
  }

  /** Whoever left the desk keeps nothing of it; what was typed is sent before. */
  #forget() {
    this.sheet.close();
    this.sections.destroy();
    this.sections = null;
    keyed(this.list, [], null, null);
  }

  /** The line holds again: what was kept here is sent, what was missed is read. */
  #back() {
    this.next = Math.min(this.next, 0);
    this.sections?.save();
  }

  async #read() {
    this.next = performance.now() + AGAIN;
    let answer = await this.#ask("GET");
    const lasts = ["running", "paused"].includes(this.room.state.meeting.state);
    if (answer.ok && lasts && answer.content.parts.some((part) => !part.section)) answer = await this.#ask("POST");
    if (answer.ok && this.offered) this.#show(answer.content);
    else if (!this.list.firstChild) this.#say(answer.content.sentence);
  }

  #ask(method) {
    const options = method === "GET" ? { method, body: undefined } : { method };
    return send(`/minutes/notes/${this.room.meeting}`, {}, this.texts, { ...options, stays: true });
  }

  #show({ state, may_write, parts }) {
    this.sections ??= new Sections(this.texts);
    this.explained.hidden = state !== "notes";
    this.leaf.hidden = this.room.state.meeting.state !== "closed";
    setText(this.leaf, this.room.words.say(state === null || state === "notes" ? "act_open_minutes" : "act_write_minutes"));
    const rows = parts.filter((part) => part.section).map((part, place) => ({ ...part, id: part.section.id, place }));
    this.#say(rows.length ? (may_write ? "" : this.room.words.say("minutes_beyond")) : this.room.words.say("minutes_none"));
    keyed(this.list, rows, () => this.#createPart(), (node, row) => this.#updatePart(node, row, may_write));
    this.#bring();
  }

  #say(text) {
    setText(this.said, text ?? "");
    this.said.hidden = !text;
  }

  #createPart() {
    return el("li", { class: "minutes-part" });
  }

  #updatePart(node, row, mayWrite) {
    const heading = row.item_id === null ? row.heading : `${row.place}. ${row.heading}`;
    const section = this.sections.of({ ...row.section, heading });
    if (!node.firstChild) {
      node.known = el("ul", { class: "minutes-known", "aria-label": this.room.words.say("minutes_known") });
      section.heading.after(node.known);
      node.append(section.element);
    }
    node.itemId = row.item_id;
    node.dataset.part = row.item_id ?? (row.place === 0 ? "opening" : "closing");
    section.area.readOnly = !mayWrite;
    const lines = Object.keys(SIGNS).flatMap((kind) => row[kind].map((text, place) => ({ id: `${kind}${place}`, kind, text })));
    node.known.hidden = lines.length === 0;
    keyed(node.known, lines, createLine, (line, { text }) => setText(line.said, text));
    this.#mark(node);
  }

  #mark(node) {
    node.dataset.current = String(node.itemId !== null && node.itemId === this.room.currentItem?.id);
  }

  /** Once for each item that is looked at. */
  #aim(itemId) {
    if (itemId === this.looked) return;
    this.looked = this.wanted = itemId;
    this.#bring();
  }

  /** Into view, as soon as it is there; never away from under somebody who types. */
  #bring() {
    const node = [...this.list.children].find((each) => each.itemId !== null && each.itemId === this.wanted);
    if (!node) return;
    this.wanted = null;
    if (!this.list.querySelector("textarea:focus")) node.scrollIntoView({ block: "start" });
  }

  #fit(width) {
    if (width === this.fitted || width === 0) return;
    this.fitted = width;
    this.sections?.fit();
  }

  #way(name) {
    return el("button", { type: "button", class: "choice", "data-act": `centre_${name}`, text: this.room.words.say(`centre_${name}`), onclick: () => this.choose(name) });
  }

  #key() {
    return `centre-${this.room.meeting}`;
  }
}

function createLine({ kind }) {
  const line = el("li", { "data-kind": kind });
  line.said = el("span");
  line.append(sign(SIGNS[kind]), line.said);
  return line;
}

/** What a section says, without the prefix under which the room keeps it. */
function sectionTexts(texts) {
  const found = Object.entries(texts).filter(([name]) => name.startsWith("section_"));
  return { unreachable: texts.unreachable, ...Object.fromEntries(found.map(([name, text]) => [name.slice("section_".length), text])) };
}
