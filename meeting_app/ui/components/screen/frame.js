// The wall around the scene: whose meeting, the clock, who is here, where to check in, messages, and the truth about the line.

import { el, setText, sign } from "../room/dom.js";
import { isPresent } from "../room/presence.js";
import { CheckInCode } from "./check_in_code.js";
import { fit } from "./fit.js";
import { Floor } from "./floor.js";
import { Between, Item, Over, Paused, Welcome } from "./course.js";
import { Result } from "./result.js";
import { messageOf, sceneOf } from "./scenes.js";
import { Called, Vote } from "./vote.js";

const SCENES = { welcome: Welcome, item: Item, between: Between, paused: Paused, over: Over };
Object.assign(SCENES, { floor: Floor, called: Called, vote: Vote, result: Result });

export class Frame {
  constructor(screen) {
    this.screen = screen;
    const { words } = screen;
    this.scenes = Object.fromEntries(Object.entries(SCENES).map(([name, Scene]) => [name, new Scene(screen)]));
    this.title = el("p", { class: "meeting-title" });
    this.clock = el("p", { class: "clock", role: "timer" });
    this.present = el("strong", { class: "count" });
    this.checkIn = new CheckInCode(words);
    this.side = el(
      "aside",
      { class: "side" },
      this.checkIn.node,
      el("p", { class: "presence" }, el("span", {}, sign("check"), words.say("present")), this.present),
    );
    this.stage = el("div", { class: "stage" });
    new ResizeObserver(() => this.refit()).observe(this.stage); // the window's size, a message below, the code beside
    this.sender = el("strong");
    this.text = el("span");
    const said = el("span", { class: "said" }, this.sender, " ", this.text);
    this.message = el("p", { class: "message", role: "status", hidden: true }, said);
    this.truth = el("p", { class: "truth", role: "status", hidden: true });
    const top = el("header", { class: "top" }, this.title, this.clock);
    this.node = el("main", { class: "wall", hidden: true }, top, this.stage, this.side, el("footer", {}, this.message, this.truth));
    this.zone = { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hour12: false };
    this.hours = new Intl.DateTimeFormat("en-GB", this.zone);
  }

  draw() {
    const { state } = this.screen.live;
    const { words } = this.screen;
    setText(this.title, state.meeting.title);
    const here = state.attendees.filter(isPresent).length;
    setText(this.present, words.say("present_of", { here, all: state.attendees.length }));
    document.title = state.meeting.title;
    this.#drawScene();
    this.tick();
  }

  tick() {
    const { screen } = this;
    const now = screen.now();
    setText(this.clock, this.hours.format(new Date(now)));
    const scene = sceneOf(screen.live.state, now);
    if (scene.name !== this.scene?.name || scene.motion?.id !== this.scene?.motion?.id) this.#drawScene();
    this.scenes[scene.name].tick?.(scene, screen.live.state, now);
    this.#drawMessage(now);
    this.#drawTruth();
  }

  /** After there is another room for the scene. */
  refit() {
    if (!this.scene) return;
    const { node } = this.scenes[this.scene.name];
    this.node.classList.remove("is-crowded");
    if (fit(node)) return;
    this.node.classList.add("is-crowded"); // the message below gives way
    fit(node);
  }

  /** Nothing of the last meeting stays. */
  clear() {
    this.scene = null;
    this.stage.replaceChildren();
    this.checkIn.close();
  }

  #drawScene() {
    const { state } = this.screen.live;
    const now = this.screen.now();
    const scene = sceneOf(state, now);
    const shown = this.scenes[scene.name];
    this.scene = scene;
    this.node.dataset.scene = scene.name;
    if (shown.node.parentNode !== this.stage) this.stage.replaceChildren(shown.node);
    shown.draw(scene, state, now);
    shown.tick?.(scene, state, now);
    this.checkIn.show(scene.name === "over" ? null : state.meeting);
    this.side.hidden = scene.name === "over";
    this.refit();
  }

  #drawMessage(now) {
    const { state } = this.screen.live;
    const message = messageOf(state, now);
    this.message.hidden = !message;
    if (!message || message === this.said) return;
    this.said = message;
    const sender = state.attendees.find((each) => each.id === message.sender_id)?.name;
    setText(this.sender, sender ? this.screen.words.say("message_from", { name: sender }) : "");
    setText(this.text, message.text);
  }

  #drawTruth() {
    const { live, words } = this.screen;
    if (live.connection === "live") {
      this.heardAt = new Date(this.screen.now()).toISOString();
      this.truth.hidden = true;
      return;
    }
    const lost = this.heardAt ? words.say("lost", { hour: words.hour(this.heardAt) }) : words.say("lost_server");
    setText(this.truth, live.connection === "wrong_origin" ? words.say("wrong_origin") : lost);
    this.truth.hidden = false;
  }
}
