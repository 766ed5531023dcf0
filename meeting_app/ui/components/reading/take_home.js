// Taking the document home with what is written on it, as a PDF that every program opens.

import { h } from "../dom.js";

export class TakeHome {
  constructor({ reader, say, outbox }) {
    Object.assign(this, { reader, say, outbox });
    this.label = h("span", {}, say("take_home"));
    this.node = h("button", { type: "button", className: "panel-act", onclick: () => this.#take() }, this.label);
    this.node.dataset.act = "take_home";
    this.said = h("p", { className: "panel-quiet", role: "status" });
  }

  draw(source) {
    this.node.hidden = !source?.version_id || source.download === false;
    this.#say("");
  }

  async #take() {
    if (this.node.getAttribute("aria-busy") === "true") return;
    this.node.setAttribute("aria-busy", "true");
    if (!this.said.isConnected) this.node.parentNode.after(this.said);
    this.#say(this.say("take_home_making"));
    try {
      await this.outbox.flush(); // what was written a moment ago belongs to it
      await this.#fetched(this.reader.document);
    } catch {
      this.#say(this.say("take_home_unreachable"));
    } finally {
      this.node.removeAttribute("aria-busy");
    }
  }

  async #fetched({ id, title }) {
    const answer = await fetch(`/files/document/${id}/annotated`, { cache: "no-store" });
    if (!answer.ok) {
      const content = await answer.json().catch(() => ({}));
      this.#say(content.sentence ?? this.say("take_home_unreachable"));
      return;
    }
    const whole = Number(answer.headers.get("Content-Length")) || 0;
    const pieces = [];
    let done = 0;
    const source = answer.body.getReader();
    for (let piece = await source.read(); !piece.done; piece = await source.read()) {
      pieces.push(piece.value);
      done += piece.value.length;
      if (whole) this.#say(this.say("take_home_loading", { percent: Math.round((100 * done) / whole) }));
    }
    const address = URL.createObjectURL(new Blob(pieces, { type: "application/pdf" }));
    const named = /filename\*=utf-8''([^;]+)/i.exec(answer.headers.get("Content-Disposition") ?? "");
    h("a", { href: address, download: named ? decodeURIComponent(named[1]) : `${title}.pdf` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    this.#say(this.say("take_home_done"));
  }

  #say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }
}
