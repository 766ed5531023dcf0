// The document on the table: the reader, what is being discussed while it fills the screen, how far its pages are.

import { Reader } from "../reading/reader.js";
import { sourceOf } from "../reading/source.js";
import { el, setText, sign } from "./dom.js";

export class Pages {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.original = el("a", { class: "icon", "aria-label": words.say("original"), title: words.say("original"), target: "_blank" }, sign("file"));
    this.reader = new Reader({ data: room.reading, extra: [this.original], tells: true });
    this.now = el("p", { class: "wide-now" });
    this.preparing = el("p", { class: "preparing", role: "status" });
    this.node = this.reader.node;
    this.node.classList.add("pages");
    this.node.prepend(this.now, this.preparing);
  }

  /** Put a document (as the state names it) on the table, or take it off with null. */
  show(document) {
    this.node.hidden = document === null;
    this.reader.show(document && sourceOf(document));
    if (document === null) return;
    this.original.href = `/files/document/${document.id}`;
    this.#drawState(document);
  }

  widen(wide) {
    this.reader.widen(wide);
  }

  #drawState({ pages, prepared, state }) {
    const { words, currentItem } = this.room;
    this.preparing.hidden = state === "ready";
    if (state === "failed") setText(this.preparing, words.say("pages_failed"));
    else setText(this.preparing, words.say("pages_preparing", { prepared, pages }));
    this.now.hidden = !currentItem;
    if (currentItem) setText(this.now, words.say("now_discussed", { title: currentItem.title }));
  }
}
