// The minutes as sections that save themselves; see section.js.
import { h, mounted, styleSheet } from "../dom.js";
import { Section } from "./section.js";

const STYLES = ["../base.css", "minutes_editor.css"].map((name) => styleSheet(name, import.meta.url));

const AGAIN = 3000; // ms, should the page not have heard

class Editor {
  constructor(component) {
    const { texts, sections } = component.data;
    this.component = component;
    this.texts = texts;
    this.sections = new Map();
    this.element = h("div", { className: "editor", role: "group", "aria-label": texts.editor });
    this.unfinished = h("p", { className: "sentence bad", role: "alert" });
    this.finish = h("button", { type: "button", className: "primary finish", onclick: () => this.submit() }, texts.finish);
    component.parentElement.append(this.element, this.unfinished, this.finish);
    this.arrange(sections);
    this.width = new ResizeObserver(() => this.fit());
    this.width.observe(this.element);
    this.leave = () => this.each((section) => section.leave());
    this.hidden = () => document.visibilityState === "hidden" && this.each((section) => section.save());
    this.online = () => this.each((section) => section.save());
    addEventListener("pagehide", this.leave);
    addEventListener("online", this.online);
    document.addEventListener("visibilitychange", this.hidden);
  }

  each(act) {
    for (const section of this.sections.values()) act(section);
  }

  arrange(views) {
    for (const view of views) {
      const known = this.sections.get(view.id);
      if (known) known.refresh(view);
      else this.sections.set(view.id, new Section(view, this.texts));
    }
    const wanted = views.map((view) => this.sections.get(view.id).element);
    // Moving a field would take the caret out of it.
    if (wanted.some((element, place) => this.element.children[place] !== element)) this.element.replaceChildren(...wanted);
  }

  /** Before the paper is written from the rows, every word typed here must be in them. */
  async submit() {
    if (this.finish.disabled) return;
    this.unfinished.textContent = "";
    this.finish.disabled = true;
    const arrived = await Promise.all([...this.sections.values()].map((section) => section.flush()));
    if (arrived.every(Boolean)) this.component.setTriggerValue("finished", Date.now());
    else this.unfinished.textContent = this.texts.unfinished;
    setTimeout(() => (this.finish.disabled = false), arrived.every(Boolean) ? AGAIN : 0);
  }

  fit() {
    this.each((section) => section.fit());
  }

  update(component) {
    this.component = component;
    this.arrange(component.data.sections);
  }

  destroy() {
    this.leave();
    this.width.disconnect();
    removeEventListener("pagehide", this.leave);
    removeEventListener("online", this.online);
    document.removeEventListener("visibilitychange", this.hidden);
  }
}

export default mounted(STYLES, (component) => new Editor(component));
