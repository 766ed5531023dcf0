// A vote about to begin, and one that runs: how many have voted, never what.

import { el, setText } from "../room/dom.js";
import { isPresent } from "../room/presence.js";
import { Countdown } from "./countdown.js";
import { choosable, needed } from "./rules.js";

function rule(words, motion) {
  return motion.kind === "choice" ? choosable(words, motion) : needed(words, motion);
}

export class Called {
  constructor(screen) {
    this.words = screen.words;
    this.title = el("h1", { class: "title" });
    this.text = el("p", { class: "under" });
    this.ready = el("p", { class: "ready" });
    const tag = el("p", { class: "tag", text: this.words.say("called") });
    this.node = el("section", { class: "scene called" }, tag, this.title, this.text, this.ready);
  }

  draw({ motion }, { attendees, ready }) {
    setText(this.title, motion.title);
    setText(this.text, motion.text ?? "");
    this.text.hidden = !motion.text;
    const voters = attendees.filter((each) => each.votes && isPresent(each));
    const count = (ready ?? []).length;
    setText(this.ready, this.words.say("ready", { ready: count, all: Math.max(voters.length, count) }));
  }
}

export class Vote {
  constructor(screen) {
    this.words = screen.words;
    this.tag = el("p", { class: "tag" });
    this.title = el("h1", { class: "title" });
    this.rule = el("p", { class: "under" });
    this.count = el("strong", { class: "digits" });
    this.bar = el("div", { class: "bar" }, el("i"));
    this.countdown = new Countdown(this.words, "vote_left");
    const cast = el("p", { class: "cast" }, this.count, el("span", { class: "time-word", text: this.words.say("have_voted") }));
    const figures = el("div", { class: "figures" }, cast, this.countdown.node);
    this.node = el("section", { class: "scene vote" }, this.tag, this.title, this.rule, figures, this.bar);
  }

  draw({ motion }, { electors }) {
    const mine = (electors ?? []).filter((each) => each.motion_id === motion.id);
    const voted = mine.filter((each) => each.voted).length;
    const tag = this.words.say(motion.secret ? "voting_secret" : "voting");
    setText(this.tag, motion.round > 1 ? `${tag} · ${this.words.say("round", { round: motion.round })}` : tag);
    setText(this.title, motion.title);
    setText(this.rule, rule(this.words, motion));
    setText(this.count, `${voted}/${mine.length}`);
    this.bar.style.setProperty("--share", String(mine.length ? voted / mine.length : 0));
    this.countdown.node.hidden = !motion.closes_at;
  }

  tick({ motion }, _state, now) {
    if (motion.closes_at) this.countdown.tick(Date.parse(motion.closes_at) - now);
  }
}
