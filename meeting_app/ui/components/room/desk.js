// The desk's own panel: what waits now on top, then what is being discussed, the floor and the motion.

import { el, setText } from "./dom.js";
import { MotionPanel } from "./motion_panel.js";
import { going } from "./motion_words.js";
import { quorum } from "./quorum.js";
import { Waiting } from "./waiting.js";

export class Desk {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.queue = new Waiting(room);
    this.motion = new MotionPanel(room);
    this.now = el("div", { class: "desk-now" });
    this.presence = el("button", { type: "button", class: "plain desk-presence", "data-act": "desk_people", onclick: () => room.people.sheet.open() });
    this.minutes = this.#way("minutes_pane", () => room.minutesPane.open());
    const ways = { messages: room.messages, screens: room.screens };
    const others = [this.minutes, ...Object.entries(ways).filter(([, part]) => part).map(([name, part]) => this.#way(name, () => part.open()))];
    const panels = [room.messages.panel, this.now, room.floor.panel, this.motion.node, this.presence, el("div", { class: "desk-others" }, ...others)];
    this.node = el("div", { class: "desk", "aria-label": words.say("desk") }, this.queue.node, ...panels.filter(Boolean));
  }

  /** Things that ask for a touch of the desk. */
  get waiting() {
    return this.room.desk ? this.queue.count : 0;
  }

  draw() {
    const { desk, state, words } = this.room;
    this.node.hidden = !desk;
    if (!desk) return;
    this.queue.draw();
    this.motion.draw();
    this.minutes.hidden = !this.room.minutesPane.offered || this.room.layout.mode !== "phone";
    this.#place(Boolean(going(state)));
    const now = quorum(state);
    const sign = now.reached ? "✓" : "✕";
    setText(this.presence, words.say(now.reached ? "quorum_reached" : "quorum_missing", { sign, ...now }));
    this.presence.dataset.reached = String(now.reached);
  }

  tick() {
    if (!this.room.desk) return;
    this.queue.tick();
    this.motion.tick();
  }

  /** A vote that is before the meeting stands above what is discussed; whoever had the focus there keeps it. */
  #place(voting) {
    const { node } = this.motion;
    const { panel } = this.room.floor;
    if ((voting ? node.nextSibling : node.previousSibling) === (voting ? this.now : panel)) return;
    const focused = node.getRootNode().activeElement;
    if (voting) this.now.before(node);
    else panel.after(node);
    if (node.contains(focused)) focused.focus();
  }

  #way(name, press) {
    return el("button", { type: "button", class: "plain", "data-act": `desk_${name}`, text: this.room.words.say(name), onclick: press });
  }
}
