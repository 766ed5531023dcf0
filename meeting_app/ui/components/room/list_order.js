// Putting a list of the meeting in order: by dragging, by the arrow keys on a row's handle, by its two buttons.

import { Dragging } from "../dragging.js";
import { el, keyed, sign } from "./dom.js";

const BY_KEYS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export class ListOrder {
  /** `act` moves the entry that `name` names; `entries()` are all as they stand now, `redraw` draws what came during a drag. */
  constructor(room, list, { act, name, prefix = "", entries, redraw }) {
    Object.assign(this, { room, list, act, name, prefix, entries, redraw });
    this.dragging = new Dragging(list, {
      dropped: (row, above) => this.#drop(row, above.map((each) => each.entry.id)),
      released: () => this.redraw(),
    });
  }

  /** Draw the list as `keyed` does; not while somebody holds a row, and never out of the hand of whoever has the focus. */
  draw(entries, create, update) {
    if (this.dragging.active) return;
    const focused = this.list.getRootNode().activeElement;
    keyed(this.list, entries, create, (row, entry, place) => {
      row.entry = entry;
      row.grip.setAttribute("aria-label", this.room.words.say("grip", { title: entry.title }));
      row.up.disabled = place === 0;
      row.down.disabled = place === entries.length - 1;
      update(row, entry, place);
    });
    if (this.list.contains(focused) && this.list.getRootNode().activeElement !== focused) focused.focus();
  }

  cancel() {
    this.dragging.cancel();
  }

  /** The handle before a row, and the two buttons behind it. */
  equip(row) {
    const button = (name, shape) => el("button", { type: "button", class: "icon", "data-act": this.prefix + name }, sign(shape));
    row.grip = button("grip", "grip");
    row.grip.classList.add("grip");
    row.grip.addEventListener("keydown", (event) => this.#key(event, row));
    this.dragging.hold(row.grip, row);
    row.up = button("move_up", "up");
    row.down = button("move_down", "down");
    row.up.addEventListener("click", () => this.#step(row.up, row, -1));
    row.down.addEventListener("click", () => this.#step(row.down, row, 1));
    for (const [node, name] of [[row.up, "move_up"], [row.down, "move_down"]]) node.setAttribute("aria-label", this.room.words.say(name));
    return [row.grip, el("span", { class: "moves" }, row.up, row.down)];
  }

  #key(event, row) {
    if (!(event.key in BY_KEYS)) return;
    event.preventDefault();
    this.#step(row.grip, row, BY_KEYS[event.key]);
  }

  async #step(control, row, by) {
    const others = this.#idsWithout(row.entry.id);
    const place = this.#idsAbove(row.entry.id).length;
    const to = Math.min(Math.max(place + by, 0), others.length);
    if (to === place) return;
    await this.#move(control, row.entry, others.slice(0, to));
    control.focus();
  }

  #drop(row, above) {
    return this.#move(row.grip, row.entry, above);
  }

  /** One command; its way back leads below the same neighbours, whatever else was moved meanwhile. */
  #move(control, { id, title }, above) {
    const before = this.#idsAbove(id);
    const step = (ids) => [this.act, { [this.name]: id, position: this.#below(id, ids) }];
    const undo = { text: this.room.words.say("done_move", { title }), steps: () => [step(before)] };
    return this.room.act(control, ...step(above), undo);
  }

  /** The position (1 the first) below the nearest of these that is still there. */
  #below(id, above) {
    const others = this.#idsWithout(id);
    return others.indexOf(above.findLast((each) => others.includes(each))) + 2;
  }

  #idsAbove(id) {
    const ids = this.entries().map((each) => each.id);
    return ids.slice(0, ids.indexOf(id));
  }

  #idsWithout(id) {
    return this.entries().map((each) => each.id).filter((each) => each !== id);
  }
}
