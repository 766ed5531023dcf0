// A countdown: the digits, and a word instead when the time is over.

import { el, setText } from "../room/dom.js";
import { digits } from "../room/words.js";

export class Countdown {
  constructor(words, under) {
    Object.assign(this, { words, under });
    this.digits = el("strong", { class: "digits" });
    this.word = el("span", { class: "time-word" });
    this.node = el("p", { class: "countdown", role: "timer" }, this.digits, this.word);
  }

  tick(left, { stands = false } = {}) {
    const over = left < 0;
    setText(this.digits, over ? this.words.say("time_is_up") : digits(left + 999));
    const word = over ? this.words.say("time_over", { time: digits(left) }) : this.words.say(this.under);
    setText(this.word, stands ? this.words.say("stands") : word);
    this.node.classList.toggle("is-over", over);
  }
}
