// What a motion asks of this person, where the bar stands otherwise.

import { el } from "./dom.js";

export class Vote {
  constructor(room) {
    this.room = room;
    this.node = el("section", { class: "vote", hidden: true }); // while it is shown, the bar makes room
  }

  /** What a closed motion came to, and all about one that was approved. */
  showResult() {}

  draw() {}
}
