// Find in the document: with or without Vietnamese signs, over all pages, also without the server once
// their words are here. Hits lie as marks over the pages; the one that is shown stands out.

import { fill, h } from "../dom.js";
import { sign } from "../signs.js";
import { folded } from "./texts.js";

const AT_ONCE = 6; // pages asked for at the same time
const TYPING = 200; // ms after the last letter
const MOST = 2000; // hits

export class Find {
  constructor(reader, texts) {
    this.reader = reader;
    this.texts = texts;
    this.hits = []; // {page, boxes}
    this.shown = -1;
    this.mounted = new Map(); // slot -> page
    this.build();
    reader.addLayer({ mount: (slot, page) => this.#mount(slot, page), unmount: (slot) => this.#unmount(slot) });
    reader.on("document", () => this.close());
  }

  build() {
    const { reader } = this;
    const button = (name, shape, press) => {
      const node = h("button", { type: "button", className: "icon", title: reader.say(name), onclick: press, "aria-label": reader.say(name) }, sign(shape));
      node.dataset.act = name;
      return node;
    };
    this.field = h("input", { type: "search", placeholder: reader.say("find_words"), "aria-label": reader.say("find_words"), enterKeyHint: "search", maxLength: 100 });
    this.field.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.search(), TYPING);
    });
    this.count = h("output", { className: "find-count", role: "status" });
    this.previous = button("find_previous", "up", () => this.step(-1));
    this.next = button("find_next", "down", () => this.step(1));
    this.node = h("form", { className: "find", role: "search", hidden: true }, this.field, this.count, this.previous, this.next, button("find_close", "close", () => this.close()));
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.query === folded(this.field.value.trim())) this.step(1);
      else this.search();
    });
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      else if (event.key === "Enter" && event.shiftKey) this.step(-1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  open() {
    this.node.hidden = false;
    this.field.focus();
    this.field.select();
  }

  close() {
    if (this.node.hidden) return;
    const focused = this.node.contains(this.node.getRootNode().activeElement);
    this.node.hidden = true;
    this.#clear();
    if (focused) this.reader.pages.focus();
  }

  #clear() {
    this.round = null;
    this.query = "";
    this.hits = [];
    this.shown = -1;
    this.count.textContent = "";
    this.#draw();
  }

  /** From the page that is read to the end, then from the beginning; the first hit is shown at once. */
  async search() {
    const query = folded(this.field.value.trim());
    if (query === this.query) return;
    this.#clear();
    if (!query) return;
    this.query = query;
    const round = (this.round = {});
    const { pages } = this.reader.document;
    const start = this.reader.page;
    const order = Array.from({ length: pages }, (_, index) => (start + index) % pages);
    const state = { failed: 0, done: 0 };
    const work = async () => {
      while (this.round === round && order.length > 0 && this.hits.length < MOST) {
        const page = order.shift();
        try {
          const found = matches(await this.texts.words(page), query);
          if (this.round !== round) return;
          if (found.length > 0) this.#take(page, found);
        } catch {
          state.failed += 1;
        }
        state.done += 1;
        this.#say(state.done < pages, state.failed);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (this.round === round) this.#say(false, state.failed);
  }

  #take(page, found) {
    const shown = this.hits[this.shown];
    this.hits.push(...found.map((boxes) => ({ page, boxes })));
    this.hits.sort((a, b) => a.page - b.page);
    if (shown) this.shown = this.hits.indexOf(shown);
    else this.#show(this.hits.findIndex((hit) => hit.page === page));
    this.#draw();
  }

  step(by) {
    if (this.hits.length === 0) return;
    this.#show((this.shown + by + this.hits.length) % this.hits.length);
    this.#draw();
    this.#say(false, 0);
  }

  #show(index) {
    this.shown = index;
    const { page, boxes } = this.hits[index];
    this.reader.pages.reveal(page, { x: boxes[0].x + boxes[0].w / 2, y: boxes[0].y });
  }

  #say(going, failed) {
    const { reader } = this;
    const place = this.shown + 1;
    let text = this.hits.length > 0 ? fill(reader.say("find_count"), { place, count: this.hits.length }) : reader.say(going ? "find_going" : "find_none");
    if (!going && failed > 0) text += ` · ${reader.say("find_partly")}`;
    if (this.count.textContent !== text) this.count.textContent = text;
  }

  #mount(slot, page) {
    this.mounted.set(slot, page);
    this.#mark(slot, page);
  }

  #unmount(slot) {
    this.mounted.delete(slot);
    for (const mark of slot.querySelectorAll(".hit")) mark.remove();
  }

  #draw() {
    for (const [slot, page] of this.mounted) this.#mark(slot, page);
  }

  #mark(slot, page) {
    for (const mark of slot.querySelectorAll(".hit")) mark.remove();
    this.hits.forEach((hit, index) => {
      if (hit.page !== page) return;
      for (const { x, y, w, h: height } of hit.boxes) {
        const mark = h("span", { className: index === this.shown ? "hit shown" : "hit" });
        Object.assign(mark.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${w * 100}%`, height: `${height * 100}%` });
        slot.prepend(mark);
      }
    });
  }
}

/** Where a query stands in the words of a page, also across words and lines: the boxes of each hit. */
export function matches(words, query) {
  let text = "";
  const owners = []; // per letter of the text: which word
  words.forEach((word, index) => {
    for (const letter of folded(word.word)) {
      for (let unit = 0; unit < letter.length; unit += 1) owners.push(index);
      text += letter;
    }
    text += " ";
    owners.push(index);
  });
  const wanted = query.replace(/\s+/g, " ");
  const found = [];
  for (let at = text.indexOf(wanted); at >= 0 && found.length < 500; at = text.indexOf(wanted, at + wanted.length)) {
    const hit = new Set(owners.slice(at, at + wanted.length));
    found.push([...hit].map((index) => words[index]));
  }
  return found;
}
