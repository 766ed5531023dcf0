// Who has the floor now, near the current item: name, time, and a gentle signal at the end.

import { el, setText } from "./dom.js";
import { nameOf, onTheFloor, person, standing, turnLeft } from "./turn_time.js";
import { digits } from "./words.js";

const SOON = 30000; // ms before the end

export class Speaking {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.tag = el("p", { class: "tag" });
    this.name = el("p", { class: "speaking-name" });
    this.under = el("p", { class: "under" });
    this.then = el("p", { class: "under speaking-then" });
    this.digits = el("span", { class: "digits" });
    this.word = el("span", { class: "time-word", role: "status" });
    this.time = el("div", { class: "time" }, el("span", { role: "timer", "aria-live": "off" }, this.digits), this.word);
    this.finish = el("button", { type: "button", class: "primary", "data-act": "floor_finish", text: words.say("floor_finish") });
    this.finish.addEventListener("click", () => this.#finish());
    this.node = el(
      "section",
      { class: "speaking", hidden: true, "aria-label": words.say("floor_speaking") },
      el("div", { class: "speaking-text", "aria-live": "polite" }, this.tag, this.name, this.under, this.then),
      this.time,
      this.finish,
    );
  }

  draw() {
    const { state, words } = this.room;
    const turn = onTheFloor(state);
    if (turn?.id !== this.turn?.id) this.left = null;
    this.turn = turn;
    this.node.hidden = !turn;
    if (!turn) return;
    const who = person(state, turn.attendee_id);
    const mine = turn.attendee_id === state.you.attendee_id;
    this.node.dataset.turn = turn.id;
    setText(this.tag, this.#tag(turn, mine));
    setText(this.name, who?.name ?? "");
    setText(this.under, [who?.post, turn.subject].filter(Boolean).join(" · "));
    this.under.hidden = !this.under.textContent;
    const next = standing(state).paused.find((each) => each.id !== turn.id);
    this.then.hidden = !next;
    setText(this.then, next ? words.say("floor_comes_back", { name: nameOf(state, next.attendee_id) }) : "");
    this.finish.hidden = !mine;
    this.tick();
  }

  tick() {
    const { turn } = this;
    if (!turn || !this.room.state) return;
    const { words, state, live } = this.room;
    const left = turnLeft(turn, state.meeting, live.now());
    const signal = left <= 0 ? "over" : left <= SOON ? "soon" : "calm";
    const stands = turn.state === "paused" || Boolean(state.meeting.paused_at);
    this.node.dataset.signal = signal;
    this.node.dataset.stands = String(stands);
    this.node.style.setProperty("--spent", String(Math.min(1, Math.max(0, 1 - left / (turn.seconds * 1000)))));
    setText(this.digits, (left < 0 ? "+" : "") + digits(left));
    setText(this.word, words.say(stands ? "floor_stands" : `floor_${signal}`));
    if (this.left > 0 && left <= 0 && !stands) this.#ring(turn);
    this.left = left;
  }

  #tag(turn, mine) {
    const { words, state } = this.room;
    if (mine) return words.say("floor_you_speak");
    if (turn.kind === "question") return words.say("floor_asks", { name: nameOf(state, turn.addressee_id) });
    return words.say(turn.kind === "order" ? "floor_order" : "floor_speaking");
  }

  #finish() {
    const { turn } = this;
    this.room.act(this.finish, "floor.end", { request_id: turn.id });
  }

  /** Once, softly, for the speaker and the desk: a device that was never touched stays silent. */
  #ring(turn) {
    const { state, desk } = this.room;
    if (!desk && turn.attendee_id !== state.you.attendee_id) return;
    if (!navigator.userActivation?.hasBeenActive) return;
    navigator.vibrate?.([120, 80, 120]);
    try {
      chime();
    } catch {
      // No sound device: the colour and the word say it.
    }
  }
}

function chime() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 587;
  volume.gain.setValueAtTime(0.0001, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.12, context.currentTime + 0.05);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.9);
  tone.connect(volume).connect(context.destination);
  tone.onended = () => context.close();
  tone.start();
  tone.stop(context.currentTime + 1);
}
