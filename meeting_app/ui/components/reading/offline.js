// The page that the browser keeps for the time without a server: the papers taken along, and the reader.

import { fill, h } from "../dom.js";
import { sign } from "../signs.js";
import { Reader } from "./reader.js";
import { sourceOf } from "./source.js";
import { accountHere, storeOf } from "./store.js";

class OfflinePage {
  constructor(data, account) {
    this.data = { ...data, account };
    this.store = storeOf(account);
    this.place = document.getElementById("papers");
    this.truth = document.querySelector(".truth");
    const again = document.getElementById("again");
    again.addEventListener("click", () => location.reload());
    this.reader = new Reader({ data: this.data, tells: true });
    this.back = h("button", { type: "button", className: "to-list", onclick: () => this.list() }, sign("back"), this.say("offline_list"));
    this.title = h("h1", {});
    // The first look may be the one that finds the server again.
    this.reader.connection.changed = (reachable) => this.#tell(reachable);
    this.reader.connection.lost();
    addEventListener("popstate", () => this.open());
  }

  say(name, values = {}) {
    return fill(this.data.texts[name] ?? name, values);
  }

  /** What the address asks for, where it lies here: a document at a page, else the list. */
  async open() {
    await this.store.ready;
    const asked = new URLSearchParams(location.search);
    const all = this.store.meetings.flatMap((meeting) => meeting.documents);
    const document = all.find((each) => String(each.id) === asked.get("document"));
    if (!document) this.list();
    else this.read(document, asked.has("page") ? Number(asked.get("page")) - 1 : null);
  }

  list() {
    this.reader.show(null);
    const meetings = this.store.meetings.filter((meeting) => meeting.documents.length > 0);
    const none = h("p", { className: "nothing" }, this.say("offline_nothing"));
    this.place.replaceChildren(...(meetings.length > 0 ? meetings.map((meeting) => this.#meeting(meeting)) : [none]));
    this.place.className = "list";
  }

  read(document, page) {
    this.title.textContent = document.title;
    this.place.className = "reading";
    this.place.replaceChildren(h("div", { className: "head" }, this.back, this.title), this.reader.node);
    this.reader.show(sourceOf(document), page);
    this.reader.pages.focus();
  }

  #meeting({ title, documents, whole }) {
    const rows = documents.map((document) =>
      h("li", {}, h("button", { type: "button", className: "paper-choice", onclick: () => this.read(document, null) }, sign("document"), h("span", {}, h("span", { className: "paper-title" }, document.title), h("span", { className: "quiet-text" }, this.say("offline_pages", { pages: document.pages }))))),
    );
    const partly = whole ? null : h("p", { className: "quiet-text" }, this.say("offline_partly"));
    return h("section", {}, h("h2", {}, title), partly, h("ul", {}, ...rows));
  }

  #tell(reachable) {
    document.body.classList.toggle("back", reachable);
    this.truth.textContent = this.say(reachable ? "offline_back" : "reader_offline");
    if (reachable) this.store.check().then(() => this.place.className === "list" && this.list());
  }
}

const data = JSON.parse(document.body.dataset.reading);
const account = await accountHere();
await new OfflinePage(data, account === null ? 0 : Number(account)).open();
