// Following the presenter, or reading freely: one touch leaves, one returns. And leading: whoever leads turns
// the pages of all who follow, and points.
//
//   const follow = new Follow({ reader, live: () => live, words, act, changed });
//   follow.draw(state)            // with every change of the room's state or place
//   follow.document               // what is to lie on the table while following, or null
//   follow.pointed(message)       // a frame of the pointer

import { h } from "../dom.js";
import { sign } from "../signs.js";

const STATES = ["convened", "running", "paused"];
const POINT_EVERY = 100; // ms
const FADES_AFTER = 4000; // ms without a word of the pointer
const WHOLE = 10000;
const NEAR = 2; // pages that are turned to softly

export class Follow {
  /** `act(control, name, args)` does a command of the room; `changed()` is called when the hand decides. */
  constructor({ reader, live, words, act, changed }) {
    Object.assign(this, { reader, live, words, act, changed });
    this.following = true;
    this.slots = new Map(); // page -> slot
    this.dot = h("span", { className: "pointer-dot", "aria-hidden": "true" });
    this.knob = h("span", { className: "switch-knob", "aria-hidden": "true" });
    this.label = h("span", {}, words.say("follow"));
    this.where = h("span", { className: "follow-where" });
    this.switch = h("button", { type: "button", className: "follow-switch", role: "switch", onclick: () => this.choose(!this.following) }, this.knob, this.label);
    this.switch.dataset.act = "follow";
    this.lead = this.#control("lead", "lead", (event) => act(event.currentTarget, "present.take"));
    this.lead.classList.add("roomy"); // on a phone it is taken from the list of people
    this.point = this.#control("point", "point", () => this.#takePointer(!this.pointing));
    this.end = h("button", { type: "button", className: "follow-end", onclick: () => act(this.end, "present.stop") }, words.say("lead_stop"));
    this.end.dataset.act = "lead_stop";
    this.node = h("div", { className: "follow-line", hidden: true }, this.switch, this.where, h("span", { className: "gap" }), this.point, this.end);
    reader.addLayer({ mount: (slot, page) => this.slots.set(page, slot), unmount: (_slot, page) => this.slots.delete(page) });
    reader.on("page", () => this.#turned());
    reader.on("document", () => this.#turned());
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"]) {
      reader.pages.node.addEventListener(name, (event) => this.#points(event), { capture: true });
    }
  }

  /** What the presenter shows, while following; null to leave the table as it is. */
  get document() {
    const { place } = this;
    if (!this.active || this.leading || !this.following || !place?.document_id) return null;
    return this.state.documents.find((each) => each.id === place.document_id) ?? null;
  }

  get place() {
    return this.live()?.place ?? null;
  }

  get active() {
    return Boolean(this.presenter) && STATES.includes(this.state.meeting.state);
  }

  get leading() {
    return this.active && this.presenter.id === this.state.you.attendee_id;
  }

  /** To read on one's own, e.g. because another document was chosen. */
  leave() {
    if (this.active && !this.leading && this.following) this.choose(false);
  }

  choose(following) {
    this.following = following;
    this.changed();
  }

  draw(state) {
    this.state = state;
    const leader = state.presenter?.attendee_id;
    this.presenter = leader ? state.attendees.find((each) => each.id === leader) : null;
    const { active, leading } = this;
    if (leading && !this.led) this.told = null;
    if (!leading) this.#takePointer(false);
    this.led = leading;
    this.node.hidden = !active;
    this.switch.hidden = leading;
    this.switch.setAttribute("aria-checked", String(this.following));
    this.where.textContent = this.#where();
    this.lead.hidden = leading || !this.#mayLead();
    this.point.hidden = this.end.hidden = !leading;
    if (leading) this.#tell();
  }

  /** Turn to the presenter's page; called when the right document lies on the table. */
  turn() {
    const { place } = this;
    const { document, page, pages } = this.reader;
    if (!this.document || document?.id !== this.document.id) return;
    if (Math.floor(page / pages.across) === Math.floor(place.page / pages.across)) return;
    this.quietly(() => this.reader.go(place.page, { smooth: Math.abs(place.page - page) <= NEAR }));
  }

  /** The page at which a document that is laid on the table opens; null where it was left. */
  pageOf(document) {
    return document && this.document?.id === document.id ? this.place.page : null;
  }

  /** What happens meanwhile is no wish of the hand. */
  quietly(act) {
    this.turning = true;
    act();
    this.turning = false;
  }

  pointed({ page, x, y }) {
    clearTimeout(this.fading);
    const slot = page === null ? null : this.slots.get(page);
    if (!slot || this.leading || this.reader.document?.id !== this.place?.document_id) {
      this.dot.remove();
      return;
    }
    Object.assign(this.dot.style, { left: `${x / 100}%`, top: `${y / 100}%` });
    if (this.dot.parentNode !== slot) slot.append(this.dot);
    this.fading = setTimeout(() => this.dot.remove(), FADES_AFTER);
  }

  #where() {
    if (!this.active) return "";
    if (this.leading) return this.words.say("leading");
    const { place } = this;
    const name = this.presenter.name;
    const known = place?.document_id && this.state.documents.some((each) => each.id === place.document_id);
    return known ? this.words.say("presenter_at", { name, page: place.page + 1 }) : this.words.say("presenter_leads", { name });
  }

  #mayLead() {
    const { you, meeting, items } = this.state;
    if (!STATES.includes(meeting.state)) return false;
    if (you.desk) return true;
    const current = items.find((item) => item.state === "current");
    return !this.active && Boolean(current?.presenter.toLowerCase().includes(you.name.toLowerCase()));
  }

