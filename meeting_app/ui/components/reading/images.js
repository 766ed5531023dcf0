// Page images: the width that fits the screen, the page that is read before its neighbours, and the
// truth when one does not come: signed out, taken away, or just not reached.

const BLURRED = 1.15; // an image may be enlarged by so much before the next width is worth its bytes
const PATIENCE = 1500; // ms neighbours wait for the page that is read
const FIRST_WAIT = 1000; // ms before a lost page is asked for again, doubled each time
const LONGEST_WAIT = 15000;

/** The smallest kept width that is sharp at this many device pixels. */
export function widthFor(pixels, widths) {
  return widths.find((width) => width * BLURRED >= pixels) ?? widths.at(-1);
}

export class Images {
  constructor({ widths, store, lost }) {
    Object.assign(this, { widths, store, lost });
    this.tries = 0;
    this.round = 0; // of wishes: an older one is forgotten
    this.again = () => this.#retry();
    addEventListener("online", this.again);
  }

  /** Show these pages at so many device pixels; the first `seen` of them are on the screen. */
  want(document, pages, pixels, imageOf, seen = 1) {
    this.round += 1;
    const width = widthFor(pixels, document.widths ?? this.widths);
    this.wish = { document, pages, pixels, imageOf, seen };
    const { round } = this;
    clearTimeout(this.patience);
    const first = pages.slice(0, seen);
    for (const page of first) this.#ask(document, page, width, imageOf(page), "high");
    const rest = () => {
      if (round !== this.round) return;
      clearTimeout(this.patience);
      for (const page of pages.slice(seen)) this.#ask(document, page, width, imageOf(page), "low");
    };
    const waiting = first.map(imageOf).filter((image) => image && !image.complete);
    if (waiting.length === 0) rest();
    else {
      this.patience = setTimeout(rest, PATIENCE);
      for (const image of waiting) image.addEventListener("load", () => waiting.every((each) => each.complete) && rest(), { once: true });
    }
  }

  drop(image) {
    image.wanted = null;
    this.#release(image);
    image.removeAttribute("src");
  }

  stop() {
    this.round += 1;
    this.wish = null;
    clearTimeout(this.patience);
    clearTimeout(this.retry);
  }

  close() {
    this.stop();
    removeEventListener("online", this.again);
  }

  #ask(document, page, width, image, priority) {
    if (!image || (image.wanted?.width ?? 0) >= width) return;
    const before = image.wanted;
    image.wanted = { document, page, width };
    image.fetchPriority = priority;
    image.onerror = () => this.#failed(image);
    const address = document.address(page, width);
    const kept = this.store?.has(address) ? this.store.get(address) : null;
    if (kept) kept.then((blob) => this.#put(image, width, blob ? URL.createObjectURL(blob) : address));
    else if (before) this.#replace(image, width, address);
    else image.src = address;
  }

  /** A wider image takes the place of the narrow one only when it can be painted: nothing flickers. */
  async #replace(image, width, address) {
    const wider = new Image();
    wider.src = address;
    try {
      await wider.decode();
    } catch {
      if (image.wanted?.width === width) image.wanted = { ...image.wanted, width: 0 };
      return;
    }
    this.#put(image, width, address);
  }

  #put(image, width, address) {
    if (image.wanted?.width !== width) {
      if (address.startsWith("blob:")) URL.revokeObjectURL(address);
      return;
    }
    this.#release(image);
    image.src = address;
  }

  #release(image) {
    if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
  }

  /** An image says only that it did not come: ask why. */
  async #failed(image) {
    const { wanted } = image;
    if (!wanted) return;
    image.removeAttribute("src");
    image.wanted = null;
    const { document, page, width } = wanted;
    const status = await statusOf(document.address(page, width));
    if (this.wish?.document !== document || image.wanted) return;
    if (status === 401) this.lost("signed_out");
    else if ([403, 404, 410].includes(status)) await this.#narrower(image, wanted, status);
    else this.#later();
  }

  /** One width may be missing of a page; when the narrowest is missing too it is not ours any more. */
  async #narrower(image, { document, page, width }) {
    const narrowest = (document.widths ?? this.widths)[0];
    if (width === narrowest) {
      this.lost("gone");
      return;
    }
    image.wanted = { document, page, width: Infinity };
    image.onerror = () => this.lost("gone");
    image.src = document.address(page, narrowest);
  }

  #later() {
    clearTimeout(this.retry);
    this.lost("unreachable");
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
    this.tries += 1;
    this.retry = setTimeout(() => this.#retry(), wait * (0.5 + Math.random() / 2));
  }

  async #retry() {
    if (!this.wish) return;
    const { document, pages, pixels, imageOf, seen } = this.wish;
    this.want(document, pages, pixels, imageOf, seen);
  }
}

/** 0 when the server was not reached. */
async function statusOf(address) {
  try {
    return (await fetch(address, { method: "HEAD", cache: "no-store" })).status;
  } catch {
    return 0;
  }
}
