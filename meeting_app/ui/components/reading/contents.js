// The document at a glance: its table of contents and small pictures of its pages, beside the paper.

import { h } from "../dom.js";
import { sign } from "../signs.js";
import { fetched } from "./store.js";

const THUMBNAIL = 200; // pixels, as the server keeps them
const DEEPEST = 8;
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu; // what would turn or break the line it stands in

export class Contents {
  constructor(reader) {
    this.reader = reader;
    const tab = (name) => {
      const node = h("button", { type: "button", role: "tab", onclick: () => this.choose(name) }, reader.say(name));
      node.dataset.act = name;
      return node;
    };
    this.tabs = { thumbnails: tab("thumbnails"), outline: tab("outline") };
    this.list = h("div", { className: "contents-list", role: "tabpanel", tabIndex: 0 });
    const close = h("button", { type: "button", className: "icon", onclick: () => this.close(), "aria-label": reader.say("contents_close"), title: reader.say("contents_close") }, sign("close"));
    const tablist = h("div", { className: "contents-tabs", role: "tablist", "aria-label": reader.say("contents") }, ...Object.values(this.tabs));
    tablist.addEventListener("keydown", (event) => this.#tabKey(event));
    this.node = h("aside", { className: "contents", hidden: true, "aria-label": reader.say("contents") }, h("div", { className: "contents-head" }, tablist, close), this.list);
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    this.near = new IntersectionObserver((entries) => this.#seen(entries), { root: this.list, rootMargin: "300px" });
    reader.on("document", () => this.#forget());
    reader.on("page", () => this.#mark());
  }

  get isOpen() {
    return !this.node.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    this.node.hidden = false;
    this.choose(this.chosen ?? "thumbnails");
    this.tabs[this.chosen].focus({ preventScroll: true });
    this.reader.tools.draw();
  }

  close() {
    if (!this.isOpen) return;
    this.node.hidden = true;
    this.reader.tools.draw();
    this.reader.tools.contents.focus({ preventScroll: true });
  }

  choose(name) {
    this.chosen = name;
    for (const [each, tab] of Object.entries(this.tabs)) {
      tab.setAttribute("aria-selected", String(each === name));
      tab.tabIndex = each === name ? 0 : -1;
    }
    this.list.setAttribute("aria-label", this.reader.say(name));
    if (name === "outline") this.#drawOutline();
    else this.#drawThumbnails();
  }

  #tabKey(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(this.chosen === "outline" ? "thumbnails" : "outline");
    this.tabs[this.chosen].focus();
  }

  #forget() {
    this.outline = null;
    this.near.disconnect();
    this.list.replaceChildren();
    if (this.isOpen) this.choose(this.chosen);
  }

  #go(page) {
    this.reader.go(page);
    if (matchMedia("(max-width: 56em)").matches) this.close();
  }

  #drawThumbnails() {
    const { document } = this.reader;
    this.near.disconnect();
    this.list.replaceChildren();
    if (!document) return;
    const buttons = Array.from({ length: document.pages }, (_, page) => {
      const node = h("button", { type: "button", className: "thumbnail", onclick: () => this.#go(page) }, h("span", { className: "thumbnail-picture" }), h("span", {}, String(page + 1)));
      node.setAttribute("aria-label", this.reader.say("to_page", { page: page + 1 }));
      node.page = page;
      this.near.observe(node);
      return node;
    });
    this.list.append(h("div", { className: "thumbnails" }, ...buttons));
    this.#mark();
  }

  #seen(entries) {
    const { document, pages } = this.reader;
    for (const { target, isIntersecting } of entries) {
      const picture = target.firstElementChild;
      if (!isIntersecting) picture.replaceChildren();
      else if (!picture.firstChild && target.page < document.ready) {
        const image = h("img", { alt: "", decoding: "async", draggable: false, onerror: () => image.remove() });
        pages.images.show(image, document.address(target.page, document.thumbnails === false ? this.reader.data.widths[0] : THUMBNAIL));
        picture.append(image);
      }
    }
  }

  async #drawOutline() {
    const { document } = this.reader;
    this.near.disconnect();
    this.list.replaceChildren(h("p", { className: "contents-none" }, this.reader.say("loading")));
    try {
      this.outline ??= await outlineOf(document);
    } catch {
      if (this.reader.document === document) this.list.firstChild.textContent = this.reader.say("unreachable");
      return;
    }
    if (this.reader.document !== document || this.chosen !== "outline") return;
    if (this.outline.length === 0) this.list.firstChild.textContent = this.reader.say("outline_none");
    else this.list.replaceChildren(this.#entries(this.outline, 1));
    this.#mark();
  }

  #entries(entries, depth) {
    const rows = entries.map(({ title, page, children = [] }) => {
      const button = h("button", { type: "button", className: "entry", onclick: () => this.#go(page) }, h("span", { className: "entry-title" }, title), h("span", { className: "entry-page" }, String(page + 1)));
      button.page = page;
      return h("li", {}, button, children.length > 0 && depth < DEEPEST ? this.#entries(children, depth + 1) : null);
    });
    return h("ul", { className: "entries" }, ...rows);
  }

  /** Where the reading is: the thumbnail of the page, the last entry that begins before it ends. */
  #mark() {
    if (!this.isOpen) return;
    const buttons = [...this.list.querySelectorAll("button")];
    const here = buttons.findLast((each) => each.page <= this.reader.page) ?? null;
    for (const button of buttons) {
      if (button === here) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    here?.scrollIntoView({ block: "nearest" });
  }
}

async function outlineOf(source) {
  if (!source.outline) return [];
  const answer = await fetched(source.outline);
  if (answer.status === 404) return [];
  if (!answer.ok) throw new Error(String(answer.status));
  return clean(await answer.json(), source.pages);
}

/** Entries that lead somewhere; what is not one is left out. */
function clean(entries, pages) {
  if (!Array.isArray(entries)) return [];
  return entries
    .filter((entry) => typeof entry?.title === "string" && Number.isInteger(entry.page) && entry.page >= 0 && entry.page < pages)
    .map(({ title, page, children }) => ({ title: title.replace(UNSEEN, " ").trim() || "…", page, children: clean(children, pages) }));
}
