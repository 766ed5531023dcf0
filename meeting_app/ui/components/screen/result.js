// What came out of a vote: the verdict in words, and every count beside its bar.

import { el, keyed, setText, sign } from "../room/dom.js";

const WITH_BARS = 6; // rows; more stand in two columns, without bars
const MOST_ROWS = 12;

export class Result {
  constructor(screen) {
    this.words = screen.words;
    this.tag = el("p", { class: "tag" });
    this.title = el("h1", { class: "title" });
    this.verdict = el("p", { class: "verdict" });
    this.sum = el("p", { class: "under sum" });
    this.rows = el("ul", { class: "rows" });
    this.more = el("p", { class: "quiet" });
    this.node = el("section", { class: "scene result" }, this.tag, this.title, this.verdict, this.sum, this.rows, this.more);
  }

  draw({ motion }) {
    const { words } = this;
    const { result } = motion;
    const tag = words.say(motion.secret ? "result_secret" : "result");
    setText(this.tag, motion.round > 1 ? `${tag} · ${words.say("round", { round: motion.round })}` : tag);
    setText(this.title, motion.title);
    this.#drawVerdict(motion, result);
    const rows = motion.kind === "choice" ? this.#options(motion, result) : this.#answers(result);
    keyed(this.rows, rows.slice(0, MOST_ROWS), createRow, (node, row) => this.#updateRow(node, row, result.electors));
    this.rows.classList.toggle("is-many", rows.length > WITH_BARS);
    const hidden = rows.length - MOST_ROWS;
    setText(this.more, hidden > 0 ? words.say("more_options", { count: hidden }) : "");
    this.more.hidden = hidden <= 0;
  }

  #drawVerdict(motion, result) {
    const { words } = this;
    const verdict = result.carried ? "carried" : "not_carried";
    this.verdict.hidden = motion.kind === "choice";
    this.verdict.dataset.verdict = verdict;
    this.verdict.replaceChildren(sign(result.carried ? "check" : "close"), words.say(verdict));
    const parts = [words.say("cast_of", { cast: result.cast, all: result.electors })];
    if (motion.kind !== "choice") {
      const base = typeof result.base === "number" ? result.base : result.electors;
      parts.splice(0, 1, words.say("agree_of", { agree: result.agree, all: base }));
    }
    if (typeof result.need === "number") parts.push(words.say("needed", { need: result.need }));
    if (result.tie && motion.kind !== "choice") parts.push(words.say(motion.tie === "chair" && result.carried ? "tie_chair" : "tie"));
    setText(this.sum, parts.join(" · "));
  }

  #answers(result) {
    const { words } = this;
    const rows = ["agree", "disagree", "other"].map((id) => ({ id, name: words.say(id), count: result[id] ?? 0 }));
    const rest = result.electors - result.cast;
    return rest > 0 ? [...rows, { id: "not_cast", name: words.say("not_cast"), count: rest }] : rows;
  }

  #options(motion, result) {
    const names = new Map(motion.options.map((option) => [option.id, option.text]));
    const rows = (result.options ?? []).map((each) => ({ ...each, name: names.get(each.id) ?? "" }));
    return rows.sort((one, other) => Number(other.carried) - Number(one.carried) || other.count - one.count);
  }

  #updateRow(node, row, all) {
    node.dataset.row = row.carried ? "carried" : String(row.id);
    setText(node.name, row.name);
    const word = row.carried ? "chosen" : row.tied && "tied";
    setText(node.count, word ? `${row.count} · ${this.words.say(word)}` : String(row.count));
    node.bar.style.setProperty("--share", String(all ? row.count / all : 0));
  }
}

function createRow() {
  const node = el("li", { class: "row" });
  node.name = el("span", { class: "row-name" });
  node.bar = el("div", { class: "bar" }, el("i"));
  node.count = el("strong", { class: "row-count" });
  node.append(node.name, node.bar, node.count);
  return node;
}
