// All motions of the meeting in their order: drafts the desk alone sees, the approved list, the results.

import { el, keyed, setText } from "./dom.js";
import { ListOrder } from "./list_order.js";
import { callable, suggested } from "./motion_choice.js";
import { MotionForm } from "./motion_form.js";
import { outcome, rules } from "./motion_words.js";
import { Sheet } from "./sheet.js";

const OPEN = ["convened", "running", "paused"];

export class Motions {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.sheet = new Sheet(room, words.say("motions"));
    this.reordering = false;
    this.empty = el("p", { class: "quiet" });
    this.list = el("ol", { class: "motion-list" });
    this.order = new ListOrder(room, this.list, {
      ...{ act: "motion.move", name: "motion_id", prefix: "motion_" },
      ...{ entries: () => room.state.motions ?? [], redraw: () => room.draw() },
    });
    this.form = new MotionForm(room);
    this.add = this.#button("motion_new", () => this.form.begin());
    this.approve = this.#button("motion_approve_all", (node) => this.#approveAll(node), "primary");
    this.reorder = this.#button("motion_reorder", () => this.#toggle());
    this.tools = el("div", { class: "motion-tools" }, this.approve, this.add, this.reorder);
    this.sheet.content.append(this.tools, this.form.node, this.empty, this.list);
    room.bar.add({ name: "motions", shape: "ballot", press: () => this.open(), count: () => this.#drafts().length });
  }

  open() {
    this.sheet.open();
  }

  draw() {
    if (!this.sheet.isOpen) return this.order.cancel();
    const { state, words, desk } = this.room;
    const motions = state.motions ?? [];
    this.changeable = desk && OPEN.includes(state.meeting.state);
    const drafts = this.#drafts().length;
    this.tools.hidden = !this.changeable;
    this.approve.hidden = drafts === 0;
    setText(this.approve, words.say("act_motion_approve_all", { count: drafts }));
    this.reorder.hidden = motions.length < 2;
    this.reordering &&= this.changeable && motions.length > 1;
    if (!this.reordering) this.order.cancel();
    this.reorder.setAttribute("aria-pressed", String(this.reordering));
    setText(this.reorder, words.say(this.reordering ? "reorder_end" : "reorder"));
    this.list.classList.toggle("reordering", this.reordering);
    this.empty.hidden = motions.length > 0;
    setText(this.empty, words.say(desk ? "motions_empty_desk" : "motions_empty"));
    if (!this.changeable) this.form.close();
    this.next = callable(state) ? suggested(state) : null;
    this.form.draw();
    this.order.draw(motions, () => this.#createRow(), (row, motion, place) => this.#updateRow(row, motion, place));
  }

  /** Vote on the same once more: a new round, approved already. */
  repeat(control, motion) {
    const first = motion.repeat_of ?? motion.id;
    const again = () => this.room.state.motions.findLast((each) => each.repeat_of === first && each.state === "approved")?.id ?? 0;
    return this.#act(control, "motion.repeat", motion, "done_motion_repeat", () => [["motion.remove", { motion_id: again() }]]);
  }

  #drafts() {
    return this.room.desk ? (this.room.state.motions ?? []).filter((each) => each.state === "draft") : [];
  }

  #approveAll(control) {
    const steps = this.#drafts().map((each) => ["motion.unapprove", { motion_id: each.id }]);
    const text = this.room.words.say("done_motion_approve_all", { count: steps.length });
    return this.room.act(control, "motion.approve", {}, { text, steps: () => steps });
  }

  #toggle() {
    this.reordering = !this.reordering;
    this.draw();
  }

  #createRow() {
    const { vote } = this.room;
    const row = el("li", { class: "motion" });
    row.number = el("span", { class: "number" });
    row.heading = el("span", { class: "motion-title" });
    row.standing = el("span", { class: "motion-state" });
    row.under = el("span", { class: "item-under" });
    row.outcome = el("span", { class: "motion-outcome" });
    const text = el("span", { class: "item-text" }, row.standing, row.heading, row.under, row.outcome);
    row.see = el("button", { type: "button", class: "motion-see", onclick: () => vote.showResult(row.entry) }, row.number, text);
    const [grip, moves] = this.order.equip(row);
    row.acts = el("div", { class: "motion-acts" });
    row.append(el("div", { class: "motion-row" }, grip, row.see, moves), row.acts);
    return row;
  }

  #updateRow(row, motion, place) {
    const { words } = this.room;
    Object.assign(row.dataset, { motion: motion.id, state: motion.state });
    setText(row.number, String(place + 1));
    setText(row.heading, motion.title);
    setText(row.standing, words.say(`motion_${motion.state}`));
    setText(row.under, rules(words, motion));
    setText(row.outcome, outcome(words, motion));
    row.outcome.hidden = !motion.result;
    row.outcome.dataset.carried = String(Boolean(motion.result?.carried));
    const acts = this.changeable && !this.reordering ? this.#acts(motion) : [];
    row.acts.hidden = acts.length === 0;
    keyed(row.acts, acts, () => this.#createAct(), (node, act) => {
      node.act = act;
      node.className = act.primary ? "primary" : "plain";
      node.dataset.act = act.id;
      setText(node, words.say(`act_${act.id}`));
    });
  }

  #acts(motion) {
    const act = (id, name, back) => ({
      id: `motion_${id}`,
      press: (node) => this.#act(node, name, motion, `done_motion_${id}`, () => [[back, { motion_id: motion.id }]]),
    });
    switch (motion.state) {
      case "draft":
        return [act("approve", "motion.approve", "motion.unapprove"), { id: "motion_edit", press: () => this.form.edit(motion) }, act("remove", "motion.remove", "motion.restore")];
      case "approved":
        return [...this.#calls(motion), act("unapprove", "motion.unapprove", "motion.approve"), act("withdraw", "motion.remove", "motion.restore")];
      case "withdrawn":
        return [act("restore", "motion.restore", "motion.remove")];
      case "closed":
        return this.room.state.meeting.state === "running" ? [{ id: "vote_repeat", press: (node) => this.repeat(node, motion) }] : [];
      default:
        return [];
    }
  }

  /** Any approved motion is called by one touch, the one that is suggested stands out. */
  #calls(motion) {
    if (!this.next) return [];
    return [{ id: "vote_call", primary: motion.id === this.next.id, press: (node) => this.#call(node, motion) }];
  }

  async #call(control, motion) {
    if (await this.room.deskPanel.motion.call(control, motion)) this.sheet.close();
  }

  #act(control, act, motion, said, steps) {
    const text = this.room.words.say(said, { title: motion.title });
    return this.room.act(control, act, { motion_id: motion.id }, { text, steps });
  }

  #createAct() {
    const node = el("button", { type: "button" });
    node.addEventListener("click", () => node.act.press(node));
    return node;
  }

  #button(name, press, look = "plain") {
    const node = el("button", { type: "button", class: look, "data-act": name, text: this.room.words.say(`act_${name}`) });
    node.addEventListener("click", () => press(node));
    return node;
  }
}
