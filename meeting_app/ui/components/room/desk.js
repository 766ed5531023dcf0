// The desk's own panel: what waits now on top, then what is being discussed, the floor and the motion.

import { el } from "./dom.js";

export class Desk {
  constructor(room) {
    this.room = room;
    this.waiting = 0; // things that ask for a touch of the desk
    this.now = el("div", { class: "desk-now" });
    this.node = el("div", { class: "desk" }, this.now);
  }

  draw() {
    this.node.hidden = !this.room.desk;
  }
}
