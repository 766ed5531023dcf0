// Sealing many documents in one act: the PIN once, then how far it is. The page may be left; the rows go on telling.
import { fill, h, mounted, send, styleSheet } from "../dom.js";

const STYLES = ["../base.css", "sealing.css"].map((name) => styleSheet(name, import.meta.url));
const SECOND = 1000;
const LOOK = { running: SECOND, idle: 5 * SECOND }; // between two looks at the rows

class Sealing {
  constructor(component) {
    this.component = component;
    this.texts = component.data.texts;
    this.address = `/sealing/${component.data.meeting_id}`;
    this.element = h("section", { className: "card sealing" });
    component.parentElement.append(this.element);
    this.makeForm();
    this.show(component.data.view);
    this.lookLater();
  }

  makeForm() {
    const { texts } = this;
    this.pin = h("input", { id: "seal-pin", type: "password", autocomplete: "off", maxLength: 100, oninput: () => this.ready() });
    this.code = h("input", { id: "seal-code", inputMode: "numeric", autocomplete: "one-time-code", maxLength: 100 });
    this.codeField = h("div", { className: "field wide", hidden: true }, h("label", { htmlFor: "seal-code" }, texts.code), this.code);
    this.sentence = h("p", { className: "sentence bad wide", role: "alert" });
    this.insist = h("button", { type: "button", className: "quiet wide", hidden: true, onclick: () => this.start(true) }, texts.insist);
    this.submit = h("button", { type: "submit", className: "primary" });
    const pin = h("div", { className: "field" }, h("label", { htmlFor: "seal-pin" }, texts.pin), this.pin);
    this.form = h("form", { noValidate: true }, pin, this.submit, this.codeField, this.sentence, this.insist);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
  }

  /** What was drawn stays when nothing changed: nobody's typing is disturbed. */
  show(view) {
    const state = JSON.stringify(view);
    if (state === this.state) return;
    this.state = state;
    const ran = this.view?.batch?.runs === true;
    this.view = view;
    this.runs = view.batch?.runs === true;
    const parts = this.runs ? this.running() : this.resting();
    const focused = this.element.getRootNode().activeElement;
    this.element.replaceChildren(...parts.filter(Boolean), ...this.refused());
    if (focused?.isConnected) focused.focus({ preventScroll: true });
    if (ran && !this.runs) {
      this.element.querySelector("h3")?.focus({ preventScroll: true });
      this.component.setTriggerValue("ended", state);
    }
  }

  running() {
    const { texts } = this;
    const { batch } = this.view;
    const stop = h("button", { type: "button", onclick: () => this.stop() }, batch.stops ? texts.stopping : texts.stop);
    stop.disabled = batch.stops;
    const bar = h("progress", { max: batch.total, value: batch.done, "aria-label": texts.running });
    return [
      h("h3", { tabIndex: -1 }, texts.running),
      h("div", { className: "count" }, h("strong", {}, fill(texts.count, batch)), h("span", { className: "quiet-text" }, this.remaining())),
      bar,
      h("div", { className: "below" }, h("span", { className: "quiet-text" }, fill(texts.leave, batch)), stop),
    ];
  }

  remaining() {
    const { stops, remaining } = this.view.batch;
    if (stops || remaining === null) return "";
    return remaining < 60 ? this.texts.soon : fill(this.texts.minutes, { n: Math.ceil(remaining / 60) });
  }

  resting() {
    const { texts, view } = this;
    if (!view.documents) return [h("h3", { tabIndex: -1 }, texts.none), h("p", { className: "quiet-text" }, texts.none_hint)];
    if (!view.issued) return [h("h3", { tabIndex: -1 }, fill(texts.waiting, { n: view.waiting })), h("p", {}, texts.not_issued)];
    const again = view.waiting ? 0 : view.refused.length;
    this.again = again > 0;
    this.submit.textContent = fill(again ? texts.again : texts.seal, { n: view.waiting || again });
    this.ready();
    const heading = view.waiting ? fill(texts.waiting, { n: view.waiting }) : fill(texts.sealed, { n: view.sealed, m: view.documents });
    return [
      h("h3", { tabIndex: -1 }, heading),
      this.news(),
      view.waiting ? h("p", { className: "quiet-text" }, texts.what) : null,
      view.waiting || again ? this.form : null,
    ];
  }

