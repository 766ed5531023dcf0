// What I wrote, page by page, in the whole meeting; each line leads to its page (F35). Below it, what
// others share with me on this document.

import { h } from "../dom.js";
import { Panel } from "./panel.js";

export class ListPanel {
  /** `go({document_id, page})` leads there; `write()` begins a note on this page. */
  constructor({ say, notebook, reader, meeting, go, open, write, extra = [] }) {
    Object.assign(this, { say, notebook, reader, meeting, go, openNote: open });
    this.panel = new Panel({ title: say("my_notes"), close: say("close") });
    this.lines = h("ul", { className: "mentions" });
    this.none = h("p", { className: "panel-quiet" }, say("no_notes"));
    this.foreign = h("h3", {}, say("shared_with_me"));
    this.shared = h("ul", { className: "mentions" });
    const add = h("button", { type: "button", className: "panel-act primary", onclick: () => this.#leave(write) }, say("note_add"));
    this.panel.content.append(h("div", { className: "panel-acts" }, add, ...extra), this.none, this.lines, this.foreign, this.shared);
    this.node = this.panel.node;
  }

  async show() {
    this.#draw(this.#here());
    this.panel.open();
    const all = await this.#ofMeeting();
    if (all && this.panel.node.open) this.#draw(all);
  }

  /** The lines of this document, from this device. */
  #here() {
    const { title, id } = this.reader.document ?? {};
    const strokes = new Map();
    const lines = [];
    for (const each of this.notebook.mine) {
      if (each.kind === "ink") strokes.set(each.page, (strokes.get(each.page) ?? 0) + 1);
      else lines.push({ document_id: id, title, newest: true, page: each.page, kind: each.kind, client_id: each.id, text: each.body.text ?? "" });
    }
    for (const [page, count] of strokes) lines.push({ document_id: id, title, newest: true, page, kind: "ink", strokes: count, text: "" });
    return lines.toSorted((a, b) => a.page - b.page);
  }

  /** Those of the other documents are the server's, those of this one are newer here. */
  async #ofMeeting() {
    if (!this.meeting) return null;
    try {
      const answer = await fetch(`/annotations/of-meeting/${this.meeting}`, { cache: "no-store" });
      if (!answer.ok) return null;
      const { mentions } = await answer.json();
      const here = this.reader.document?.id;
      return [...this.#here(), ...mentions.filter((each) => each.document_id !== here || !each.newest)];
    } catch {
      return null;
    }
  }

  #draw(lines) {
    this.none.hidden = lines.length > 0;
    this.lines.replaceChildren(...lines.map((line) => this.#line(line)));
    const shared = [...this.notebook.shared.values()];
    this.foreign.hidden = shared.length === 0;
    this.shared.replaceChildren(...summed(shared).map((line) => this.#line({ ...line, document_id: this.reader.document?.id, newest: true })));
  }

  #line(line) {
    const { say } = this;
    const words = line.text || say(line.kind === "ink" ? "ink_lines" : "marked_place", { count: line.strokes ?? 1 });
    const place = [say("page_short", { page: line.page + 1 }), line.maker, line.title].filter(Boolean).join(" · ");
    const go = h("button", { type: "button", className: "mention", disabled: !line.newest, onclick: () => this.#leave(() => this.#follow(line)) }, h("span", { className: "mention-words" }, words), h("span", { className: "mention-place" }, line.newest ? place : `${place} · ${say("older_version", { number: line.version })}`));
    go.dataset.page = line.page;
    const item = h("li", { className: "mention-line" }, go);
    const own = line.client_id && line.document_id === this.reader.document?.id && line.newest;
    if (own) item.append(h("button", { type: "button", className: "panel-act", onclick: () => this.#remove(line, item) }, say("remove")));
    return item;
  }

  #follow(line) {
    this.go(line);
    const note = line.kind === "note" && this.notebook.own.get(line.client_id);
    if (note && !note.removed) this.openNote(note);
  }

  #remove({ client_id: id }, item) {
    this.notebook.remove([id]);
    const next = item.nextElementSibling?.querySelector("button") ?? this.panel.heading;
    item.remove();
    next.focus();
  }

  #leave(act) {
    this.panel.close();
    act();
  }
}

/** Ink of one maker on one page is one line. */
function summed(all) {
  const lines = new Map();
  for (const { page, kind, maker, body, id } of all) {
    const key = kind === "ink" ? `${maker} ${page}` : id;
    const line = lines.get(key) ?? { page, kind, maker, text: body.text ?? "", strokes: 0 };
    line.strokes += 1;
    lines.set(key, line);
  }
  return [...lines.values()].toSorted((a, b) => a.page - b.page);
}
