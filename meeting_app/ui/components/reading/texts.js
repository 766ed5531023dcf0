// The words of a document's pages, fetched page by page and kept while the document is open.

import { fetched } from "./store.js";

export class Texts {
  constructor() {
    this.pages = new Map(); // page -> promise of {lines, words, folded}
  }

  /** Words of which document; another one forgets those of the last. */
  of(source) {
    if (this.source?.key === source?.key && this.source?.sha === source?.sha) return;
    this.source = source;
    this.pages.clear();
  }

  /** The words of a page: [] where there are none; rejects when they cannot be had now. */
  async words(page) {
    const { source } = this;
    if (!source?.text) return [];
    if (!this.pages.has(page)) {
      const loading = load(source.text(page));
      this.pages.set(page, loading);
      loading.catch(() => this.pages.delete(page));
    }
    return this.pages.get(page);
  }
}

/** [{x, y, w, h, word, line, ratio}]: places in parts of the page, `ratio` its width over its height; a scan, or a page without its words, has none. */
async function load(address) {
  const answer = await fetched(address);
  if (answer.status === 404) return [];
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const { lines = [], width = 1, height = 1 } = await answer.json();
  return lines.flatMap((line, number) => line.map(([x, y, w, h, word]) => ({ x, y, w, h, word, line: number, ratio: width / height })));
}

/** As it is searched: without signs, in small letters; every sign that is left stands for one of the word. */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}
