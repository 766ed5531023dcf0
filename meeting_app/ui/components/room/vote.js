// What a motion asks of this person, where the bar stands otherwise; and one line for everybody of how it goes.

import { Refused, commandId } from "../live.js";
import { Ballot } from "./ballot.js";
import { el, setText, sign } from "./dom.js";
import { forget, keep, kept, makeReceipt, receiptsOf, underWay } from "./kept_ballots.js";
import { going, rules } from "./motion_words.js";
import { electors } from "./quorum.js";
import { Result } from "./result.js";
import { digits } from "./words.js";

const RESULT_STAYS = 600000; // ms, unless the meeting goes on before
const AGAIN = 10000; // ms between two looks into a published list
const SOON = 10000; // ms left, from which the clock is red

export class Vote {
  constructor(room) {
    this.room = room;
    this.result = new Result(room);
    this.sheets = [this.result.sheet];
    this.cast = new Set(); // elector ids whose "done" came before the event
    this.sending = new Set(); // elector ids
    this.seen = new Set(); // motion ids whose result was put away
    this.settling = new Map(); // motion id -> ms since the epoch, when its published list was asked for last
    this.tag = el("p", { class: "tag" });
    this.left = el("span", { class: "digits", role: "timer" });
    this.spent = el("div", { class: "vote-time", "aria-hidden": "true" }, el("i"));
    this.content = el("div", { class: "vote-content" });
    this.node = el(
      "section",
      { class: "vote", hidden: true, "aria-label": room.words.say("vote_now") },
      el("div", { class: "vote-head" }, this.tag, this.left),
      this.spent,
      this.content,
    );
    this.#buildReady();
    this.#buildNotice();
  }

  draw() {
    const { state } = this.room;
    this.motion = going(state);
    this.#resume();
    this.#settleClosed();
    const asked = this.#asked();
    const focused = this.node.contains(this.node.getRootNode().activeElement);
    if (asked !== this.shown) this.#show(asked);
    this.node.hidden = !asked;
    if (asked) setText(this.tag, rules(this.room.words, this.motion));
    if (asked === this.ready) this.#drawReady();
    else asked?.draw();
    this.#drawNotice();
    if (focused && !asked && !this.notice.hidden) this.more.focus();
    this.result.draw();
    this.tick();
  }

  tick() {
    const until = this.motion?.state === "open" && this.motion.closes_at;
    const left = until ? Date.parse(until) - this.room.live.now() : null;
    for (const node of [this.left, this.noticeLeft]) {
      node.hidden = left === null;
      if (left !== null) setText(node, digits(Math.max(0, left)));
      node.classList.toggle("is-over", left !== null && left < SOON);
    }
    this.spent.hidden = left === null;
    if (left === null) return;
    const whole = Date.parse(until) - Date.parse(this.motion.opened_at);
    this.spent.style.setProperty("--left", String(Math.min(1, Math.max(0, left / whole))));
  }

  /** All about a motion, its result and one's own receipt. */
  showResult(motion) {
    this.result.show(motion.id);
  }

