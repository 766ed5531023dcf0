// The floor: who speaks, my own request, the list; for the desk the panel that runs it.

import { el, keyed, setText } from "./dom.js";
import { FloorActs } from "./floor_acts.js";
import { FloorForm } from "./floor_form.js";
import { FloorList } from "./floor_list.js";
import { FloorRules } from "./floor_rules.js";
import { Sheet } from "./sheet.js";
import { Speaking } from "./speaking.js";
import { onTheFloor, standing } from "./turn_time.js";

const IN_PANEL = 3; // of those who wait: what comes below stays in reach

export class Floor {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.acts = new FloorActs(room);
    this.speaking = new Speaking(room);
    this.node = this.speaking.node;
    this.sheet = new Sheet(room, words.say("floor_title"));
    this.form = new FloorForm(room);
    this.list = new FloorList(room, this.acts);
    this.rules = new FloorRules(room, this.acts);
    this.mine = el("div", { class: "floor-mine", role: "status" });
    this.sheet.content.append(this.mine, this.form.node, this.rules.node, this.list.node);
    this.next = new FloorList(room, this.acts, { most: IN_PANEL, spoken: false });
    this.turnActs = el("div", { class: "acts floor-turn" });
    this.turnPlace = el("div", {}, this.turnActs); // on a phone; elsewhere they stand beside who speaks
    this.whole = el("button", { type: "button", class: "plain", "data-act": "floor_open", text: words.say("floor_whole_list"), onclick: () => this.sheet.open() });
    this.panel = el("section", { class: "panel floor-panel", "aria-label": words.say("floor_title"), hidden: true }, el("h2", { text: words.say("floor_title") }), this.turnPlace, this.next.node, this.whole);
  }

  openForm() {
    this.sheet.open();
  }

  draw() {
    const { state, desk } = this.room;
    if (!state.floor) return;
    this.speaking.draw();
    this.form.draw();
    this.list.draw();
    this.rules.draw();
    this.#drawMine();
    this.panel.hidden = !desk || !["convened", "running", "paused"].includes(state.meeting.state);
    this.turnActs.hidden = this.panel.hidden;
    if (this.panel.hidden) return;
    this.next.draw();
    this.#drawTurn();
  }

  tick() {
    this.speaking.tick();
  }

  /** What the bar's button says: that one speaks, where one stands, or the way to ask. */
  get said() {
    const { state, words } = this.room;
    const { speaker, waiting } = standing(state);
    const me = state.you.attendee_id;
    if (speaker?.attendee_id === me) return words.say("floor_you_speak");
    const place = waiting.findIndex((each) => each.attendee_id === me) + 1;
    return place ? words.say("floor_you_wait", { place }) : words.say("floor_ask_speech");
  }

  #drawMine() {
    const { state, words } = this.room;
    const { waiting, speaker } = standing(state);
    const me = state.you.attendee_id;
    const mine = waiting.filter((each) => each.attendee_id === me);
    if (speaker?.attendee_id === me) mine.unshift(speaker);
    keyed(this.mine, mine, () => this.#createMine(), (row, request) => {
      row.request = request;
      const speaks = request.state === "speaking";
      const place = waiting.indexOf(request) + 1;
      setText(row.said, speaks ? words.say("floor_you_speak") : words.say(`floor_place_${request.kind}`, { place }));
      setText(row.back, words.say(speaks ? "floor_finish" : "floor_withdraw"));
    });
    this.mine.hidden = mine.length === 0;
  }

  #createMine() {
    const row = el("div", { class: "own" });
    row.said = el("span", { class: "own-said" });
    row.back = el("button", { type: "button", class: "plain", "data-act": "floor_withdraw" });
    row.back.addEventListener("click", () => this.#giveUp(row));
    row.append(row.said, row.back);
    return row;
  }

  #giveUp(row) {
    if (row.request.state === "waiting") this.acts.withdraw(row.back, row.request);
    else this.room.act(row.back, "floor.end", { request_id: row.request.id });
  }

  #drawTurn() {
    const turn = onTheFloor(this.room.state);
    const running = this.room.state.meeting.state === "running";
    const acts = [];
    if (turn) {
      acts.push({ id: "end", press: (node) => this.acts.end(node, turn), primary: turn.state === "speaking" });
      if (running && turn.state === "speaking") acts.push({ id: "pause", press: (node) => this.acts.pause(node, turn) });
      if (running && turn.state === "paused") acts.unshift({ id: "resume", press: (node) => this.acts.resume(node, turn), primary: true });
      acts.push({ id: "extend", press: (node) => this.acts.extend(node, turn, 60) });
    }
    this.turnActs.hidden = acts.length === 0;
    keyed(this.turnActs, acts, () => this.#createAct(), (node, act) => {
      node.act = act;
      node.className = act.primary ? "primary" : "plain";
      node.dataset.act = `floor_${act.id}`;
      setText(node, this.room.words.say(`floor_act_${act.id}`));
    });
  }

  #createAct() {
    const node = el("button", { type: "button" });
    node.addEventListener("click", () => node.act.press(node));
    return node;
  }
}
