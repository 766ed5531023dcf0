// A motion in full: its rules, the numbers as bars and words, who voted what, and one's own receipt found again.

import { el, keyed, setText } from "./dom.js";
import { inGroups, receiptsOf } from "./kept_ballots.js";
import { optionText, rules } from "./motion_words.js";
import { Sheet } from "./sheet.js";

const ANSWERS = ["agree", "disagree", "other"];

export class Result {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.sheet = new Sheet(room, words.say("result"));
    this.title = el("h3", { class: "result-title" });
    this.rules = el("p", { class: "quiet" });
    this.text = el("p", { class: "result-text" });
    this.said = el("p", { class: "result-verdict" });
    this.threshold = el("p", { class: "result-threshold" });
    this.overruled = el("p", { class: "result-overruled" });
    this.bars = el("ul", { class: "result-bars" });
    this.receipts = el("div", { class: "receipts" });
    this.list = el("button", { type: "button", class: "plain", "data-act": "ballots" });
    this.list.addEventListener("click", () => this.#toggleList());
    this.ballots = el("ul", { class: "ballot-list" });
    this.failed = el("p", { class: "vote-said", role: "status", hidden: true });
    const parts = [this.title, this.rules, this.text, this.said, this.threshold, this.bars, this.overruled];
    this.sheet.content.append(...parts, this.receipts, this.list, this.failed, this.ballots);
  }

  show(motionId) {
    if (this.motionId !== motionId) this.published = null;
    this.motionId = motionId;
    this.listed = false;
    this.failed.hidden = true;
    this.sheet.open();
    this.draw();
    this.sheet.content.scrollTop = 0;
  }

  draw() {
    if (!this.sheet.isOpen) return;
    const motion = (this.room.state.motions ?? []).find((each) => each.id === this.motionId);
    if (!motion) return this.sheet.close();
    const { words } = this.room;
    const { result } = motion;
    setText(this.title, motion.title);
    setText(this.rules, rules(words, motion));
    setText(this.text, motion.text);
    this.text.hidden = !motion.text;
    setText(this.said, result ? this.verdict(motion) : "");
    this.said.dataset.carried = String(Boolean(result?.carried));
    this.threshold.hidden = !result; // until then the rules say it
    setText(this.threshold, result ? this.#threshold(motion) : "");
    const reason = motion.quorum?.overruled;
    this.overruled.hidden = !reason;
    setText(this.overruled, reason ? words.say("result_overruled", { ...motion.quorum, reason }) : "");
    keyed(this.bars, result ? this.#rows(motion) : [], () => this.#createBar(), (node, row) => this.#updateBar(node, row));
    this.#drawReceipts(motion);
    this.#drawList(motion);
  }

  /** "Thông qua" with its sign; of options the chosen ones. */
  verdict(motion) {
    const { words } = this.room;
    const { result } = motion;
    if (motion.kind === "choice") {
      const won = result.options.filter((each) => each.carried).map((each) => optionText(motion, each.id));
      return won.length ? `✓ ${words.say("result_chosen", { options: won.join(", ") })}` : `✕ ${words.say("result_nothing_chosen")}`;
    }
    const said = result.carried ? `✓ ${words.say("result_carried")}` : `✕ ${words.say("result_not_carried")}`;
    return result.tie ? words.say("result_tie", { verdict: said }) : said;
  }

  #threshold(motion) {
    const { words } = this.room;
    const { result } = motion;
    if (motion.kind === "choice") return words.say("result_need_each", { need: result.need, cast: result.cast, electors: result.electors });
    return words.say("result_need", { agree: result.agree, base: result.base, need: result.need, cast: result.cast, electors: result.electors });
  }

  #rows(motion) {
    const { words } = this.room;
    const { result } = motion;
    const whole = Math.max(1, result.electors);
    if (motion.kind === "choice") {
      return result.options.map((each) => ({ id: each.id, name: optionText(motion, each.id), count: each.count, share: each.count / whole, kind: each.carried ? "agree" : "option", mark: each.carried ? "✓ " : "" }));
    }
    const rows = ANSWERS.map((answer) => ({ id: answer, name: words.say(`choice_${answer}`), count: result[answer], share: result[answer] / whole, kind: answer, mark: "" }));
    const silent = result.electors - result.cast;
    return silent ? [...rows, { id: "silent", name: words.say("choice_silent"), count: silent, share: silent / whole, kind: "silent", mark: "" }] : rows;
  }

