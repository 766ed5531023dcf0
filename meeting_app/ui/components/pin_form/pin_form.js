// Choosing or changing the PIN of one's key: it goes straight to the server and is kept nowhere in the page.
import { h, mounted, send, styleSheet } from "../dom.js";

const STYLES = [styleSheet("../base.css", import.meta.url), styleSheet("pin_form.css", import.meta.url)];

class PinForm {
  constructor(component) {
    this.component = component;
    const { texts, changes, address } = component.data;
    const field = (name, complete) => {
      const id = `${name}-${address.replace(/\W/g, "-")}`;
      const input = h("input", { id, name, type: "password", autocomplete: complete, maxLength: 64 });
      return [input, h("div", { className: "field" }, h("label", { htmlFor: id }, texts[name]), input)];
    };
    const [old, oldField] = field("old", "off");
    const [fresh, freshField] = field("fresh", "new-password");
    const [again, againField] = field("again", "new-password");
    this.inputs = changes ? [old, fresh, again] : [fresh, again];
    this.sentence = h("p", { className: "sentence bad", role: "alert" });
    this.submit = h("button", { type: "submit", className: changes ? "" : "primary" }, changes ? texts.change : texts.choose);
    const fields = changes ? [oldField, freshField, againField] : [freshField, againField];
    const form = h("form", { noValidate: true }, h("p", { className: "quiet-text" }, texts.rule), ...fields, this.sentence, this.submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.act(old.value, fresh.value, again.value);
    });
    component.parentElement.append(form);
  }

  update(component) {
    this.component = component;
  }

  async act(old, fresh, again) {
    const { texts, changes, address } = this.component.data;
    this.say("", "bad");
    const empty = this.inputs.find((input) => input.value === "");
    if (empty) return this.say(texts.missing, "bad", empty);
    if (fresh !== again) return this.say(texts.differ, "bad", this.inputs.at(-1));
    const label = this.submit.textContent;
    this.submit.disabled = true;
    this.submit.textContent = texts.working;
    const answer = await send(address, changes ? { old, new: fresh } : { pin: fresh }, texts);
    this.submit.disabled = false;
    this.submit.textContent = label;
    if (!answer.ok) return this.say(answer.content.sentence, "bad");
    for (const input of this.inputs) input.value = "";
    this.say(texts.done, "good");
    this.component.setTriggerValue("done", String(Date.now()));
  }

  say(sentence, kind, input) {
    this.sentence.className = `sentence ${kind}`;
    this.sentence.textContent = sentence;
    input?.focus();
  }
}

export default mounted(STYLES, (component) => new PinForm(component));
