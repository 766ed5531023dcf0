// The code to check in with: another every half minute, gone when the server gives none.

import { el } from "../room/dom.js";

const RENEWED = 10000; // ms; each code is good for at least half a minute
const AFTER_FAILURE = 5000;
const PATIENCE = 8000;

export class CheckInCode {
  constructor(words) {
    this.image = el("img", { alt: words.say("check_in_code"), width: 200, height: 200 });
    this.node = el("figure", { class: "check-in", hidden: true }, this.image, el("figcaption", { text: words.say("check_in") }));
    this.meeting = null;
  }

  /** Stand for a meeting, asked for anew when its state is another; null: for none. */
  show(meeting) {
    if (meeting === null || meeting.id !== this.meeting) this.close();
    if (meeting === null || (meeting.id === this.meeting && meeting.state === this.state)) return;
    this.meeting = meeting.id;
    this.state = meeting.state;
    this.#renew();
  }

  close() {
    clearTimeout(this.next);
    this.meeting = null;
    this.#put(null);
  }

  async #renew() {
    clearTimeout(this.next);
    const { meeting } = this;
    let picture = null;
    try {
      const answer = await fetch(`/check-in-code/${meeting}.svg`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok) picture = URL.createObjectURL(await answer.blob());
      else if (meeting === this.meeting) this.#put(null); // no checking in now
      this.reached = true;
    } catch {
      this.reached = false; // an old code may still do for some seconds, and no code would not
    }
    if (meeting !== this.meeting) {
      if (picture) URL.revokeObjectURL(picture);
      return;
    }
    if (picture) this.#put(picture);
    clearTimeout(this.next);
    this.next = setTimeout(() => this.#renew(), this.reached ? RENEWED : AFTER_FAILURE);
  }

  #put(picture) {
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = picture;
    if (picture) this.image.src = picture;
    else this.image.removeAttribute("src");
    this.node.hidden = !picture;
  }
}
