// A panel over the room: from below on a phone, from the right elsewhere. The browser's own dialog
// gives it Escape, the focus, and rest to what lies under it.

import { el, sign } from "./dom.js";

const opened = []; // dialogs, the one on top last

/** The open sheet that lies over all others of a room; null when none is open. */
export function topSheet(root) {
  return opened.findLast((node) => node.open && root.contains(node)) ?? null;
}

export class Sheet {
  constructor(room, title) {
    this.room = room;
    this.content = el("div", { class: "sheet-content" });
    this.heading = el("h2", { text: title });
    this.node = el(
      "dialog",
      { class: "sheet", "aria-label": title },
      el(
        "div",
        { class: "sheet-head" },
        this.heading,
        el(
          "button",
          { type: "button", class: "icon", "aria-label": room.words.say("close"), onclick: () => this.close() },
          sign("close"),
        ),
      ),
      this.content,
    );
    // A touch beside the sheet puts it away.
    this.node.addEventListener("click", (event) => event.target === this.node && this.close());
    this.node.addEventListener("close", () => {
      forget(this.node);
      room.strip.place();
    });
  }

  get isOpen() {
    return this.node.open;
  }

  /** What stands in a sheet may be drawn only while it is open: at its opening everything is drawn. */
  open() {
    if (!this.node.open) {
      forget(this.node);
      opened.push(this.node);
      this.node.showModal();
    }
    this.room.strip.place();
    if (this.room.state) this.room.drawing.now();
  }

  close() {
    if (this.node.open) this.node.close();
  }
}

function forget(node) {
  if (opened.includes(node)) opened.splice(opened.indexOf(node), 1);
}
