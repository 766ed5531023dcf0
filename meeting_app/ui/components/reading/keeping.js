// "Tải về tablet": the papers of a whole meeting loaded ahead, with progress, to be stopped at any time.

import { fill, h } from "../dom.js";
import { sign } from "../signs.js";
import { widthFor } from "./images.js";
import { sourceOf } from "./source.js";

const THUMBNAIL = 200;

export class Keeping {
  constructor(reader, { store, meeting, widths, language }) {
    Object.assign(this, { reader, store, meeting, widths, language });
    this.words = h("span", {});
    this.button = h("button", { type: "button", className: "keep", onclick: () => this.#pressed() }, sign("tablet"), this.words);
    this.button.dataset.act = "keep";
    this.bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": reader.say("keep") });
    this.said = h("p", { className: "keep-said", role: "status" });
    this.node = h("div", { className: "keeping" }, this.button, this.bar, this.said);
    store.ready.then(() => this.draw());
    this.draw();
  }

  get kept() {
    return this.store.meetings.find((each) => each.id === this.meeting) ?? null;
  }

  draw() {
    const { reader } = this;
    const { kept } = this;
    const name = this.stop ? "keep_stop" : kept?.whole ? "keep_drop" : kept ? "keep_rest" : "keep";
    this.words.textContent = reader.say(name);
    this.bar.hidden = !this.stop;
    if (!this.stop && kept?.whole) this.#say("keep_done", { count: kept.documents.length });
  }

  /** The meeting's documents changed: withdrawn ones go at once, new ones are fetched where all were kept. */
  async changed(documents) {
    await this.store.only(this.meeting, documents);
    const { kept } = this;
    const known = new Set(kept?.documents.map((each) => `${each.id}/${each.sha}`));
    const fresh = documents.some((each) => each.state === "ready" && !known.has(`${each.id}/${each.sha}`));
    if (kept?.whole && fresh && !this.stop) await this.load();
    this.draw();
  }

  async #pressed() {
    if (this.stop) this.stop.abort();
    else if (this.kept?.whole) {
      await this.store.drop(this.meeting);
      this.#say("keep_dropped");
      this.draw();
    } else await this.load();
  }

  async load() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.draw();
    let outcome;
    try {
      outcome = await this.#loaded(signal);
    } catch (error) {
      outcome = error?.name === "QuotaExceededError" ? "keep_full" : "keep_failed";
    }
    this.stop = null;
    this.#say(outcome, { count: this.kept?.documents.length ?? 0 });
    this.draw();
    this.reader.pages.emit("kept", this.meeting);
  }

  async #loaded(signal) {
    const answer = await fetch(`/prepared/meeting/${this.meeting}.json`, { cache: "no-store" });
    if (!answer.ok) return "keep_failed";
    const meeting = await answer.json();
    navigator.storage?.persist?.().catch(() => {});
    register(this.language);
    const whole = await this.store.keep(meeting, {
      width: widthFor(Math.min(screen.width, 1040) * devicePixelRatio, this.widths),
      addressesOf,
      signal,
      progress: (done, of) => {
        this.bar.max = Math.max(1, of);
        this.bar.value = done;
        this.#say("keep_going", { done, of });
      },
    });
    return signal.aborted ? "keep_stopped" : whole ? "keep_done" : "keep_partly";
  }

  #say(name, values = {}) {
    this.said.textContent = fill(this.reader.say(name), values);
  }
}

function addressesOf(document, width) {
  const source = sourceOf(document);
  const all = [{ address: source.outline, needed: false }];
  for (let page = 0; page < source.pages; page += 1) {
    all.push({ address: source.address(page, width), needed: true });
    all.push({ address: source.address(page, THUMBNAIL), needed: false });
    all.push({ address: source.text(page), needed: false });
  }
  return all;
}

/** From here on a small page of ours opens these papers when the server does not answer at all. */
export function register(language) {
  navigator.serviceWorker?.register(`/offline.js?lang=${language}`, { scope: "/" }).catch(() => {});
}
