// One ballot: a touch chooses, a second one sends; a slip is mended before it counts.

import { el, setText, sign } from "./dom.js";
import { optionText } from "./motion_words.js";

const ANSWERS = [
  ["agree", "check"],
  ["disagree", "close"],
  ["other", "pen"],
];

export class Ballot {
  /** `send(said)` is called with {choice, comment} or {options}. */
  constructor(room, motion, elector, send) {
    Object.assign(this, { room, motion, elector, send });
    const { words } = room;
    const comment = motion.secret ? "ballot_comment_secret" : "ballot_comment";
    this.title = el("h2", { class: "vote-title", text: motion.title });
    this.whose = el("p", { class: "vote-whose", hidden: true });
    this.text = el("details", { class: "vote-text", hidden: !motion.text }, el("summary", { text: words.say("ballot_text") }), el("p", { text: motion.text }));
    this.choices = this.#buildChoices();
    this.comment = el("textarea", { rows: 2, maxlength: 1000, placeholder: words.say(comment), "aria-label": words.say(comment), hidden: true });
    this.button = el("button", { type: "submit", class: "primary vote-send", "data-act": "ballot_send" });
    this.said = el("p", { class: "vote-said", role: "status", hidden: true });
    this.node = el("form", { class: "ballot" }, this.title, this.whose, this.text, this.choices, this.comment, this.said, this.button);
    this.node.addEventListener("change", () => this.draw());
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.sending && this.#chosen().length) this.send(this.#answer());
    });
  }

  draw() {
    const { words, state } = this.room;
    const chosen = this.#chosen();
    const { attendee_id, holder_id } = this.elector;
    this.whose.hidden = attendee_id === holder_id;
    const name = state.attendees.find((each) => each.id === attendee_id)?.name ?? "";
    setText(this.whose, words.say("ballot_for", { name }));
    this.comment.hidden = chosen[0]?.value !== "other";
    this.#limit(chosen);
    this.button.disabled = chosen.length === 0 && !this.sending;
    this.button.toggleAttribute("aria-busy", Boolean(this.sending));
    for (const input of this.node.querySelectorAll("input, textarea")) input.disabled = Boolean(this.sending) || input.dataset.full === "true";
    setText(this.button, this.#label(chosen));
  }

  /** On its way, and kept on this device: `answered` tells whether the room is there. */
  wait(live) {
    this.sending = true;
    this.#say(live ? "ballot_sending" : "ballot_kept");
    this.draw();
  }

  /** Why it did not count; the choice stays. */
  refuse(reason) {
    this.sending = false;
    setText(this.said, reason);
    this.said.hidden = false;
    this.said.dataset.kind = "refusal";
    this.draw();
  }

  focus() {
    this.node.querySelector("input")?.focus();
  }

  #say(name) {
    setText(this.said, this.room.words.say(name));
    this.said.dataset.kind = "news";
    this.said.hidden = false;
  }

  #buildChoices() {
    const { words } = this.room;
    const { kind, options, max_choices: most } = this.motion;
    const name = `ballot-${this.elector.id}`;
    const rows =
      kind === "agreement"
        ? ANSWERS.map(([value, shape]) => this.#choice({ type: "radio", name, value }, words.say(`choice_${value}`), shape))
        : options.map((each) => this.#choice({ type: most > 1 ? "checkbox" : "radio", name, value: each.id }, each.text, null));
    const group = el("fieldset", { class: "vote-choices", "data-kind": kind }, el("legend", { text: words.say(most > 1 ? "ballot_most" : "ballot_one", { most }) }), ...rows);
    return group;
  }

  #choice(attributes, text, shape) {
    const input = el("input", attributes);
    return el("label", { class: "vote-choice", "data-choice": attributes.value }, input, shape && sign(shape), el("span", { text }));
  }

  #chosen() {
    return [...this.node.querySelectorAll("input:checked")];
  }

  /** No more than so many options: the others rest until one is given back. */
  #limit(chosen) {
    if (this.motion.kind !== "choice" || this.motion.max_choices === 1) return;
    const full = chosen.length >= this.motion.max_choices;
    for (const input of this.node.querySelectorAll("input")) input.dataset.full = String(full && !input.checked);
  }

  #label(chosen) {
    const { words } = this.room;
    if (this.sending) return words.say("ballot_under_way");
    if (!chosen.length) return words.say("ballot_choose");
    if (this.motion.kind === "choice") {
      const texts = chosen.map((each) => optionText(this.motion, Number(each.value)));
      return words.say("ballot_send", { choice: texts.join(", ") });
    }
    return words.say("ballot_send", { choice: words.say(`choice_${chosen[0].value}`) });
  }

  #answer() {
    const chosen = this.#chosen();
    if (this.motion.kind === "choice") return { options: chosen.map((each) => Number(each.value)) };
    const choice = chosen[0].value;
    return { choice, comment: choice === "other" ? this.comment.value : "" };
  }
}
