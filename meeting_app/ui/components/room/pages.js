// The document on the table: the reader, what is being discussed while it fills the screen, how far its pages are.

import { Annotating } from "../reading/annotating.js";
import { Follow } from "../reading/follow.js";
import { Reader } from "../reading/reader.js";
import { sourceOf } from "../reading/source.js";
import { el, setText, sign } from "./dom.js";

export class Pages {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.original = el("a", { class: "icon roomy", "aria-label": words.say("original"), title: words.say("original"), target: "_blank" }, sign("file"));
    this.reader = new Reader({ data: room.reading, extra: [this.original], tells: true });
    this.now = el("p", { class: "wide-now" });
    this.preparing = el("p", { class: "preparing", role: "status" });
    this.node = this.reader.node;
    this.node.classList.add("pages");
    this.annotating = new Annotating(this.reader, {
      account: room.reading.account,
      meeting: room.meeting,
      go: (line) => this.#leap(line),
    });
    this.follow = new Follow({
      reader: this.reader,
      words,
      live: () => room.live,
      act: (control, act) => room.act(control, act),
      changed: () => room.draw(),
    });
    this.file = el("a", { class: "keep", target: "_blank", text: words.say("original") });
    this.reader.view.add(this.file);
    this.reader.tools.add(this.follow.lead, this.annotating.control);
    this.node.prepend(this.now, this.preparing, this.follow.node);
  }

  /** News beside the state: the presenter points, or something shared on a document changed. */
  heard(kind, body) {
    if (kind === "point") this.follow.pointed(body);
    else if (kind === "annotations") this.annotating.refresh(body.document_id);
  }

  close() {
    this.annotating.close();
    this.reader.close();
  }

  /** Put a document (as the state names it) on the table, or take it off with null. */
  show(document) {
    this.node.hidden = document === null;
    this.follow.quietly(() => this.reader.show(document && sourceOf(document), this.follow.pageOf(document)));
    // Another document takes the pages away that had the focus: keys still go to what fills the screen.
    if (this.reader.wide && this.node.getRootNode().activeElement === null) this.reader.pages.focus();
    if (document === null) return;
    this.original.href = this.file.href = `/files/document/${document.id}`;
    this.#drawState(document);
    this.follow.turn();
  }

  widen(wide) {
    this.reader.widen(wide);
  }

  /** To a page of another document of the meeting. */
  #leap({ document_id: id, page }) {
    const document = this.room.state.documents.find((each) => each.id === id);
    if (!document) return;
    this.room.documents.read(document);
    this.reader.go(page);
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
