// The sections that one page writes in: saved when it hides, leaves, or has the server again.

import { Section } from "./section.js";

export class Sections {
  constructor(texts) {
    this.texts = texts;
    this.byId = new Map();
    this.leave = () => this.each((section) => section.leave());
    this.hidden = () => document.visibilityState === "hidden" && this.save();
    this.online = () => this.save();
    addEventListener("pagehide", this.leave);
    addEventListener("online", this.online);
    document.addEventListener("visibilitychange", this.hidden);
  }

  /** The section of this row, made or brought up to date. */
  of(view) {
    const known = this.byId.get(view.id);
    if (known) known.refresh(view);
    else this.byId.set(view.id, new Section(view, this.texts));
    return this.byId.get(view.id);
  }

  each(act) {
    for (const section of this.byId.values()) act(section);
  }

  save() {
    this.each((section) => section.save());
  }

  /** Resolves to whether the server has every word. */
  async flush() {
    const arrived = await Promise.all([...this.byId.values()].map((section) => section.flush()));
    return arrived.every(Boolean);
  }

  fit() {
    this.each((section) => section.fit());
  }

  destroy() {
    this.leave();
    removeEventListener("pagehide", this.leave);
    removeEventListener("online", this.online);
    document.removeEventListener("visibilitychange", this.hidden);
  }
}
