// Signing: the paper with my place marked, what I sign, the stroke, the PIN, and at once the verdict.
import { h, mounted, send, styleSheet } from "../dom.js";
import { bringIntoView, paper } from "../paper.js";
import { verdict } from "../verdict.js";
import { Stroke } from "./stroke.js";

const STYLES = ["../base.css", "../paper.css", "../verdict.css", "sign_pad.css"].map((name) => styleSheet(name, import.meta.url));

class SignPad {
  constructor(component) {
    this.component = component;
    this.data = component.data;
    this.texts = this.data.texts;
    this.paper = this.data.pages ? this.pages(this.data.version, this.data.mark) : null;
    this.panel = h("div", { className: "panel" }, ...this.form());
    this.element = h("div", { className: this.paper ? "sign" : "sign alone" }, this.paper, this.panel);
    component.parentElement.append(this.element);
    this.arranged = new ResizeObserver(() => bringIntoView(this.paper));
    if (this.paper) this.arranged.observe(this.paper);
    this.ready();
  }

  pages(version, mark) {
    const { kind, meeting_id: meeting, pages } = this.data;
    const address = (page, width) => `/papers/${kind}/${meeting}/${page}/${width}.jpg?v=${version}`;
    const texts = this.data.needs_stroke ? this.texts : { ...this.texts, mark: this.texts.seal_mark };
    return paper({ pages, address, mark, texts });
  }

  form() {
    const { texts, data } = this;
    this.stroke = data.needs_stroke ? new Stroke(texts, data.name, () => this.ready()) : null;
    this.undo = h("button", { type: "button", className: "quiet", onclick: () => this.stroke.undo() }, texts.undo);
    this.clear = h("button", { type: "button", className: "quiet", onclick: () => this.stroke.clear() }, texts.clear);
    this.pin = h("input", { id: "pin", type: "password", autocomplete: "off", maxLength: 100, oninput: () => this.ready() });
    this.code = h("input", { id: "code", inputMode: "numeric", autocomplete: "one-time-code", maxLength: 100 });
    this.codeField = h("div", { className: "field", hidden: true }, h("label", { htmlFor: "code" }, texts.code), this.code);
    this.insist = h("button", { type: "button", className: "quiet", hidden: true, onclick: () => this.act(true) }, texts.insist);
    this.sentence = h("p", { className: "sentence bad", role: "alert" });
    this.submit = h("button", { type: "submit", className: "primary" }, data.needs_stroke ? texts.sign : texts.seal);
    const form = h("form", { noValidate: true });
    if (this.stroke) {
      const tools = h("div", { className: "tools" }, h("span", { className: "pad-label" }, texts.pad), this.undo, this.clear);
      form.append(h("div", {}, tools, this.stroke.element));
    }
    form.append(h("div", { className: "field" }, h("label", { htmlFor: "pin" }, texts.pin), this.pin), this.codeField, this.sentence, this.insist, this.submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.act();
    });
    const what = data.sentence ? h("h2", {}, data.sentence) : null;
    const post = data.post ? h("p", { className: "post" }, h("span", { className: "quiet-text" }, texts.as), " ", h("strong", {}, data.post)) : null;
    return [what, post, form].filter(Boolean);
  }

  ready() {
    const complete = (this.pin.value !== "" || !this.data.needs_pin) && !this.stroke?.empty;
    this.submit.setAttribute("aria-disabled", String(!complete || this.busy === true));
    for (const tool of [this.undo, this.clear]) tool.disabled = !this.stroke || this.stroke.empty;
  }

  missing() {
    if (this.stroke?.empty) return [this.texts.stroke_missing, this.pin.value ? null : this.pin];
    if (!this.pin.value && this.data.needs_pin) return [this.texts.pin_missing, this.pin];
    return null;
  }

  /** `unchecked`: the signer was warned that nobody answers about revocation, and decided to sign. */
  async act(unchecked = false) {
    if (this.busy) return;
    this.sentence.textContent = "";
    this.insist.hidden = true;
    const missing = this.missing();
    if (missing) {
      this.sentence.textContent = missing[0];
      missing[1]?.focus();
      return;
    }
    const { kind, meeting_id: meeting, needs_stroke: strokes } = this.data;
    const label = this.submit.textContent;
    this.busy = true;
    this.submit.textContent = this.texts.working;
    this.ready();
    const content = { pin: this.pin.value, code: this.code.value, unchecked };
    if (strokes) content.strokes = this.stroke.path();
    const answer = await send(`/${strokes ? "sign" : "seal"}/${kind}/${meeting}`, content, { ...this.texts, unreachable: this.texts.unknown });
    this.busy = false;
    this.submit.textContent = label;
    this.code.value = "";
    // Whoever is only asked for more keeps what was typed.
    if (!answer.content.asks) this.pin.value = "";
    this.ready();
    if (answer.status === 202) this.component.setTriggerValue("signed", "pending");
    else if (answer.ok) this.done(answer.content);
    else this.refused(answer.content);
  }

  refused({ sentence, asks }) {
    this.sentence.textContent = sentence;
    this.insist.hidden = asks !== "decision";
    if (asks === "code") this.codeField.hidden = false;
    ({ code: this.code, decision: this.insist })[asks]?.focus();
    if (!asks) this.pin.focus();
  }

  /** The verdict at once; the page, told by the event, goes on from there. */
  done(facts) {
    const heading = h("h2", { tabIndex: -1 }, this.data.needs_stroke ? this.texts.signed : this.texts.sealed);
    this.panel.replaceChildren(h("div", { className: "done", role: "status" }, heading, verdict(facts, this.texts)));
    if (this.paper) this.showSigned(facts.version);
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "nearest" });
    this.component.setTriggerValue("signed", facts.raw);
  }

  showSigned(version) {
    const fresh = this.pages(version, this.data.mark);
    fresh.querySelector(".mark")?.classList.add("filled");
    this.arranged.disconnect();
    this.paper.replaceWith(fresh);
    this.paper = fresh;
    this.arranged.observe(fresh);
  }

  update(component) {
    this.component = component;
  }

  destroy() {
    this.arranged.disconnect();
  }
}

export default mounted(STYLES, (component) => new SignPad(component));
