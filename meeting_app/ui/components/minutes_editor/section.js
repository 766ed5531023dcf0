// One section of the minutes: what is typed is kept on this device until the server has it.
import { fill, h, send } from "../dom.js";

const PAUSE = 900; // ms without a key before saving
const RETRY = [2000, 5000, 10000, 20000]; // ms between tries while the server is away
const MOST_UNANSWERED = 5; // texts
const BEACON = 60000; // bytes a browser still sends while the page is being closed

export class Section {
  constructor(view, texts) {
    this.texts = texts;
    this.id = view.id;
    this.revision = view.revision;
    this.saved = view.text; // what the server has, as far as we know
    this.sending = null; // a promise while a text is on its way
    this.unanswered = []; // texts that were sent and may have arrived: what the server holds may be ours
    this.tries = 0;
    this.build(view);
    this.restore();
  }

  get draft() {
    return `minutes-section-${this.id}`;
  }

  get changed() {
    return this.area.value !== this.saved;
  }

  build(view) {
    const name = `section-${this.id}`;
    this.heading = h("label", { htmlFor: name }, view.heading);
    this.area = h("textarea", { id: name, rows: 2, value: view.text, placeholder: this.texts.empty, maxLength: 50000, "aria-describedby": `${name}-state` });
    this.state = h("p", { id: `${name}-state`, className: "state", role: "status" });
    this.clash = h("div", { className: "clash card", hidden: true });
    this.element = h("section", {}, this.heading, this.area, this.state, this.clash);
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("blur", () => this.save());
  }

  /** Grow with the text, so that the page scrolls and never the field. */
  fit() {
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight + 3}px`;
  }

  say(state, text) {
    this.state.dataset.state = state;
    this.state.textContent = text;
  }

  typed() {
    this.fit();
    this.keep();
    if (this.conflict) return;
    this.say("typed", this.texts.typed);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  keep() {
    try {
      const { revision, unanswered } = this;
      if (this.changed) localStorage.setItem(this.draft, JSON.stringify({ text: this.area.value, revision, unanswered }));
      else localStorage.removeItem(this.draft);
    } catch {
      // A full or forbidden storage: the server has it within a second all the same.
    }
  }

  restore() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.draft));
    } catch {
      localStorage.removeItem(this.draft);
    }
    if (typeof kept?.text !== "string" || kept.text === this.saved) {
      localStorage.removeItem(this.draft);
      return;
    }
    this.area.value = kept.text;
    this.say("kept", this.texts.restored);
    this.unanswered = Array.isArray(kept.unanswered) ? kept.unanswered : [];
    // On the revision it was typed on: what others saved meanwhile shows as a clash, never disappears.
    const ours = this.unanswered.includes(this.saved);
    this.revision = Number.isInteger(kept.revision) && !ours ? kept.revision : this.revision;
    this.timer = setTimeout(() => this.save(), 0);
  }

  /** Resolves to whether the server has everything; a text that is on its way is waited for first. */
  async flush() {
    while (this.sending || this.changed) {
      if (this.conflict) return false;
      const arrived = await (this.sending ?? this.save());
      if (!arrived) return false;
    }
    return true;
  }

  save() {
    clearTimeout(this.timer);
    if (this.sending || this.conflict || !this.changed) return this.sending;
    this.sending = this.send(this.area.value).finally(() => (this.sending = null));
    return this.sending;
  }

  /** Resolves to whether the text arrived. */
  async send(text) {
    this.say("saving", this.texts.saving);
    this.remember(text);
    const answer = await send(`/minutes/section/${this.id}`, { base_revision: this.revision, text }, this.texts);
    if (answer.ok) this.acknowledged(text, answer.content);
    else if (answer.status !== 409) this.failed(answer);
    else if (this.unanswered.includes(answer.content.text)) this.caughtUp(answer.content);
    else this.clashed(answer.content);
    return answer.ok || (answer.status === 409 && !this.conflict);
  }

  remember(text) {
    this.unanswered = [...this.unanswered.filter((each) => each !== text), text].slice(-MOST_UNANSWERED);
    this.keep();
  }

  acknowledged(text, { revision, at }) {
    this.tries = 0;
    this.saved = text;
    this.revision = revision;
    this.unanswered = [];
    this.keep();
    if (this.changed) this.typed();
    else this.say("saved", fill(this.texts.saved, { at }));
  }

  /** What the server holds came from here; only the answer was lost. */
  caughtUp({ text, revision }) {
    this.saved = text;
    this.revision = revision;
    this.unanswered = [];
    this.keep();
    this.timer = setTimeout(() => this.save(), 0);
  }

  failed(answer) {
    const away = answer.status === 0 || answer.status >= 500;
    this.say("kept", away ? this.texts.kept : fill(this.texts.refused, { sentence: answer.content.sentence }));
    if (!away) return;
    this.timer = setTimeout(() => this.save(), RETRY[Math.min(this.tries, RETRY.length - 1)]);
    this.tries += 1;
  }

  /** The page is going away: send what is left without waiting. */
  leave() {
    if (!this.changed || this.conflict) return;
    this.remember(this.area.value);
    const body = JSON.stringify({ base_revision: this.revision, text: this.area.value });
    if (new Blob([body]).size > BEACON) return; // too long for a beacon: it waits on this device
    fetch(`/minutes/section/${this.id}`, { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
  }

  clashed({ text, revision }) {
    this.conflict = true;
    this.say("clash", "");
    const choose = (words) => () => this.settle(words(), text, revision);
    const option = (label, content, button, words) =>
      h("div", { className: "option" }, h("h3", {}, label), h("p", { className: "other" }, content), h("button", { type: "button", onclick: choose(words) }, button));
    const mine = this.area.value;
    const both = h("button", { type: "button", className: "quiet", onclick: choose(() => `${text}\n\n${this.area.value}`) }, this.texts.merge);
    this.clash.replaceChildren(
      h("h3", { className: "sentence now", role: "alert" }, this.texts.clash),
      h("p", {}, this.texts.clash_help),
      h(
        "div",
        { className: "options" },
        option(this.texts.mine, mine, this.texts.take_mine, () => this.area.value),
        option(this.texts.theirs, text, this.texts.take_theirs, () => text),
      ),
      both,
    );
    this.clash.hidden = false;
    this.area.hidden = true;
  }

  settle(words, theirs, revision) {
    this.conflict = false;
    this.clash.hidden = true;
    this.clash.replaceChildren();
    this.area.hidden = false;
    this.area.value = words;
    this.saved = theirs;
    this.revision = revision;
    this.unanswered = [];
    this.fit();
    this.keep();
    if (this.changed) this.save();
    else this.say("saved", "");
    this.area.focus();
  }

  /** Newer rows from the page; what is being typed here is not touched. */
  refresh(view) {
    this.heading.textContent = view.heading;
    if (view.revision <= this.revision || this.changed || this.sending || this.conflict) return;
    this.revision = view.revision;
    this.saved = view.text;
    this.area.value = view.text;
    this.fit();
  }
}
