// A list of a page put in order as the room's lists are: by finger, mouse, arrow keys or buttons. The page does the move.

import { mounted, styleSheet } from "../dom.js";
import { el, setText } from "../room/dom.js";
import { ListOrder } from "../room/list_order.js";
import { Words } from "../room/words.js";

const STYLES = ["../base.css", "../dragging.css", "order_list.css"].map((name) => styleSheet(name, import.meta.url));

export default mounted(STYLES, (component) => {
  const list = new OrderList(component);
  return { update: (next) => list.update(next) };
});

class OrderList {
  constructor(component) {
    this.component = component;
    this.list = el("ol", { class: "order reordering" });
    const page = { words: new Words(component.data.texts), act: (_control, _act, args) => this.#move(args) };
    const entries = () => this.component.data.entries;
    this.order = new ListOrder(page, this.list, { act: "move", name: "id", entries, redraw: () => this.draw() });
    component.parentElement.append(this.list);
    this.draw();
  }

  update(component) {
    this.component = component;
    this.answered?.(true);
    this.draw();
  }

  draw() {
    this.order.draw(this.component.data.entries, () => this.#createRow(), (row, entry, place) => {
      setText(row.number, `${place + 1}.`);
      setText(row.heading, entry.title);
      setText(row.under, entry.under);
    });
  }

  /** The rows stay where they were put until the page has run. */
  #move({ id, position }) {
    this.component.setTriggerValue("moved", { id, position });
    return new Promise((resolve) => (this.answered = resolve));
  }

  #createRow() {
    const row = el("li", { class: "entry" });
    row.number = el("span", { class: "place" });
    row.heading = el("span", { class: "heading" });
    row.under = el("span", { class: "quiet-text" });
    const [grip, moves] = this.order.equip(row);
    row.append(grip, row.number, el("span", { class: "words" }, row.heading, row.under), moves);
    return row;
  }
}
