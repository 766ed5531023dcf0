// Who speaks, for whom, and how long still.

import { el, setText } from "../room/dom.js";
import { Countdown } from "./countdown.js";
import { speakingTime } from "./scenes.js";

export class Floor {
  constructor(screen) {
    this.words = screen.words;
    this.tag = el("p", { class: "tag" });
    this.name = el("h1", { class: "title name" });
    this.post = el("p", { class: "under" });
    this.about = el("p", { class: "under about" });
    this.countdown = new Countdown(this.words, "time_left");
    this.node = el("section", { class: "scene floor" }, this.tag, this.name, this.post, this.about, this.countdown.node);
  }

  draw({ turn, item }, { attendees }) {
    const person = attendees.find((each) => each.id === turn.attendee_id);
    const addressee = attendees.find((each) => each.id === turn.addressee_id);
    const kind = addressee ? this.words.say("question_to", { name: addressee.name }) : this.words.say(turn.kind);
    setText(this.tag, turn.state === "paused" ? this.words.say("speech_stands") : kind);
    setText(this.name, person?.name ?? "");
    this.#put(this.post, [person?.post, person?.unit].filter(Boolean).join(" · "));
    this.#put(this.about, turn.subject || item?.title || "");
  }

  tick({ turn }, _state, now) {
    this.countdown.tick(speakingTime(turn, now), { stands: turn.state === "paused" });
  }

  #put(node, text) {
    setText(node, text);
    node.hidden = !text;
  }
}
