// A vote without a quorum: the chair may open it and says why; whoever sits beside the chair is told so.

import { el, setText } from "./dom.js";

export class Overrule {
  constructor(room, open) {
    this.room = room;
    const { words } = room;
    this.told = el("p", { class: "quiet" });
    this.ask = el("button", { type: "button", class: "plain", "data-act": "vote_overrule", text: words.say("act_vote_overrule"), onclick: () => this.#toggle() });
    this.reason = el("textarea", { name: "overrule", rows: 2, maxlength: 500, required: true });
    const submit = el("button", { type: "submit", class: "primary", "data-act": "vote_overrule_open", text: words.say("act_vote_overrule_open") });
    this.form = el("form", { class: "form", hidden: true }, el("label", {}, el("span", { text: words.say("field_overrule") }), this.reason), submit);
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await open(submit, this.reason.value)) this.close();
    });
    this.node = el("div", { class: "overrule", hidden: true }, this.told, this.ask, this.form);
  }

  draw(motion, now, running) {
    const { words, state } = this.room;
    this.node.hidden = !running || now.reached || !["approved", "called"].includes(motion.state);
    const chair = state.you.role === "chair";
    this.ask.hidden = !chair || now.present === 0;
    setText(this.told, words.say(now.present === 0 ? "quorum_nobody" : chair ? "quorum_chair_may" : "quorum_only_chair"));
  }

  close() {
    this.node.hidden = this.form.hidden = true;
    this.reason.value = "";
  }

  #toggle() {
    this.form.hidden = !this.form.hidden;
    if (!this.form.hidden) this.reason.focus();
  }
}
