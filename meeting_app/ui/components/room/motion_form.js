// A motion drafted in the room: its title, the rule by a template, secret or open, options one a line.

import { asLabel, majority } from "../majority.js";
import { el, keyed, setText } from "./dom.js";

/** Majorities that meetings use; the last is written out by hand. */
const RULES = {
  half_present: { base: "present", numerator: 1, denominator: 2, strict: true },
  two_thirds_present: { base: "present", numerator: 2, denominator: 3, strict: false },
  half_all: { base: "all", numerator: 1, denominator: 2, strict: true },
  two_thirds_all: { base: "all", numerator: 2, denominator: 3, strict: false },
  half_cast: { base: "cast", numerator: 1, denominator: 2, strict: true },
};
const LIMITS = [null, 60, 120, 180, 300, 600]; // seconds

export class MotionForm {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.motion = null; // the draft that is changed; null: a new one
    this.title = el("input", { name: "motion_title", required: true, maxlength: 300, autocomplete: "off" });
    this.text = el("textarea", { name: "motion_text", rows: 2, maxlength: 4000 });
    this.item = el("select", { name: "motion_item" });
    this.kind = this.#select("motion_kind", ["agreement", "choice"], (kind) => words.say(`kind_${kind}`));
    this.options = el("textarea", { name: "motion_options", rows: 4, maxlength: 7000 });
    this.most = this.#number("motion_most", 1, 30);
    this.winners = this.#number("motion_winners", 1, 30);
    this.rule = this.#select("motion_rule", [...Object.keys(RULES), "own"], (name) => (name === "own" ? words.say("rule_own") : asLabel(majority(words, RULES[name]))));
    this.base = this.#select("motion_base", ["present", "all", "cast"], (base) => asLabel(words.say(`whole_${base}`)));
    this.numerator = this.#number("motion_numerator", 1, 100);
    this.denominator = this.#number("motion_denominator", 1, 100, 2);
    this.strict = this.#select("motion_strict", ["more", "least"], (strict) => words.say(`strict_${strict}`));
    this.secret = el("input", { type: "checkbox", name: "motion_secret" });
    this.proxies = el("input", { type: "checkbox", name: "motion_proxies" });
    this.tie = el("input", { type: "checkbox", name: "motion_tie" });
    this.seconds = el("select", { name: "motion_seconds" });
    for (const seconds of LIMITS) {
      const text = seconds ? words.say("minutes", { minutes: seconds / 60 }) : words.say("limit_none");
      this.seconds.append(el("option", { value: seconds ?? "", text }));
    }
    this.save = el("button", { type: "submit", class: "primary" });
    this.node = this.#build();
    this.node.addEventListener("change", () => this.#fit());
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** A new draft, about what is being discussed. */
  begin() {
    if (this.motion) this.node.reset(); // what was typed for a new one stays
    this.motion = null;
    this.#open();
    if (!this.item.value) this.item.value = String(this.room.currentItem?.id ?? "");
  }

  edit(motion) {
    this.node.reset();
    this.motion = motion;
    this.#open();
    this.#fill(motion);
    this.#fit();
  }

  close() {
    this.node.hidden = true;
  }

  draw() {
    if (this.node.hidden) return;
    const { state, words } = this.room;
    const choices = [{ id: "", title: words.say("whole_meeting") }, ...state.items];
    keyed(this.item, choices, (item) => el("option", { value: item.id }), (node, item) => setText(node, item.title));
    setText(this.save, words.say(this.motion ? "save" : "act_motion_add"));
  }

  #open() {
    this.node.hidden = false;
    this.draw();
    this.#fit();
    this.title.focus();
  }

