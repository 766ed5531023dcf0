// The motion at the desk: the next one, who is ready, who has voted, and each step with its way back.

import { majority } from "../majority.js";
import { el, keyed, setText } from "./dom.js";
import { aboutCurrent, OtherMotions, suggested } from "./motion_choice.js";
import { going, outcome, rules } from "./motion_words.js";
import { Overrule } from "./overrule.js";
import { electors, needed, quorum } from "./quorum.js";
import { digits } from "./words.js";

const MEANT = 8000; // ms in which the second touch closes a vote
const APART = 600; // ms between the two touches: a finger that trembles closes nothing
const MORE = 30; // seconds

export class MotionPanel {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.shown = "done"; // or "missing": of whom the names are listed
    this.tag = el("p", { class: "tag" });
    this.left = el("span", { class: "digits", role: "timer" });
    this.title = el("h3", { class: "motion-title" });
    this.rules = el("p", { class: "under" });
    this.quorum = el("p", { class: "quorum" });
    this.share = el("div", { class: "tally", "aria-hidden": "true" }, el("i"));
    this.chips = ["done", "missing"].map((name) => this.#chip(name));
    this.names = el("p", { class: "quiet motion-names", tabindex: "0" }); // long lists scroll, also by keyboard
    this.votes = el("div", { class: "motion-votes" }, this.share, el("div", { class: "choices" }, ...this.chips));
    this.acts = el("div", { class: "acts" });
    this.overrule = new Overrule(room, (control, reason) => this.open(control, this.motion, reason));
    this.others = new OtherMotions(room, (control, motion) => this.call(control, motion));
    this.last = el("div", { class: "motion-last" });
    this.lastTitle = el("p", { class: "motion-last-title" });
    this.lastSaid = el("p", { class: "motion-outcome" });
    this.lastActs = el("div", { class: "acts" });
    this.last.append(this.lastTitle, this.lastSaid, this.lastActs);
    this.all = el("button", { type: "button", class: "plain", "data-act": "motions", onclick: () => room.motions.open() });
    const head = el("div", { class: "motion-head" }, this.tag, this.left);
    const parts = [head, this.title, this.quorum, this.votes, this.acts, this.overrule.node, this.names, this.rules, this.others.node, this.last, this.all];
    this.node = el("section", { class: "panel motion-panel", "aria-label": words.say("motions") }, ...parts);
  }

  draw() {
    const { state } = this.room;
    const motions = state.motions ?? [];
    const before = this.motion;
    this.motion = going(state) ?? suggested(state);
    if (this.motion?.id !== before?.id || this.motion?.state !== before?.state) this.#rest();
    this.node.dataset.state = this.motion?.state ?? "none";
    this.#drawMotion();
    this.#drawVotes();
    this.others.draw(this.motion);
    this.#drawLast(motions.filter((each) => each.state === "closed"));
    const drafts = motions.filter((each) => each.state === "draft").length;
    setText(this.all, this.room.words.say(drafts ? "motions_with_drafts" : "motions_all", { drafts, count: motions.length }));
    this.tick();
  }

  tick() {
    const open = this.motion?.state === "open" && this.motion.closes_at;
    this.left.hidden = !open;
    if (!open) return;
    const left = Date.parse(this.motion.closes_at) - this.room.live.now();
    setText(this.left, digits(Math.max(0, left)));
    this.left.classList.toggle("is-over", left < 10000);
  }

  /** Bring a motion before the meeting; the way back is honest until it is opened. */
  call(control, motion) {
    const who = { motion_id: motion.id };
    return this.#act(control, "motion.call", who, "done_vote_call", [["motion.uncall", who]]);
  }

  /** Take ballots from now on; the way back is honest while nobody has voted. */
  open(control, motion, reason = null) {
    const args = { motion_id: motion.id };
    if (reason !== null) args.overrule = reason;
    return this.#act(control, "motion.open", args, "done_vote_open", [["motion.cancel", { motion_id: motion.id }]]);
  }

