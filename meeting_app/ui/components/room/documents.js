// The papers on the table: those of the shown item, page by page; and the list of all.

import { Keeping } from "../reading/keeping.js";
import { evict } from "../reading/store.js";
import { el, keyed, setText, sign } from "./dom.js";
import { Pages } from "./pages.js";
import { Sheet } from "./sheet.js";

export class Documents {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.chosen = new Map(); // item id -> id of the document read there
    this.follow = el("button", { type: "button", class: "follow", hidden: true, onclick: () => room.choose(null) });
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": words.say("documents") });
    this.empty = el("p", { class: "empty" });
    this.pages = new Pages(room);
    this.node = el(
      "section",
      { class: "papers", "aria-label": words.say("documents") },
      this.follow,
      this.tabs,
      this.empty,
      this.pages.node,
    );
    this.sheet = new Sheet(room, words.say("documents"));
    this.all = el("ul", { class: "document-list" });
    this.none = el("p", { class: "quiet", text: words.say("no_documents") });
    const { reader } = this.pages;
    this.keeping = new Keeping(reader, { ...room.reading, store: reader.store, meeting: room.meeting, language: room.language });
    this.known = new Map(); // document id -> the document as it was last
    this.sheet.content.append(this.keeping.node, this.none, this.all);
  }

  draw() {
    const { state, shownItem, currentItem, words } = this.room;
    this.pages.follow.draw(state);
    const followed = this.pages.follow.document;
    const away = !followed && currentItem !== null && shownItem?.id !== currentItem.id;
    this.follow.hidden = !away;
    if (away) setText(this.follow, words.say("back_to_current", { title: currentItem.title }));
    const item = followed ? followed.item_id : (shownItem?.id ?? null);
    const here = this.#documentsOf(item);
    const shown = followed ?? here.find((each) => each.id === this.chosen.get(item)) ?? here[0] ?? null;
    this.tabs.hidden = here.length < 2;
    keyed(this.tabs, here, () => this.#createTab(), (node, document) => {
      node.document = document;
      setText(node, document.title);
      node.setAttribute("aria-selected", String(document.id === shown?.id));
    });
    this.empty.hidden = shown !== null;
    const over = ["closed", "recorded"].includes(state.meeting.state);
    setText(this.empty, words.say(shownItem ? "item_without_documents" : over ? "read_again" : "nothing_on_the_table"));
    this.pages.show(shown);
    if (this.room.live.connection === "offline") this.pages.reader.connection.doubt();
    this.#keepUp();
    this.#drawAll();
  }

  heard(kind, body) {
    this.pages.heard(kind, body);
  }

  /** Withdrawn papers, and old versions, vanish from this device at once. */
  #keepUp() {
    const { documents } = this.room.state;
    const now = new Map(documents.map((each) => [each.id, each]));
    const named = documents.map(({ id, sha, state }) => `${id}/${sha}/${state}`).join();
    if (named === this.named) return;
    this.named = named;
    for (const [id, document] of this.known) {
      const present = now.get(id);
      if (present?.sha !== document.sha) evict(document, this.room.reading.widths);
      if (present?.version > document.version) this.#tellNew(present);
    }
    this.known = now;
    this.keeping.changed(documents);
  }

  /** Whoever read the old one learns of the new one, and sees what changed if they like. */
  #tellNew({ id, title, version }) {
    const { words, strip } = this.room;
    const see = () => open(`/compare?document=${id}`, "_blank", "noopener");
    strip.offer(words.say("new_version", { title, version }), see, words.say("what_changed"));
  }

  read(document) {
    this.chosen.set(document.item_id, document.id);
    this.sheet.close();
    if (this.room.minutesPane.beside) this.room.minutesPane.choose("papers");
    this.room.choose(document.item_id);
    this.pages.widen(true);
  }

  /** The documents of an item; the meeting's own are on the table when no item is. */
  #documentsOf(itemId) {
    return this.room.state.documents.filter((each) => each.item_id === itemId);
  }

  #createTab() {
    const node = el("button", { type: "button", role: "tab" });
    node.addEventListener("click", () => {
      this.chosen.set(node.document.item_id, node.document.id);
      this.pages.follow.leave();
      this.draw();
    });
    return node;
  }

  #drawAll() {
    if (!this.sheet.isOpen) return;
    const { state, words } = this.room;
    this.none.hidden = state.documents.length > 0;
    const place = new Map(state.items.map((item, index) => [item.id, index]));
    const inOrder = state.documents.toSorted((a, b) => (place.get(a.item_id) ?? -1) - (place.get(b.item_id) ?? -1));
    keyed(this.all, inOrder, () => this.#createEntry(), (entry, document) => {
      entry.document = document;
      const item = state.items.find((each) => each.id === document.item_id);
      setText(entry.heading, document.title);
      const facts = [item?.title ?? words.say("whole_meeting"), words.say("pages", { pages: document.pages })];
      if (document.version > 1) facts.push(words.say("version", { version: document.version }));
      setText(entry.under, facts.join(" · "));
    });
  }

  #createEntry() {
    const entry = el("li");
    entry.heading = el("span", { class: "document-title" });
    entry.under = el("span", { class: "quiet" });
    entry.append(
      el("button", { type: "button", class: "document", onclick: () => this.read(entry.document) }, sign("document"),
        el("span", { class: "document-text" }, entry.heading, entry.under)),
    );
    return entry;
  }
}
