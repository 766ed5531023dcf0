// Writing on what is read: pen, marker, eraser, notes, the list of them, and with whom they are shared.
//
//   const annotating = new Annotating(reader, { account, meeting, go });
//   annotating.refresh(documentId)      // something shared on it changed
//
// Works wherever the reader stands. Only documents with versions are written on, not our own papers.

import { fill } from "../dom.js";
import { InkLayer } from "./ink_layer.js";
import { ListPanel } from "./list_panel.js";
import { NotePanel } from "./note_panel.js";
import { Notebook } from "./notebook.js";
import { Pen } from "./pen.js";
import { Quoting } from "./quoting.js";
import { SharePanel } from "./share_panel.js";
import { TakeHome } from "./take_home.js";
import { WHOLE } from "./strokes.js";
import { WritingBar } from "./writing_bar.js";

const APART = 300; // ten-thousandths between notes that are put down without a place

export class Annotating {
  constructor(reader, { account, meeting = null, go = null, extra = [] }) {
    this.reader = reader;
    this.say = (name, values = {}) => fill(reader.texts[name] ?? name, values);
    const { say } = this;
    this.notebook = new Notebook({ account, changed: (page, added) => this.#changed(page, added), told: (sentence) => this.#tell(sentence) });
    const { notebook } = this;
    this.layer = new InkLayer({ notebook, say, open: (note) => this.note.open(note) });
    reader.addLayer(this.layer);
    this.pen = new Pen({
      reader,
      layer: this.layer,
      wrote: (stroke) => {
        this.bar.refuse("");
        notebook.write(stroke);
      },
      erasing: (ids, page) => notebook.fade(ids, page),
      erased: (ids) => this.#erase(ids),
      placed: (place) => this.#place(place),
      began: () => this.bar.show("pen"),
    });
    this.sharing = new SharePanel({ say, notebook });
    this.note = new NotePanel({ say, notebook, share: (ids) => this.sharing.open(ids, say("share_one_note")) });
    this.takeHome = new TakeHome({ reader, say, outbox: notebook.outbox });
    this.list = new ListPanel({
      say,
      notebook,
      reader,
      meeting,
      extra: [...extra, this.takeHome.node],
      go: (line) => (line.document_id === reader.document?.id ? reader.go(line.page) : go?.(line)),
      open: (note) => this.note.open(note),
      write: () => this.#writeHere(),
    });
    this.bar = new WritingBar({ say, notebook, pen: this.pen, acts: { list: () => this.list.show(), share: () => this.#sharePage() } });
    this.bar.tools.at(-1).addEventListener("click", (event) => event.detail === 0 && this.#writeHere()); // by keyboard: no place is touched
    this.quoting = new Quoting({ reader, layer: this.layer, say, mark: (pieces) => this.#mark(pieces) });
    reader.middle.append(this.bar.node);
    reader.node.append(this.quoting.node, ...[this.note, this.list, this.sharing].map((each) => each.node));
    reader.on("document", (source) => this.#open(source));
    notebook.outbox.onchange = (count) => this.bar.waiting(navigator.onLine === false || count > 3 ? count : 0);
    if (reader.document) this.#open(reader.document);
  }

  /** The control that opens the tools, to stand among the reader's. */
  get control() {
    return this.bar.open;
  }

  refresh(documentId) {
    if (this.notebook.document?.id === documentId) this.notebook.refresh();
  }

  close() {
    this.notebook.close();
    this.quoting.close();
  }

  #open(source) {
    const written = Boolean(source?.version_id);
    this.bar.open.hidden = !written;
    this.takeHome.draw(source);
    if (!written) this.bar.hide();
    this.notebook.open(written ? source : null);
  }

  #changed(page, added) {
    if (added) this.layer.add(page, added);
    if (!added || added.kind === "note") this.layer.draw(page);
    this.bar?.draw();
  }

  #erase(ids) {
    this.notebook.fading = new Set();
    this.notebook.remove(ids);
  }

  #mark(pieces) {
    for (const { page, areas, text } of pieces) {
      this.notebook.write({ page, kind: "highlight", colour: this.pen.colours.marker, body: { areas, text } });
    }
  }

  /** One touch, one note: the next touch is the reader's again. */
  #place(place) {
    this.bar.choose(null);
    this.note.write(place);
  }

  /** A note on this page where no other lies: for keyboards, and for the list. */
  #writeHere() {
    const { page } = this.reader;
    const taken = this.notebook.of(page).filter((each) => each.kind === "note").map((each) => each.body.y);
    let y = APART;
    while (taken.some((each) => Math.abs(each - y) < APART) && y < WHOLE - APART) y += APART;
    this.note.write({ page, x: WHOLE - 2 * APART, y });
  }

  #sharePage() {
    const { page } = this.reader;
    const ids = this.notebook.mine.filter((each) => each.page === page).map((each) => each.id);
    this.sharing.open(ids, this.say("share_page", { count: ids.length, page: page + 1 }));
  }

  #tell(sentence) {
    this.bar.refuse(sentence);
  }
}