  /** Closing is final, so it is asked for twice. */
  askToClose() {
    this.meant = true;
    this.meantAt = performance.now();
    clearTimeout(this.meaning);
    this.meaning = setTimeout(() => {
      this.meant = false;
      this.room.draw();
    }, MEANT);
    this.draw();
    this.acts.querySelector("[data-act=vote_close_now]")?.focus();
  }

  #rest() {
    this.meant = false;
    clearTimeout(this.meaning);
    this.shown = this.motion?.state === "called" ? "missing" : "done";
    this.overrule.close();
  }

  #drawMotion() {
    const { motion } = this;
    const { words, state } = this.room;
    const tag = motion?.state === "approved" && aboutCurrent(state, motion) ? "item" : motion?.state;
    setText(this.tag, words.say(motion ? `motion_now_${tag}` : "motion_none"));
    for (const part of [this.title, this.rules, this.quorum, this.acts]) part.hidden = !motion;
    if (!motion) return this.overrule.close();
    const now = motion.quorum ? { ...motion.quorum, reached: motion.quorum.present >= motion.quorum.need } : quorum(state, motion.proxies);
    const least = needed(motion, now);
    setText(this.title, motion.title);
    setText(this.rules, rules(words, motion));
    const threshold = least === null ? majority(words, motion) : words.say("threshold", { need: least });
    const said = words.say(now.reached ? "quorum_reached" : "quorum_missing", { sign: now.reached ? "✓" : "✕", ...now });
    setText(this.quorum, `${said} · ${threshold}`);
    this.quorum.dataset.reached = String(now.reached);
    const acts = state.meeting.state === "running" ? this.#acts(motion, now) : [];
    this.acts.hidden = acts.length === 0;
    keyed(this.acts, acts, () => this.#createAct(), (node, act) => this.#updateAct(node, act));
    this.overrule.draw(motion, now, state.meeting.state === "running");
  }

  #acts(motion, now) {
    const { words, state } = this.room;
    const who = { motion_id: motion.id };
    const call = { id: "vote_call", press: (node) => this.call(node, motion) };
    const open = { id: "vote_open", press: (node) => this.open(node, motion) };
    const uncall = { id: "vote_uncall", press: (node) => this.#act(node, "motion.uncall", who, "done_vote_uncall", [["motion.call", who]]) };
    if (motion.state === "approved") return now.reached ? [{ ...call, primary: true }, open] : [{ ...call, primary: true }];
    if (motion.state === "called") return now.reached ? [{ ...open, primary: true }, uncall] : [uncall];
    const nobody = (state.electors ?? []).every((each) => !each.voted);
    const close = { id: this.meant ? "vote_close_now" : "vote_close", primary: true, danger: this.meant, press: (node) => this.#close(node, motion) };
    const longer = { id: motion.closes_at ? "vote_extend" : "vote_limit", press: (node) => this.#extend(node, motion) };
    const cancel = { id: "vote_cancel", press: (node) => this.#act(node, "motion.cancel", who, "done_vote_cancel", []) };
    if (this.meant) return [close, { id: "vote_go_on", press: () => this.#goOn() }];
    return [close, longer, ...(nobody ? [cancel] : [])];
  }

  #close(control, motion) {
    if (!this.meant) return this.askToClose();
    if (performance.now() - this.meantAt < APART) return null;
    this.room.strip.hide(); // no way back leads past this
    return this.#act(control, "motion.close", { motion_id: motion.id });
  }

  /** More time, or a first limit; the way back is honest until the end as it was before has passed. */
  #extend(control, motion) {
    const { words, live } = this.room;
    const who = { motion_id: motion.id };
    const before = motion.closes_at && Date.parse(motion.closes_at);
    const honest = () => {
      const now = this.room.state.motions.find((each) => each.id === motion.id);
      return now?.state === "open" && (!before || before > live.now());
    };
    const steps = () => [["motion.shorten", before ? { ...who, seconds: MORE } : who]];
    const text = words.say(before ? "done_vote_extend" : "done_vote_limit");
    return this.room.act(control, "motion.extend", { ...who, seconds: MORE }, { text, steps, honest });
  }

  #goOn() {
    this.meant = false;
    this.draw();
    this.acts.firstChild?.focus();
  }

  #act(control, act, args, said = null, steps = []) {
    const honest = () => this.#stillHonest(args.motion_id, act);
    const undo = said && steps.length ? { text: this.room.words.say(said), steps: () => steps, honest } : null;
    return this.room.act(control, act, args, undo);
  }

  /** An opening is taken back while nobody has voted, a call while it was not opened; the news of the act may be late. */
  #stillHonest(id, act) {
    const { motions, electors: votes } = this.room.state;
    const state = motions.find((each) => each.id === id)?.state;
    if (act === "motion.call") return !["open", "closed"].includes(state);
    return state !== "closed" && (votes ?? []).every((each) => !each.voted);
  }

  /** Who is ready, or has voted, and who has not (F42). */
  #drawVotes() {
    const { motion } = this;
    const { state, words } = this.room;
    this.votes.hidden = !["called", "open"].includes(motion?.state);
    this.names.hidden = true;
    if (this.votes.hidden) return;
    const [done, missing] = motion.state === "open" ? this.#voted() : this.#ready(motion);
    const all = done.length + missing.length;
    this.share.style.setProperty("--share", String(all ? done.length / all : 0));
    const counts = { done: done.length, missing: missing.length, all };
    for (const chip of this.chips) {
      setText(chip, words.say(`${motion.state}_${chip.dataset.show}`, { count: counts[chip.dataset.show], all }));
      chip.setAttribute("aria-pressed", String(this.shown === chip.dataset.show));
    }
    const listed = this.shown === "done" ? done : missing;
    this.names.hidden = !this.shown || listed.length === 0;
    if (this.names.hidden) return;
    const byId = new Map(state.attendees.map((each) => [each.id, each.name]));
    setText(this.names, listed.map((id) => byId.get(id) ?? "").join(", "));
  }

  #ready(motion) {
    const { state } = this.room;
    const holders = [...new Set(electors(state.attendees, motion.proxies).map(([, holder]) => holder.id))];
    const ready = new Set((state.ready ?? []).map((each) => each.id));
    return [holders.filter((id) => ready.has(id)), holders.filter((id) => !ready.has(id))];
  }

  #voted() {
    const votes = this.room.state.electors ?? [];
    const whose = (voted) => votes.filter((each) => each.voted === voted).map((each) => each.attendee_id);
    return [whose(true), whose(false)];
  }

  /** The result that came last, until another vote is before the meeting. */
  #drawLast(closed) {
    const { words, vote, motions } = this.room;
    const latest = closed.toSorted((a, b) => Date.parse(a.closed_at) - Date.parse(b.closed_at)).at(-1);
    this.last.hidden = !latest || Boolean(going(this.room.state));
    if (this.last.hidden) return;
    setText(this.lastTitle, latest.title);
    setText(this.lastSaid, outcome(words, latest));
    this.lastSaid.dataset.carried = String(latest.result.carried);
    const acts = [{ id: "result_show", press: () => vote.showResult(latest) }];
    if (this.room.state.meeting.state === "running") acts.push({ id: "vote_repeat", press: (node) => motions.repeat(node, latest) });
    keyed(this.lastActs, acts, () => this.#createAct(), (node, act) => this.#updateAct(node, act));
  }

  #chip(name) {
    const press = () => {
      this.shown = this.shown === name ? null : name;
      this.draw();
    };
    return el("button", { type: "button", class: "choice", "data-show": name, onclick: press });
  }

  #createAct() {
    const node = el("button", { type: "button" });
    node.addEventListener("click", () => node.act.press(node));
    return node;
  }

  #updateAct(node, act) {
    node.act = act;
    node.className = act.primary ? "primary" : "plain";
    node.classList.toggle("danger", Boolean(act.danger));
    node.dataset.act = act.id;
    setText(node, this.room.words.say(`act_${act.id}`));
  }
}