  /** The votes this person casts in the open motion, the own one first. */
  #mine() {
    const { state } = this.room;
    if (this.motion?.state !== "open") return [];
    const me = state.you.attendee_id;
    const held = (state.electors ?? []).filter((each) => each.motion_id === this.motion.id && each.holder_id === me);
    return held.sort((a, b) => Number(b.attendee_id === me) - Number(a.attendee_id === me));
  }

  #asked() {
    if (this.motion?.state === "called") return this.#votes() ? this.ready : null;
    const next = this.#mine().find((each) => !each.voted && !this.cast.has(each.id));
    if (!next) return null;
    if (this.ballot?.elector.id !== next.id || this.ballot.motion.id !== this.motion.id) {
      const { motion } = this;
      this.ballot = new Ballot(this.room, motion, next, (said) => this.#cast(motion, next, said));
      if (this.sending.has(next.id)) this.ballot.wait(this.#live());
    }
    return this.ballot;
  }

  #votes() {
    const me = this.room.state.you.attendee_id;
    return electors(this.room.state.attendees, this.motion.proxies).some(([, holder]) => holder.id === me);
  }

  #show(asked) {
    this.shown = asked;
    this.content.replaceChildren(...(asked ? [asked.node] : []));
  }

  #live() {
    return this.room.live.connection === "live";
  }

  /** Keep it on the device first, then send it; the same again after a reload, under the same id. */
  #cast(motion, elector, said) {
    const before = kept(this.room.account, elector.id);
    if (before?.args) return this.#send(elector, before); // it is on its way from another window
    const receipt = motion.secret ? { receipt: makeReceipt() } : {};
    const args = { motion_id: motion.id, elector_id: elector.id, ...said, ...receipt };
    const ballot = { motion: motion.id, id: commandId(), args };
    keep(this.room.account, elector.id, ballot);
    return this.#send(elector, ballot);
  }

  async #send(elector, ballot) {
    const { account, live } = this.room;
    this.sending.add(elector.id);
    const form = this.ballot?.elector.id === elector.id ? this.ballot : null;
    form?.wait(this.#live());
    try {
      await live.do("ballot.cast", ballot.args, ballot.id);
      this.cast.add(elector.id);
      if (ballot.args.receipt) keep(account, elector.id, { motion: ballot.motion, receipt: ballot.args.receipt });
      else forget(account, elector.id);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Nobody answered for long: it stays on the device, and goes again as long as the vote is open.
      if (error.reason === null) return;
      if (kept(account, elector.id)?.id === ballot.id) forget(account, elector.id);
      if (form && form === this.shown) form.refuse(error.reason);
      else this.room.strip.refuse(error.reason);
    } finally {
      this.sending.delete(elector.id);
      this.room.draw();
    }
  }

  /** What was on its way when the page was left goes again. */
  #resume() {
    if (!this.#live()) return;
    for (const elector of this.#mine()) {
      const ballot = kept(this.room.account, elector.id);
      if (elector.voted) this.#settle(elector, ballot);
      else if (ballot?.args && !this.sending.has(elector.id) && !this.cast.has(elector.id)) this.#send(elector, ballot);
    }
  }

  /** A vote was closed while one's ballot was on its way: the published list tells whether it was counted. */
  #settleClosed() {
    for (const motion of this.room.state.motions ?? []) {
      if (!motion.result || Date.now() - (this.settling.get(motion.id) ?? 0) < AGAIN) continue;
      const waiting = underWay(this.room.account, motion.id).filter(({ elector }) => !this.sending.has(elector));
      if (!waiting.length) continue;
      this.settling.set(motion.id, Date.now());
      this.#lookUp(motion, waiting);
    }
  }

  async #lookUp(motion, waiting) {
    const { account, strip, words } = this.room;
    const published = await this.result.fetchBallots(motion.id);
    if (!published) return;
    for (const { elector, ballot } of waiting) {
      const { receipt } = ballot.args;
      const counted = published.ballots.some((each) => (receipt ? each.receipt === receipt : each.elector_id === elector));
      if (counted && receipt) keep(account, elector, { motion: motion.id, receipt });
      else forget(account, elector);
      if (!counted) strip.refuse(words.say("ballot_too_late", { title: motion.title }));
    }
    this.room.draw();
  }

  /** It was counted, though nobody told this page. */
  #settle(elector, ballot) {
    if (!ballot?.args || this.sending.has(elector.id)) return;
    if (ballot.args.receipt) keep(this.room.account, elector.id, { motion: ballot.motion, receipt: ballot.args.receipt });
    else forget(this.room.account, elector.id);
  }

  #buildReady() {
    const { words } = this.room;
    this.readyTitle = el("h2", { class: "vote-title" });
    this.readyLabel = el("span");
    this.readyButton = el("button", { type: "button", class: "primary vote-send", "data-act": "ready" }, sign("check"), this.readyLabel);
    this.readyButton.addEventListener("click", () => {
      const act = this.isReady ? "motion.unready" : "motion.ready";
      this.room.act(this.readyButton, act, { motion_id: this.motion.id });
    });
    const text = el("p", { class: "under", text: words.say("ready_explained") });
    this.ready = { node: el("div", { class: "ballot" }, this.readyTitle, text, this.readyButton) };
  }

  #drawReady() {
    const { state, words } = this.room;
    this.isReady = (state.ready ?? []).some((each) => each.id === state.you.attendee_id);
    setText(this.readyTitle, this.motion.title);
    setText(this.readyLabel, words.say(this.isReady ? "ready_said" : "ready_say"));
    this.readyButton.setAttribute("aria-pressed", String(this.isReady));
  }

  #buildNotice() {
    this.noticeText = el("span", { class: "vote-notice-text" });
    this.noticeLeft = el("span", { class: "digits" });
    this.noticeShare = el("i");
    this.more = el("button", { type: "button", class: "plain", "data-act": "vote_more", text: this.room.words.say("vote_more") });
    this.more.addEventListener("click", () => this.result.show(this.noticed.id));
    this.away = el("button", { type: "button", class: "icon", "aria-label": this.room.words.say("close") }, sign("close"));
    this.away.addEventListener("click", () => {
      this.seen.add(this.noticed.id);
      this.room.draw();
    });
    const line = el("div", { class: "vote-notice-line", role: "status" }, this.noticeText);
    this.notice = el(
      "section",
      { class: "vote-notice", hidden: true, "aria-label": this.room.words.say("vote_goes") },
      el("div", { class: "tally", "aria-hidden": "true" }, this.noticeShare),
      line,
      this.noticeLeft,
      this.more,
      this.away,
    );
  }

  /** How the vote goes for whoever has nothing to do in it any more, then its result until the meeting goes on. */
  #drawNotice() {
    const { words, state } = this.room;
    const closed = this.#justClosed();
    this.noticed = this.motion ?? closed;
    this.notice.hidden = !this.noticed || (this.motion && !this.node.hidden);
    if (this.notice.hidden) return;
    this.away.hidden = Boolean(this.motion);
    const votes = this.motion?.state === "open" ? (state.electors ?? []) : [];
    const done = votes.filter((each) => each.voted).length;
    this.notice.style.setProperty("--share", String(votes.length ? done / votes.length : 0));
    this.notice.dataset.kind = this.motion ? this.motion.state : closed.result.carried ? "carried" : "failed";
    const receipt = this.noticed.secret && receiptsOf(this.room.account, this.noticed.id).length > 0;
    setText(this.more, words.say(receipt ? "receipt" : "vote_more"));
    setText(this.noticeText, this.motion ? this.#progress(done, votes.length) : words.say("vote_result", { title: closed.title, verdict: this.result.verdict(closed) }));
  }

  #progress(done, all) {
    const { words } = this.room;
    if (this.motion.state === "called") return words.say("vote_called", { title: this.motion.title });
    const mine = this.#mine();
    const name = mine.length ? "vote_mine_cast" : "vote_not_mine";
    return words.say(name, { title: this.motion.title, done, all });
  }

  #justClosed() {
    const { state, currentItem, live } = this.room;
    if (!["running", "paused"].includes(state.meeting.state)) return null;
    const latest = (state.motions ?? []).filter((each) => each.result).sort((a, b) => Date.parse(b.closed_at) - Date.parse(a.closed_at))[0];
    if (!latest || this.seen.has(latest.id) || live.now() - Date.parse(latest.closed_at) > RESULT_STAYS) return null;
    if (currentItem && Date.parse(currentItem.started_at) > Date.parse(latest.closed_at)) return null;
    return latest;
  }
}