  #createBar() {
    const node = el("li", { class: "result-bar" });
    node.name = el("span", { class: "result-name" });
    node.count = el("span", { class: "result-count" });
    node.append(node.name, node.count, el("div", { class: "tally", "aria-hidden": "true" }, el("i")));
    return node;
  }

  #updateBar(node, row) {
    node.dataset.kind = row.kind;
    node.style.setProperty("--share", String(row.share));
    setText(node.name, row.mark + row.name);
    setText(node.count, this.room.words.say("result_votes", { count: row.count }));
  }

  /** One's own receipts; after the closing they are looked for in the published list. */
  #drawReceipts(motion) {
    const { words, account } = this.room;
    const receipts = motion.secret ? receiptsOf(account, motion.id).map((id) => ({ id })) : [];
    this.receipts.hidden = receipts.length === 0;
    keyed(this.receipts, receipts, (row) => this.#createReceipt(row.id), (node) => {
      node.check.hidden = !motion.result;
      const mine = this.published?.ballots.find((each) => each.receipt === node.receipt);
      node.found.hidden = !this.published;
      setText(node.found, this.published ? words.say(mine ? "receipt_found" : "receipt_missing", { choice: mine ? this.#said(motion, mine) : "" }) : "");
      node.found.dataset.kind = mine ? "news" : "refusal";
      setText(node.explained, words.say(motion.result ? "receipt_proves" : "receipt_explained"));
    });
  }

  #createReceipt(receipt) {
    const { words } = this.room;
    const node = el("section", { class: "receipt", "aria-label": words.say("receipt") });
    node.receipt = receipt;
    node.check = el("button", { type: "button", class: "primary", "data-act": "check_receipt", text: words.say("receipt_check") });
    node.check.addEventListener("click", () => this.#fetch());
    node.found = el("p", { class: "vote-said", role: "status" });
    node.explained = el("p", { class: "quiet" });
    node.append(el("p", { text: words.say("receipt") }), el("p", { class: "receipt-code", text: inGroups(receipt) }), node.check, node.found, node.explained);
    return node;
  }

  #drawList(motion) {
    const { words, state } = this.room;
    this.list.hidden = !motion.result || state.you.role === "guest";
    setText(this.list, words.say(this.listed ? "ballots_hide" : motion.secret ? "ballots_secret" : "ballots_open"));
    const rows = this.listed && this.published ? this.published.ballots.map((each) => ({ ...each, id: each.receipt ?? each.elector_id })) : [];
    const own = new Set(motion.secret ? receiptsOf(this.room.account, motion.id) : []);
    const names = new Map(state.attendees.map((each) => [each.id, each.name]));
    keyed(this.ballots, rows, () => el("li", { class: "ballot-row" }, el("span", { class: "ballot-who" }), el("span", { class: "ballot-said" })), (node, row) => {
      const who = row.receipt ? inGroups(row.receipt) : (names.get(row.attendee_id) ?? "");
      setText(node.firstChild, own.has(row.receipt) ? words.say("ballots_mine", { receipt: who }) : who);
      node.classList.toggle("mine", own.has(row.receipt));
      setText(node.lastChild, this.#said(motion, row) + (row.comment ? `: ${row.comment}` : ""));
    });
  }

  async #toggleList() {
    this.listed = !this.listed;
    if (this.listed && !this.published) await this.#fetch();
    this.draw();
  }

  /** The published ballots of a closed motion; null when they could not be fetched. */
  async fetchBallots(motionId) {
    try {
      const answer = await fetch(`/motions/${motionId}/ballots`, { cache: "no-store" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async #fetch() {
    const { motionId } = this;
    const published = await this.fetchBallots(motionId);
    if (motionId !== this.motionId) return;
    this.published = published;
    this.failed.hidden = Boolean(published);
    if (!published) {
      this.listed = false;
      setText(this.failed, this.room.words.say("ballots_unreachable"));
    }
    this.draw();
  }

  #said(motion, ballot) {
    const { words } = this.room;
    if (ballot.choice) return words.say(`choice_${ballot.choice}`);
    return ballot.options.map((id) => optionText(motion, id)).join(", ") || words.say("choice_none");
  }
}
