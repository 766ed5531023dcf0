// The minutes as sections that save themselves; see section.js.
import { h, mounted, styleSheet } from "../dom.js";
import { Sections } from "./sections.js";

const STYLES = ["../base.css", "minutes_editor.css"].map((name) => styleSheet(name, import.meta.url));

const AGAIN = 3000; // ms, should the page not have heard

class Editor {
  constructor(component) {
    const { texts, sections } = component.data;
    this.component = component;
    this.texts = texts;
    this.sections = new Sections(texts);
    this.element = h("div", { className: "editor", role: "group", "aria-label": texts.editor });
    this.unfinished = h("p", { className: "sentence bad", role: "alert" });
    this.finish = h("button", { type: "button", className: "primary finish", onclick: () => this.submit() }, texts.finish);
    component.parentElement.append(this.element, this.unfinished, this.finish);
    this.arrange(sections);
    this.width = new ResizeObserver(() => this.sections.fit());
    this.width.observe(this.element);
  }

  arrange(views) {
    const wanted = views.map((view) => this.sections.of(view).element);
    // Moving a field would take the caret out of it.
    if (wanted.some((element, place) => this.element.children[place] !== element)) this.element.replaceChildren(...wanted);
  }

  /** Before the paper is written from the rows, every word typed here must be in them. */
  async submit() {
    if (this.finish.disabled) return;
    this.unfinished.textContent = "";
    this.finish.disabled = true;
    const arrived = await this.sections.flush();
    if (arrived) this.component.setTriggerValue("finished", Date.now());
    else this.unfinished.textContent = this.texts.unfinished;
    setTimeout(() => (this.finish.disabled = false), arrived ? AGAIN : 0);
  }

  update(component) {
    this.component = component;
    this.arrange(component.data.sections);
  }

  destroy() {
    this.sections.destroy();
    this.width.disconnect();
  }
}

export default mounted(STYLES, (component) => new Editor(component));
