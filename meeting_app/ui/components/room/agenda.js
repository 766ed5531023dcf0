// The agenda: the current item gold, its time running; the desk adds to it and reorders it here.

import { el, setText, sign } from "./dom.js";
import { ListOrder } from "./list_order.js";
import { Sheet } from "./sheet.js";
import { timeLeft } from "./words.js";

export class Agenda {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.reordering = false;
    this.list = el("ol", { class: "agenda-list" });
    this.order = new ListOrder(room, this.list, {
      ...{ act: "item.move", name: "item_id" },
      ...{ entries: () => room.state.items, redraw: () => room.draw() },
    });
    this.count = el("span", { class: "count" });
    this.reorder = el("button", { type: "button", class: "plain", "data-act": "reorder" });
    this.reorder.addEventListener("click", () => this.#toggle());
    const insert = el("button", { type: "button", class: "plain", "data-act": "insert" }, sign("plus"));
    insert.append(el("span", { text: words.say("insert_item") }));
    insert.addEventListener("click", () => this.insertSheet.open());
    this.tools = el("div", { class: "agenda-tools" }, insert, this.reorder);
    this.node = el(
      "div",
      { class: "agenda" },
      el("div", { class: "agenda-head" }, el("h2", { text: words.say("agenda") }), this.count),
      this.list,
      this.tools,
    );
    this.insertSheet = new Sheet(room, words.say("insert_item"));
    this.#buildForm();
  }

  draw() {
    const { state, words, desk } = this.room;
    const { items } = state;
    const done = items.filter((item) => ["finished", "skipped"].includes(item.state)).length;
    setText(this.count, words.say("items_done", { done, all: items.length }));
    const changeable = desk && ["convened", "running", "paused"].includes(state.meeting.state);
    this.tools.hidden = !changeable;
    this.reordering &&= changeable;
    if (!this.reordering) this.order.cancel();
    this.node.classList.toggle("reordering", this.reordering);
    this.reorder.setAttribute("aria-pressed", String(this.reordering));
    setText(this.reorder, words.say(this.reordering ? "reorder_end" : "reorder"));
    this.order.draw(items, () => this.#createRow(), (node, item, place) => this.#updateRow(node, item, place));
    this.tick();
  }

  tick() {
    const { currentItem, state, live, words } = this.room;
    if (!currentItem || !this.running) return;
    const left = timeLeft(currentItem, state.meeting, live.now());
    setText(this.running, words.say("state_current", { left: words.left(left) }));
  }

  #createRow() {
    const row = el("li", { class: "item" });
    row.number = el("span", { class: "number" });
    row.heading = el("span", { class: "item-title" });
    row.under = el("span", { class: "item-under" });
    row.state = el("span", { class: "item-state" });
    row.choose = el(
      "button",
      { type: "button", class: "item-choose", onclick: () => this.room.choose(row.entry.id) },
      row.number,
      el("span", { class: "item-text" }, row.heading, row.under, row.state),
    );
    const [grip, moves] = this.order.equip(row);
    row.append(grip, row.choose, moves);
    return row;
  }

  #updateRow(row, item, place) {
    const { words, shownItem } = this.room;
    row.dataset.state = item.state;
    row.dataset.item = item.id;
    setText(row.number, String(place + 1));
    setText(row.heading, item.title);
    const minutes = words.say("minutes", { minutes: item.minutes });
    setText(row.under, item.presenter ? `${item.presenter} · ${minutes}` : minutes);
    if (item.state === "current") this.running = row.state;
    else setText(row.state, item.state === "waiting" ? "" : words.say(`state_${item.state}`));
    row.state.hidden = item.state === "waiting";
    if (item.state === "current") row.choose.setAttribute("aria-current", "step");
    else row.choose.removeAttribute("aria-current");
    row.choose.setAttribute("aria-pressed", String(shownItem?.id === item.id));
  }

  #toggle() {
    this.reordering = !this.reordering;
    this.draw();
  }

  #buildForm() {
    const { words } = this.room;
    const field = (name, attributes) => {
      const input = el("input", { name, autocomplete: "off", ...attributes });
      return [input, el("label", {}, el("span", { text: words.say(`field_${name}`) }), input)];
    };
    const [title, titleLabel] = field("title", { required: true, maxlength: 300 });
    const [presenter, presenterLabel] = field("presenter", { maxlength: 200 });
    const [minutes, minutesLabel] = field("minutes", { type: "number", min: 1, max: 1440, value: 10, required: true });
    const submit = el("button", { type: "submit", class: "primary", text: words.say("act_insert") });
    const form = el("form", { class: "form" }, titleLabel, presenterLabel, minutesLabel, submit);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const given = { title: title.value, presenter: presenter.value, minutes: Number(minutes.value) };
      const done = await this.room.act(submit, "item.insert", { ...given, position: this.#placeForNew() });
      if (!done) return; // what was typed stays
      form.reset();
      this.insertSheet.close();
    });
    this.insertSheet.content.append(el("p", { class: "quiet", text: words.say("insert_explained") }), form);
  }

  /** A new item comes next: behind the last one that is no longer waiting. */
  #placeForNew() {
    const { items } = this.room.state;
    return items.reduce((place, item, index) => (item.state === "waiting" ? place : index + 1), 0) + 1;
  }
}