  /** How the last act ended, if that says more than the numbers. */
  news() {
    const { texts, view } = this;
    const { batch } = view;
    if (batch?.failure) return h("p", { className: "sentence bad", role: "status" }, batch.failure);
    if (batch?.is_lost && view.waiting) return h("p", { className: "sentence now", role: "status" }, texts.lost);
    if (batch?.stops && view.waiting) return h("p", { className: "sentence now", role: "status" }, fill(texts.stopped, { n: view.sealed }));
    if (!view.waiting && !view.refused.length) return h("p", { className: "sentence good", role: "status" }, texts.all);
    return null;
  }

  refused() {
    const { texts, view } = this;
    if (!view.refused.length) return [];
    const line = (each) => h("li", {}, h("strong", {}, each.title), h("span", {}, each.sentence));
    return [h("h3", {}, fill(texts.refused, { n: view.refused.length })), h("ul", { className: "refused", tabIndex: 0, "aria-label": texts.refused_list }, ...view.refused.map(line))];
  }

  ready() {
    this.submit.setAttribute("aria-disabled", String(this.pin.value === "" || this.busy === true));
  }

  /** `unchecked`: the clerk was warned that nobody answers about revocation, and decided to seal. */
  async start(unchecked = false) {
    if (this.busy) return;
    this.sentence.textContent = this.pin.value ? "" : this.texts.pin_missing;
    this.insist.hidden = true;
    if (!this.pin.value) {
      this.pin.focus();
      return;
    }
    const label = this.submit.textContent;
    this.busy = true;
    this.submit.textContent = this.texts.working;
    this.ready();
    const content = { pin: this.pin.value, code: this.code.value, again: this.again, unchecked };
    const answer = await send(this.address, content, { ...this.texts, unreachable: this.texts.unknown });
    this.busy = false;
    this.submit.textContent = label;
    this.code.value = "";
    if (!answer.content.asks) this.pin.value = "";
    this.ready();
    if (answer.ok) this.begun(answer.content);
    else this.said(answer.content);
  }

  begun(view) {
    this.codeField.hidden = true;
    this.show(view);
    this.element.querySelector("h3")?.focus({ preventScroll: true });
    if (!this.runs) this.component.setTriggerValue("ended", this.state); // so few that all is done already
    this.lookLater();
  }

  said({ sentence, asks }) {
    this.sentence.textContent = sentence;
    this.insist.hidden = asks !== "decision";
    if (asks === "code") this.codeField.hidden = false;
    ({ code: this.code, decision: this.insist }[asks] ?? this.pin).focus();
  }

  async stop() {
    const answer = await send(`${this.address}/cancel`, {}, this.texts);
    if (answer.ok) this.show(answer.content);
  }

  lookLater() {
    clearTimeout(this.timer);
    if (!this.gone) this.timer = setTimeout(() => this.look(), this.runs ? LOOK.running : LOOK.idle);
  }

  /** A look that fails says nothing: the next one will, and the work goes on without us. */
  async look() {
    try {
      const answer = document.hidden || this.busy ? null : await fetch(this.address);
      if (answer?.ok && !this.gone && !this.busy) this.show(await answer.json());
    } catch {
      // the server is not reached
    }
    this.lookLater();
  }

  update(component) {
    this.component = component;
    this.show(component.data.view);
  }

  destroy() {
    this.gone = true;
    clearTimeout(this.timer);
  }
}

export default mounted(STYLES, (component) => new Sealing(component));
