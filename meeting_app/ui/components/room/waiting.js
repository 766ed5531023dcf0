// What waits for the desk now: a line each, with the one touch that answers it.

import { el, keyed, setText, sign } from "./dom.js";
import { going } from "./motion_words.js";
import { electors } from "./quorum.js";
import { timeLeft } from "./words.js";

const OVER = 60000; // ms over its time, from which an item is spoken of
const MOST_ORDERS = 2; // points of order with a line each: what is discussed stays in view below

export class Waiting {
  constructor(room) {
    this.room = room;
    this.rows = [];
    this.node = el("ul", { class: "waiting", "aria-label": room.words.say("desk_waiting"), "aria-live": "polite" });
  }

  /** How many things ask for a touch of the desk, with those that other panels show. */
  get count() {
    const { state } = this.room;
    const speeches = (state.floor ?? []).filter((each) => each.state === "waiting" && each.kind !== "order").length;
    const calls = (state.help ?? []).filter((each) => !each.answered_at).length;
    return this.rows.reduce((sum, row) => sum + (row.many ?? 1), speeches + calls);
  }

  draw() {
    this.rows = this.#rows();
    this.node.hidden = this.rows.length === 0;
    keyed(this.node, this.rows, () => this.#createRow(), (node, row) => {
      node.row = row;
      node.dataset.kind = row.kind;
      setText(node.said, row.text);
      setText(node.press, row.name);
      node.press.dataset.act = `waiting_${row.kind}`;
    });
  }

  /** Time passes without an event: an item runs over. */
  tick() {
    if (this.#rows().map((each) => each.id + each.text).join() !== this.rows.map((each) => each.id + each.text).join()) this.room.draw();
  }

  #rows() {
    const { meeting } = this.room.state;
    if (!["running", "paused"].includes(meeting.state)) return [];
    return [...this.#orders(), ...this.#vote(), ...this.#overTime()];
  }

  #orders() {
    const { state, words, floor } = this.room;
    if (!floor || state.meeting.state !== "running") return [];
    const orders = (state.floor ?? []).filter((each) => each.kind === "order" && each.state === "waiting");
    const shown = orders.slice(0, MOST_ORDERS).map((request) => ({
      id: `order-${request.id}`,
      kind: "order",
      text: words.say("waiting_order", { name: this.#name(request.attendee_id) }),
      name: words.say("act_call_speaker"),
      press: (node) => floor.acts.grant(node, request),
    }));
    const many = orders.length - shown.length;
    if (!many) return shown;
    const text = words.say("waiting_more_orders", { count: many });
    return [...shown, { id: "more-orders", kind: "more_orders", many, text, name: words.say("floor_whole_list"), press: () => floor.sheet.open() }];
  }

  #vote() {
    const { state, words, deskPanel } = this.room;
    const motion = going(state);
    if (!motion || state.meeting.state !== "running") return [];
    if (motion.state === "open") {
      const votes = state.electors ?? [];
      if (!votes.length || votes.some((each) => !each.voted)) return [];
      const text = words.say("waiting_all_voted", { all: votes.length });
      return [{ id: "all_voted", kind: "all_voted", text, name: words.say("act_vote_close"), press: () => deskPanel.motion.askToClose() }];
    }
    const holders = new Set(electors(state.attendees, motion.proxies).map(([, holder]) => holder.id));
    const ready = (state.ready ?? []).filter((each) => holders.has(each.id)).length;
    if (!holders.size || ready < holders.size) return [];
    const text = words.say("waiting_all_ready", { all: holders.size });
    return [{ id: "all_ready", kind: "all_ready", text, name: words.say("act_vote_open"), press: (node) => deskPanel.motion.open(node, motion) }];
  }

  #overTime() {
    const { currentItem, state, words, live } = this.room;
    if (!currentItem || state.meeting.state !== "running") return [];
    const left = timeLeft(currentItem, state.meeting, live.now());
    if (left > -OVER) return [];
    const minutes = Math.floor(-left / 60000);
    const args = { item_id: currentItem.id, minutes: 5 };
    const undo = { text: words.say("done_extend"), steps: () => [["item.extend", { ...args, minutes: -5 }]] };
    return [
      {
        id: `over-${currentItem.id}`,
        kind: "over",
        text: words.say("waiting_over", { minutes }),
        name: words.say("act_extend"),
        press: (node) => this.room.act(node, "item.extend", args, undo),
      },
    ];
  }

  #name(attendeeId) {
    return this.room.state.attendees.find((each) => each.id === attendeeId)?.name ?? "";
  }

  #createRow() {
    const node = el("li", { class: "waiting-row" });
    node.said = el("span", { class: "waiting-said" });
    node.press = el("button", { type: "button", class: "primary" });
    node.press.addEventListener("click", () => node.row.press(node.press));
    node.append(sign("bell"), node.said, node.press);
    return node;
  }
}
