// The code that others scan to be present: shown large on the desk's own screen, where no wall shows it.

import { el, setText } from "./dom.js";
import { isPresent } from "./presence.js";
import { Sheet } from "./sheet.js";

const RENEWED = 10000; // ms; a code is good for at least half a minute

export class CheckInCode {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.sheet = new Sheet(room, words.say("check_in_code"));
    this.image = el("img", { class: "check-in-code", alt: words.say("check_in_code_image"), width: 480, height: 480 });
    this.none = el("p", { class: "quiet", text: words.say("check_in_code_none"), hidden: true });
    this.here = el("p", { class: "people-count", role: "status" });
    this.image.addEventListener("error", () => this.#found(false));
    this.image.addEventListener("load", () => this.#found(true));
    this.sheet.content.append(el("p", { text: words.say("check_in_code_how") }), this.image, this.none, this.here);
    this.sheet.node.addEventListener("close", () => clearInterval(this.timer));
  }

  open() {
    this.#renew();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.#renew(), RENEWED);
    this.sheet.open();
    this.draw();
  }

  draw() {
    if (!this.sheet.node.open) return;
    if (!this.room.desk) this.sheet.close();
    const { attendees } = this.room.state;
    setText(this.here, this.room.words.say("people_here", { here: attendees.filter(isPresent).length, all: attendees.length }));
  }

  #renew() {
    if (!this.sheet.node.isConnected) clearInterval(this.timer);
    this.image.src = `/check-in-code/${this.room.meeting}.svg?at=${Date.now()}`;
  }

  #found(found) {
    this.image.hidden = !found;
    this.none.hidden = found;
  }
}
