// A screen without a meeting: its code, as large as the wall.

import { el, setText } from "../room/dom.js";

export class Pairing {
  constructor(screen) {
    this.screen = screen;
    const { words } = screen;
    this.code = el("p", { class: "code" });
    this.until = el("p", { class: "quiet" });
    this.truth = el("p", { class: "truth", role: "status", hidden: true });
    this.node = el(
      "main",
      { class: "pairing" },
      el("h1", { class: "tag", text: words.say("pairing") }),
      this.code,
      el("p", { class: "how", text: words.say("pairing_how") }),
      this.until,
      el("p", { class: "quiet", text: words.say("pairing_full") }),
      this.truth,
    );
  }

  draw() {
    const { words, shown, problem, forgetful, live } = this.screen;
    this.#drawCode();
    let truth = forgetful ? words.say("pairing_cookies") : problem;
    if (live?.connection === "wrong_origin") truth = words.say("wrong_origin");
    setText(this.truth, truth);
    this.truth.hidden = !truth;
    document.title = shown.code ? `${words.say("title")} · ${shown.code}` : words.say("title");
  }

  tick() {
    this.#drawCode();
  }

  /** An old code is no longer shown, whether or not there is a new one. */
  #drawCode() {
    const { words, shown } = this.screen;
    const left = (shown.until ?? 0) - Date.now();
    const code = shown.code && left > 0 && !this.screen.forgetful ? shown.code : "";
    setText(this.code, code ? spaced(code) : "· · ·");
    this.code.classList.toggle("waits", !code);
    const minutes = Math.ceil(left / 60000);
    let until = words.say(shown.meeting === null ? "pairing_waits" : "entering"); // the room is not there yet
    if (code) until = left < 60000 ? words.say("pairing_soon") : words.say("pairing_until", { minutes });
    setText(this.until, until);
  }
}

/** In two halves, as people read numbers aloud. */
export function spaced(code) {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`;
}