  /** Show what this kind of motion and this rule ask for. */
  #fit() {
    const choice = this.kind.value === "choice";
    const own = this.rule.value === "own";
    this.choiceParts.hidden = !choice;
    this.options.required = choice;
    this.ownParts.hidden = !own;
    const { numerator, denominator } = this.#majority();
    this.tieLabel.hidden = choice || this.secret.checked || numerator * 2 !== denominator;
  }

  #majority() {
    if (this.rule.value !== "own") return RULES[this.rule.value];
    const [numerator, denominator] = [Number(this.numerator.value), Number(this.denominator.value)];
    return { base: this.base.value, numerator, denominator, strict: this.strict.value === "more" };
  }

  #given() {
    const choice = this.kind.value === "choice";
    return {
      title: this.title.value,
      text: this.text.value,
      item_id: Number(this.item.value) || null,
      kind: this.kind.value,
      options: choice ? this.options.value : "",
      max_choices: choice ? Number(this.most.value) : 1,
      winners: choice ? Number(this.winners.value) : 1,
      secret: this.secret.checked,
      proxies: this.proxies.checked,
      tie: this.tie.checked && !this.tieLabel.hidden ? "chair" : "fails",
      seconds: Number(this.seconds.value) || null,
      ...this.#majority(),
    };
  }

  async #send() {
    const { words } = this.room;
    const given = this.#given();
    const { motion } = this;
    const known = new Set((this.room.state.motions ?? []).map((each) => each.id));
    const added = () => this.room.state.motions.find((each) => !known.has(each.id) && each.state === "draft")?.id ?? 0;
    const [act, args, back] = motion
      ? ["motion.change", { motion_id: motion.id, ...given }, () => [["motion.change", { motion_id: motion.id, ...before(motion) }]]]
      : ["motion.draft", given, () => [["motion.remove", { motion_id: added() }]]];
    const text = words.say(motion ? "done_motion_change" : "done_motion_add", { title: given.title });
    if (!(await this.room.act(this.save, act, args, { text, steps: back }))) return; // what was typed stays
    this.node.reset();
    this.motion = null;
    this.close();
  }

  #fill(motion) {
    this.title.value = motion.title;
    this.text.value = motion.text;
    this.item.value = String(motion.item_id ?? "");
    this.kind.value = motion.kind;
    this.options.value = lines(motion);
    this.most.value = String(motion.max_choices);
    this.winners.value = String(motion.winners);
    const same = (rule) => Object.entries(rule).every(([name, value]) => motion[name] === value);
    this.rule.value = Object.keys(RULES).find((name) => same(RULES[name])) ?? "own";
    this.base.value = motion.base;
    this.numerator.value = String(motion.numerator);
    this.denominator.value = String(motion.denominator);
    this.strict.value = motion.strict ? "more" : "least";
    this.secret.checked = motion.secret;
    this.proxies.checked = motion.proxies;
    this.tie.checked = motion.tie === "chair";
    if (motion.seconds && !LIMITS.includes(motion.seconds)) this.seconds.append(el("option", { value: motion.seconds, text: this.room.words.say("seconds", { seconds: motion.seconds }) }));
    this.seconds.value = String(motion.seconds ?? "");
  }

  #build() {
    const { words } = this.room;
    const label = (name, control) => el("label", {}, el("span", { text: words.say(`field_motion_${name}`) }), control);
    const check = (name, control) => el("label", { class: "check" }, control, el("span", { text: words.say(`field_motion_${name}`) }));
    this.choiceParts = el("div", { class: "form" }, label("options", this.options), el("div", { class: "pair" }, label("most", this.most), label("winners", this.winners)));
    const fraction = el("div", { class: "pair" }, label("numerator", this.numerator), label("denominator", this.denominator));
    this.ownParts = el("div", { class: "form" }, el("div", { class: "pair" }, label("strict", this.strict), label("base", this.base)), fraction);
    this.tieLabel = check("tie", this.tie);
    const cancel = el("button", { type: "button", class: "plain", "data-act": "motion_cancel_form", text: words.say("close"), onclick: () => this.close() });
    return el(
      "form",
      { class: "form motion-form", hidden: true },
      ...[label("title", this.title), label("kind", this.kind), this.choiceParts, label("rule", this.rule), this.ownParts],
      ...[check("secret", this.secret), check("proxies", this.proxies), this.tieLabel],
      ...[label("seconds", this.seconds), label("item", this.item), label("text", this.text)],
      el("div", { class: "acts" }, this.save, cancel),
    );
  }

  #select(name, values, say) {
    return el("select", { name }, ...values.map((value) => el("option", { value, text: say(value) })));
  }

  #number(name, least, most, value = 1) {
    return el("input", { name, type: "number", inputmode: "numeric", min: least, max: most, value, required: true });
  }
}

function lines(motion) {
  return motion.options.map((each) => each.text).join("\n");
}

/** The arguments that make the motion again what it is now. */
function before(motion) {
  const { title, text, item_id, kind, secret, proxies, max_choices, winners, base, numerator, denominator, strict, tie, seconds } = motion;
  const rest = { secret, proxies, max_choices, winners, base, numerator, denominator, strict, tie, seconds };
  return { title, text, item_id, kind, options: lines(motion), ...rest };
}
