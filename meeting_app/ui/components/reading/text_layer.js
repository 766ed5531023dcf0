// The words over a page, seen by nobody: they can be selected, copied, and read aloud.

import { h } from "../dom.js";

export class TextLayer {
  constructor(texts) {
    this.texts = texts;
    this.mounted = new Map(); // slot -> element
  }

  async mount(slot, page) {
    const layer = h("div", { className: "words" });
    this.mounted.set(slot, layer);
    slot.append(layer);
    let words;
    try {
      words = await this.texts.words(page);
    } catch {
      return; // The page can be read all the same.
    }
    if (this.mounted.get(slot) !== layer || words.length === 0) return;
    layer.append(...lines(words));
  }

  unmount(slot) {
    this.mounted.get(slot)?.remove();
    this.mounted.delete(slot);
  }
}

function lines(words) {
  const found = [];
  for (const word of words) {
    if (found.at(-1)?.number !== word.line) found.push({ number: word.line, words: [] });
    found.at(-1).words.push(word);
  }
  return found.map((line) => h("p", {}, ...line.words.map(place)));
}

const ruler = new OffscreenCanvas(1, 1).getContext("2d");
ruler.font = "100px sans-serif";

/** A word in its place: as high as its box, its letters stretched to the box's width (see reading.css). */
function place(word, index, all) {
  const span = h("span", {}, index < all.length - 1 ? `${word.word} ` : word.word);
  const natural = (ruler.measureText(word.word).width / 100) * word.h;
  span.style.left = `${word.x * 100}%`;
  span.style.top = `${word.y * 100}%`;
  span.style.fontSize = `${word.h * 100}cqh`;
  span.style.transform = `scaleX(${natural > 0 ? Math.min(20, (word.w * word.ratio) / natural) : 1})`;
  return span;
}
