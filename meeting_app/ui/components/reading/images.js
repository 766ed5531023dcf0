// Page images: the width that fits the screen, the page that is read before its neighbours, and the
// truth when one does not come: signed out, taken away, or just not reached.

import { statusOf } from "./store.js";

const BLURRED = 1.15; // an image may be enlarged by so much before the next width is worth its bytes
const PATIENCE = 1500; // ms neighbours wait for the page that is read
const FIRST_WAIT = 1000; // ms before a lost page is asked for again, doubled each time
const LONGEST_WAIT = 15000;
const OURS_NO_MORE = [403, 404, 410];

/** The smallest kept width that is sharp at this many device pixels. */
export function widthFor(pixels, widths) {
  return widths.find((width) => width * BLURRED >= pixels) ?? widths.at(-1);
}

export class Images {
  constructor({ widths, store, lost }) {
    Object.assign(this, { widths, store, lost });
    this.tries = 0;
    this.round = 0; // of wishes: an older one is forgotten
    this.again = () => this.retry();
    addEventListener("online", this.again);
  }

  /**
   * Show these pages at so many device pixels; the first `seen` of them are on the screen. A document that is
   * opened shows its narrowest image first, whatever the link: it is there at once, and becomes sharp.
   */
  async want(document, pages, pixels, imageOf, seen = 1) {
    this.round += 1;
    const { round } = this;
    const name = document.key + document.sha;
    const width = widthFor(pixels, this.widths);
    this.wish = { document, pages, pixels, imageOf, seen };
    const shown = pages.slice(0, seen);
    const loaded = (wanted) => Promise.all(shown.map((page) => this.#ask(document, page, wanted, imageOf(page), "high")));
    if (this.opened !== name) {
      await loaded(this.widths[0]);
      if (round !== this.round) return;
      this.opened = name;
    }
    await Promise.race([loaded(width), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    if (round !== this.round) return;
    for (const page of pages.slice(seen)) this.#ask(document, page, width, imageOf(page), "low");
  }

  /** Show an address, from what was taken along where it lies there. */
  show(image, address) {
    if (!this.store?.has(address)) image.src = address;
    else this.store.get(address).then((blob) => this.#put(image, blob ? URL.createObjectURL(blob) : address));
  }

  drop(image) {
    image.wanted = null;
    release(image);
    image.removeAttribute("src");
  }

  stop() {
    this.round += 1;
    this.wish = null;
    clearTimeout(this.later);
  }

  close() {
    this.stop();
    removeEventListener("online", this.again);
  }

  /** Ask again for what did not come. */
  retry() {
    clearTimeout(this.later);
    if (!this.wish) return;
    const { document, pages, pixels, imageOf, seen } = this.wish;
    for (const image of pages.map(imageOf)) {
      if (image?.wanted) image.wanted.trying = 0;
    }
    this.want(document, pages, pixels, imageOf, seen);
  }

  /** Resolves when the image came, or did not. */
  async #ask(document, page, width, image, priority) {
    if (!image) return;
    if (Math.max(image.wanted?.width ?? 0, image.wanted?.trying ?? 0) >= width) {
      await settled(image);
      return;
    }
    image.fetchPriority = priority;
    image.onerror = () => this.#failed(image);
    if (image.wanted) {
      await this.#widen(image, width);
      return;
    }
    const kept = this.#kept(document, page, width);
    image.wanted = { document, page, width: kept ?? width, trying: 0 };
    if (kept === null) image.src = document.address(page, width);
    else await this.#fromStore(image, document.address(page, kept));
    await settled(image);
    if (kept !== null && kept < width && image.wanted) this.#widen(image, width);
  }

  /** The width at which a page was taken along that comes nearest to the wanted one; null when it was not. */
  #kept(document, page, width) {
    if (!this.store) return null;
    const here = this.widths.filter((each) => this.store.has(document.address(page, each)));
    return here.find((each) => each >= width) ?? here.at(-1) ?? null;
  }

  async #fromStore(image, address) {
    const { wanted } = image;
    const blob = await this.store.get(address).catch(() => null);
    if (image.wanted !== wanted) return;
    this.#put(image, blob ? URL.createObjectURL(blob) : address);
  }

  /** A wider image takes the place of the narrow one only when it can be painted: nothing flickers. */
  async #widen(image, width) {
    const { wanted } = image;
    wanted.trying = width;
    const wider = new Image();
    wider.src = wanted.document.address(wanted.page, width);
    try {
      await wider.decode();
    } catch {
      return; // The narrow one is still there to be read.
    }
    if (image.wanted !== wanted || wanted.trying !== width) return;
    wanted.width = width;
    this.#put(image, wider.src);
  }

  #put(image, address) {
    release(image);
    image.src = address;
  }

  /** An image says only that it did not come: ask why. */
  async #failed(image) {
    const { wanted } = image;
    if (!wanted) return;
    const { document, page, width } = wanted;
    this.drop(image);
    const status = await statusOf(document.address(page, width));
    if (this.wish?.document.key !== document.key || this.wish.document.sha !== document.sha || image.wanted) return;
    if (status === 401) this.lost("signed_out");
    else if (OURS_NO_MORE.includes(status)) this.#narrower(image, document, page, width);
    else this.#wait();
  }

  /** One width may be missing of a page, or a page of a document; when the first page is missing too it is not ours. */
  async #narrower(image, document, page, width) {
    const [narrowest] = this.widths;
    if (width !== narrowest) {
      image.wanted = { document, page, width: narrowest, trying: Infinity };
      image.src = document.address(page, narrowest);
      return;
    }
    image.wanted = { document, page, width, trying: Infinity };
    const status = await statusOf(document.address(0, narrowest));
    if (this.wish?.document.key !== document.key || this.wish.document.sha !== document.sha) return;
    if (status === 401) this.lost("signed_out");
    else if (OURS_NO_MORE.includes(status)) this.lost("gone");
    else image.parentNode?.classList.add("missing");
  }

  #wait() {
    clearTimeout(this.later);
    this.lost("unreachable");
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
    this.tries += 1;
    this.later = setTimeout(() => this.retry(), wait * (0.5 + Math.random() / 2));
  }
}

/** The image came, or it did not. */
function settled(image) {
  if (image.complete) return Promise.resolve();
  return new Promise((resolve) => {
    for (const name of ["load", "error"]) image.addEventListener(name, resolve, { once: true });
  });
}

function release(image) {
  if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
}