  /** A page was turned here: by the presenter it is told, by anybody else it means to read freely. */
  #turned() {
    if (!this.state) return;
    if (this.leading) this.#tell();
    else if (!this.turning && this.document && this.document.id === this.reader.document?.id && !this.#beside()) this.leave();
  }

  #beside() {
    const { page, pages } = this.reader;
    return Math.floor(page / pages.across) === Math.floor((this.place?.page ?? 0) / pages.across);
  }

  /** One turn is under way at a time, and after it the newest: those between are nobody's wish any more. */
  async #tell() {
    const { document, page } = this.reader;
    if (!document?.id) return;
    this.wish = { document_id: document.id, page };
    if (this.telling) return;
    this.telling = true;
    try {
      while (this.leading && (this.wish.document_id !== this.told?.document_id || this.wish.page !== this.told?.page)) {
        const wish = this.wish;
        this.told = wish;
        await this.live().do("present.turn", wish);
      }
    } catch {
      this.told = null; // somebody else leads by now, or the room is away: the state will say
    } finally {
      this.telling = false;
    }
  }

  #takePointer(taken) {
    if (Boolean(this.pointing) === taken) return;
    this.pointing = taken;
    this.point.setAttribute("aria-pressed", String(taken));
    this.reader.pages.node.classList.toggle("pointing", taken);
    if (!taken) this.#show({ page: null });
  }

  #points(event) {
    if (!this.pointing) return;
    if (event.pointerType !== "mouse") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (["pointerup", "pointercancel", "pointerleave"].includes(event.type)) {
      if (event.pointerType !== "mouse" || event.type === "pointerleave") this.#show({ page: null });
      return;
    }
    const page = this.reader.pages.pageAt(event.clientX, event.clientY);
    const box = this.slots.get(page)?.getBoundingClientRect();
    if (!box) return;
    const part = (value, whole) => Math.round(Math.min(1, Math.max(0, value / whole)) * WHOLE);
    this.#show({ page, x: part(event.clientX - box.left, box.width), y: part(event.clientY - box.top, box.height) });
  }

  /** The newest place, ten times a second. */
  #show(point) {
    this.newest = point;
    if (this.showing) return;
    this.live().point(this.newest);
    this.newest = null;
    this.showing = setTimeout(() => {
      this.showing = null;
      if (this.newest) this.#show(this.newest);
    }, POINT_EVERY);
  }

  #control(name, shape, press) {
    const node = h("button", { type: "button", className: "icon", hidden: true, onclick: press }, sign(shape));
    node.dataset.act = name;
    node.title = this.words.say(name);
    node.setAttribute("aria-label", node.title);
    return node;
  }
}
