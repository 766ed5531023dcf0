// Who waits and who has spoken; the desk calls, moves and withdraws here.

import { el, keyed, setText, sign } from "./dom.js";
import { nameOf, person, standing, turnSpent } from "./turn_time.js";
import { digits } from "./words.js";

export class FloorList {
  /** `most` bounds how many of those who wait are shown; `spoken` says whether those who have spoken are. */
  constructor(room, acts, { most = Infinity, spoken = true } = {}) {
    this.room = room;
    this.acts = acts;
    this.most = most;
    const { words } = room;
    this.waitingHead = el("h3", {});
    this.waiting = el("ol", { class: "floor-list", "aria-label": words.say("floor_waiting") });
    this.none = el("p", { class: "quiet", text: words.say("floor_nobody") });
    this.more = el("p", { class: "quiet" });
    this.doneHead = el("h3", {});
    this.done = el("ol", { class: "floor-list floor-done", "aria-label": words.say("floor_called") });
    this.node = el("div", { class: "floor-lists" }, this.waitingHead, this.none, this.waiting, this.more);
    if (spoken) this.node.append(this.doneHead, this.done);
  }

  draw() {
    const { state, words } = this.room;
    const { waiting, done } = standing(state);
    const over = ["closed", "recorded"].includes(state.meeting.state);
    setText(this.waitingHead, words.say(over ? "floor_not_called_count" : "floor_waiting_count", { count: waiting.length }));
    this.none.hidden = waiting.length > 0;
    this.more.hidden = waiting.length <= this.most;
    setText(this.more, words.say("floor_more", { count: waiting.length - this.most }));
    const held = this.waiting.getRootNode().activeElement;
    keyed(this.waiting, waiting.slice(0, this.most), () => this.#createWaiting(), (row, each, place) => this.#updateWaiting(row, each, place, waiting.length));
    if (held && this.waiting.contains(held)) this.#hold(held);
    this.doneHead.hidden = done.length === 0;
    setText(this.doneHead, words.say("floor_called_count", { count: done.length }));
    keyed(this.done, done, () => this.#createRow(), (row, each) => this.#updateRow(row, each));
  }

  #createRow() {
    const row = el("li", { class: "floor-row" });
    row.number = el("span", { class: "number", "aria-hidden": "true" });
    row.name = el("span", { class: "floor-name" });
    row.under = el("span", { class: "quiet" });
    row.append(row.number, el("span", { class: "floor-text" }, row.name, row.under));
    return row;
  }

  #createWaiting() {
    const { words } = this.room;
    const row = this.#createRow();
    const button = (name, shape, press) => {
      const node = el("button", { type: "button", class: shape ? "icon" : "plain", "data-act": `floor_${name}` });
      if (shape) node.append(sign(shape));
      else setText(node, words.say(`floor_act_${name}`));
      node.addEventListener("click", () => press(node));
      return node;
    };
    row.up = button("up", "up", (node) => this.#move(node, row, -1));
    row.down = button("down", "down", (node) => this.#move(node, row, 1));
    row.drop = button("drop", "close", (node) => this.acts.withdraw(node, row.request));
    row.grant = button("grant", null, (node) => this.acts.grant(node, row.request));
    row.tools = el("span", { class: "floor-tools" }, row.up, row.down, row.drop, row.grant);
    row.append(row.tools);
    return row;
  }

  #updateWaiting(row, request, place, all) {
    const { words, state, desk } = this.room;
    this.#updateRow(row, request, place);
    const name = nameOf(state, request.attendee_id);
    const { waiting } = standing(state);
    row.tools.hidden = !desk || !["convened", "running", "paused"].includes(state.meeting.state);
    row.grant.disabled = state.meeting.state !== "running" || this.#ended(request);
    row.up.disabled = place === 0 || (waiting[place - 1].kind === "order") !== (request.kind === "order");
    row.down.disabled = place === all - 1 || (waiting[place + 1].kind === "order") !== (request.kind === "order");
    for (const act of ["up", "down", "drop", "grant"]) row[act].setAttribute("aria-label", words.say(`floor_label_${act}`, { name }));
    row.classList.toggle("mine", request.attendee_id === state.you.attendee_id);
  }

  #updateRow(row, request, place = null) {
    const { state, words, live } = this.room;
    const who = person(state, request.attendee_id);
    row.request = request;
    row.place = place;
    row.dataset.request = request.id;
    row.dataset.kind = request.kind;
    setText(row.number, place === null ? "✓" : String(place + 1));
    setText(row.name, who?.name ?? "");
    const kind = request.kind === "speech" ? "" : words.say(request.kind === "question" ? "floor_asks" : "floor_order", { name: nameOf(state, request.addressee_id) });
    const spoken = place === null ? words.say("floor_spoke", { time: digits(turnSpent(request, state.meeting, live.now())) }) : "";
    setText(row.under, [kind, request.subject, spoken || who?.post].filter(Boolean).join(" · "));
  }

  #ended(request) {
    const rules = this.room.state.floor_rules ?? {};
    return { speech: rules.speeches, question: rules.questions }[request.kind] === "ended";
  }

  #move(control, row, by) {
    control.focus();
    this.acts.move(control, row.request, row.place + 1 + by);
  }

  /** A row that moves takes the focus along; at the end of the list it goes to the way back. */
  #hold(control) {
    const row = control.closest(".floor-row");
    const other = control === row.up ? row.down : row.up;
    (control.disabled ? other : control).focus();
  }
}
