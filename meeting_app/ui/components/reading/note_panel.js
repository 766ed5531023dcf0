// Writing a note: what is typed is kept as it is typed, here at once and at the server a moment later.

import { h } from "../dom.js";
import { Panel } from "./panel.js";
import { INKS } from "./strokes.js";

const DRAFT = "note-draft";
const REST = 700; // ms without a key before it is kept
const LONGEST = 4000;

export class NotePanel {
  constructor({ say, notebook, share }) {
    Object.assign(this, { say, notebook });
    this.panel = new Panel({ title: say("note_mine"), close: say("close"), closed: () => this.#closed() });
    this.maker = h("p", { className: "note-maker" });
    this.text = h("textarea", { id: "note-text", rows: 6, maxLength: LONGEST, "aria-label": say("note_text") });
    this.text.addEventListener("input", () => this.#typed());
    this.colours = h("div", { className: "palette", role: "radiogroup", "aria-label": say("colours") }, ...Object.keys(INKS).map((name) => this.#colour(name)));
    this.kept = h("p", { className: "note-kept", role: "status" });
    this.share = h("button", { type: "button", className: "panel-act", onclick: () => this.#share(share) }, say("share_note"));
    this.remove = h("button", { type: "button", className: "panel-act", onclick: () => this.#remove() }, say("note_remove"));
    this.done = h("button", { type: "button", className: "panel-act primary", onclick: () => this.panel.close() }, say("note_done"));
    this.panel.content.append(this.maker, this.text, this.colours, this.kept, h("div", { className: "panel-acts" }, this.share, this.remove, this.done));
    this.node = this.panel.node;
  }

  /** A new note at a place, {page, x, y}; an unfinished one of this document goes on. */
  write(place) {
    this.annotation = null;
    this.place = place;
    this.colour = "blue";
    this.#show(draft(this.notebook.document?.version) ?? "", "");
  }

  open(annotation) {
    this.annotation = annotation;
    this.colour = annotation.colour;
    this.#show(annotation.body.text, annotation.maker ?? "");
  }

  #show(text, maker) {
    this.text.value = text;
    this.text.readOnly = maker !== "";
    this.maker.textContent = maker ? this.say("note_of", { name: maker }) : "";
    this.maker.hidden = !maker;
    for (const node of [this.colours, this.share, this.remove]) node.hidden = maker !== "";
    this.kept.textContent = "";
    this.#drawColours();
    this.panel.open();
    this.text.focus();
  }

  #typed() {
    if (!this.annotation) keepDraft(this.notebook.document?.version, this.text.value);
    this.kept.textContent = "";
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.#keep(), REST);
  }

  #keep() {
    clearTimeout(this.resting);
    const text = this.text.value.trim();
    if (!text || this.text.readOnly) return;
    if (this.annotation) {
      if (text !== this.annotation.body.text) this.notebook.change(this.annotation.id, { body: { ...this.annotation.body, text } });
    } else {
      const { page, x, y } = this.place;
      const id = this.notebook.write({ page, kind: "note", colour: this.colour, body: { x, y, text } });
      this.annotation = this.notebook.own.get(id);
      keepDraft(this.notebook.document?.version, "");
    }
    this.kept.textContent = this.say("note_is_kept");
  }

  #closed() {
    this.#keep();
    this.annotation = null;
  }

  #share(share) {
    this.#keep();
    if (this.annotation) share([this.annotation.id]);
  }

  #remove() {
    clearTimeout(this.resting);
    if (this.annotation) this.notebook.remove([this.annotation.id]);
    keepDraft(this.notebook.document?.version, "");
    this.text.value = "";
    this.panel.close();
  }

  #colour(name) {
    const node = h("button", { type: "button", role: "radio", className: "colour", title: this.say(`colour_${name}`), "aria-label": this.say(`colour_${name}`), onclick: () => this.#dip(name) });
    node.dataset.colour = name;
    node.style.setProperty("--paint", INKS[name]);
    return node;
  }

  #dip(name) {
    this.colour = name;
    if (this.annotation) this.notebook.change(this.annotation.id, { colour: name });
    this.#drawColours();
  }

  #drawColours() {
    for (const node of this.colours.children) node.setAttribute("aria-checked", String(node.dataset.colour === this.colour));
  }
}

function draft(version) {
  try {
    return JSON.parse(localStorage.getItem(DRAFT) ?? "{}")[version] ?? null;
  } catch {
    return null;
  }
}

function keepDraft(version, text) {
  try {
    localStorage.setItem(DRAFT, text ? JSON.stringify({ [version]: text }) : "{}");
  } catch {
    // It stands in the field while the page stays open.
  }
}
