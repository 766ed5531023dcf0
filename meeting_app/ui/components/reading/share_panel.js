// With whom something is shared: nobody, chosen people, or everybody who may read the document.

import { h } from "../dom.js";
import { Panel } from "./panel.js";

export class SharePanel {
  constructor({ say, notebook }) {
    Object.assign(this, { say, notebook });
    this.panel = new Panel({ title: say("share"), close: say("close") });
    this.what = h("p", {});
    this.ways = ["nobody", "chosen", "everyone"].map((way) => this.#way(way));
    this.people = h("ul", { className: "share-people" });
    this.said = h("p", { className: "share-said", role: "status" });
    this.apply = h("button", { type: "submit", className: "panel-act primary" }, say("share_apply"));
    const form = h("form", { className: "share-form" }, this.what, h("div", { className: "share-ways", role: "radiogroup", "aria-label": say("share_with") }, ...this.ways), this.people, this.said, h("div", { className: "panel-acts" }, this.apply));
    form.addEventListener("change", () => this.#draw());
    form.addEventListener("submit", (event) => this.#submit(event));
    this.panel.content.append(form);
    this.node = this.panel.node;
  }

  /** Ask for these annotations, e.g. all on a page; `what` says in words what they are. */
  async open(ids, what) {
    this.ids = ids;
    this.what.textContent = what;
    this.said.textContent = ids.length === 0 ? this.say("share_nothing") : "";
    const present = ids.map((id) => this.notebook.own.get(id)).filter(Boolean);
    const everyone = present.length > 0 && present.every((each) => each.everyone);
    this.chosen = new Set(present.flatMap((each) => each.people ?? []));
    this.#choose(everyone ? "everyone" : this.chosen.size > 0 ? "chosen" : "nobody");
    this.panel.open();
    this.people.replaceChildren();
    this.readers = (await readersOf(this.notebook.document)) ?? [];
    this.people.replaceChildren(...this.readers.map((each) => this.#person(each)));
    if (this.readers.length === 0 && ids.length > 0) this.said.textContent = this.say("share_unreachable");
    this.#draw();
  }

  get way() {
    return this.ways.find((each) => each.input.checked)?.input.value;
  }

  #choose(way) {
    for (const each of this.ways) each.input.checked = each.input.value === way;
    this.#draw();
  }

  #draw() {
    this.people.hidden = this.way !== "chosen";
    this.apply.disabled = this.ids?.length === 0;
  }

  #way(way) {
    const input = h("input", { type: "radio", name: "share-way", value: way });
    const node = h("label", { className: "share-way" }, input, h("span", {}, this.say(`share_${way}`)));
    node.input = input;
    return node;
  }

  #person({ id, name, post }) {
    const input = h("input", { type: "checkbox", value: String(id), checked: this.chosen.has(id) });
    return h("li", {}, h("label", { className: "share-way" }, input, h("span", {}, name, h("span", { className: "share-post" }, post))));
  }

  #submit(event) {
    event.preventDefault();
    const { way } = this;
    const people = way === "chosen" ? [...this.people.querySelectorAll("input:checked")].map((input) => Number(input.value)) : [];
    if (way === "chosen" && people.length === 0) {
      this.said.textContent = this.say("share_choose");
      return;
    }
    this.notebook.share(this.ids, { everyone: way === "everyone", people });
    this.panel.close();
  }
}

async function readersOf(opened) {
  if (!opened) return null;
  try {
    const answer = await fetch(`/annotations/${opened.id}/readers`, { cache: "no-store" });
    return answer.ok ? (await answer.json()).readers : null;
  } catch {
    return null;
  }
}
