// Checking a file somebody brings along: it is sent, judged and forgotten; the page shows the verdict.
import { fill, h, mounted, styleSheet, toSignIn } from "../dom.js";

const STYLES = ["../base.css", "../uploader/uploader.css", "verifier.css"].map((name) => styleSheet(name, import.meta.url));

class Verifier {
  constructor(component) {
    this.update(component);
    const { texts } = component.data;
    this.input = h("input", { type: "file", accept: "application/pdf,.pdf", className: "hidden-text", tabIndex: -1 });
    this.input.setAttribute("aria-label", texts.choose);
    this.input.addEventListener("change", () => this.take(this.input.files[0]));
    this.choose = h("button", { type: "button", className: "primary", onclick: () => this.input.click() }, texts.choose);
    this.drop = h("div", { className: "drop" }, this.choose, h("span", { className: "quiet-text" }, texts.drop), this.input);
    for (const name of ["dragover", "dragleave", "drop"]) this.drop.addEventListener(name, (event) => this.dragged(event));
    this.line = h("p", { role: "status" });
    this.bar = h("progress", { hidden: true });
    this.bar.setAttribute("aria-label", texts.choose);
    component.parentElement.append(this.drop, this.bar, this.line);
  }

  update(component) {
    this.component = component;
    this.data = component.data;
  }

  dragged(event) {
    event.preventDefault();
    this.drop.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files[0]);
  }

  async take(file) {
    if (!file || this.busy) return;
    const { texts } = this.data;
    this.busy = this.choose.disabled = true;
    this.bar.hidden = false;
    this.say(fill(texts.checking, { name: file.name }), "");
    this.tell(file.name, null); // the last file's verdict must not stand there for this one
    try {
      const answer = await fetch(`/verify?${new URLSearchParams({ name: file.name })}`, {
        method: "POST",
        headers: { "Content-Type": "application/pdf" },
        body: file,
      });
      if (answer.status === 401) toSignIn();
      const facts = await answer.json();
      if (answer.ok) {
        this.say("", "");
        this.tell(file.name, facts.raw);
      } else this.say(`${file.name}: ${facts.sentence}`, "bad");
    } catch {
      this.say(`${file.name}: ${texts.unreachable}`, "bad");
    }
    this.busy = this.choose.disabled = false;
    this.bar.hidden = true;
    this.input.value = "";
  }

  tell(name, verdict) {
    this.component.setTriggerValue("verified", JSON.stringify({ name, verdict }));
  }

  say(sentence, kind) {
    this.line.textContent = sentence;
    this.line.className = kind ? `sentence ${kind}` : "";
  }
}

export default mounted(STYLES, (component) => new Verifier(component));
