// Where things stand on this screen: one agenda, one "Bây giờ", one desk; they move, nothing is drawn twice.

import { el } from "./dom.js";
import { Sheet } from "./sheet.js";

export class Layout {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.agendaSheet = new Sheet(room, words.say("agenda"));
    this.deskSheet = new Sheet(room, words.say("desk"));
    this.phone = matchMedia("(max-width: 56.2em)");
    this.wide = matchMedia("(min-width: 75em)");
    for (const each of [this.phone, this.wide]) each.addEventListener("change", () => room.draw());
    this.side = el("section", { class: "side", "aria-label": words.say("agenda") });
    this.centre = el("div", { class: "centre", tabindex: "0" }); // it scrolls, also by keyboard
    this.right = el("section", { class: "right", "aria-label": words.say("desk") });
    this.node = el("div", { class: "body", hidden: true }, this.side, this.centre, this.right);
    this.foot = el("div", { class: "foot" }, room.vote.notice, room.vote.node, room.bar.node);
    // What is said about the last act stands above the bar, or above the ballot.
    this.below = new ResizeObserver(() => room.root.style.setProperty("--below", `${this.foot.offsetHeight}px`));
    this.below.observe(this.foot);
  }

  get mode() {
    if (this.phone.matches) return "phone";
    return this.wide.matches ? "wide" : "tablet";
  }

  get sheets() {
    return [this.agendaSheet, this.deskSheet];
  }

  /** Put everything in its place; what stands there already is not touched, so that focus stays. */
  draw() {
    const { room, mode } = this;
    const desk = room.desk;
    room.root.dataset.layout = mode;
    put(this.centre, room.minutesPane.switch, true);
    put(this.centre, room.documents.node);
    put(mode === "phone" ? room.minutesPane.sheet.content : this.centre, room.minutesPane.node);
    put(mode === "phone" ? this.agendaSheet.content : this.side, room.agenda.node);
    // On a tablet the desk's panel stands above the agenda: what is discussed stays in view beside both.
    if (desk) put({ phone: this.deskSheet.content, tablet: this.side, wide: this.right }[mode], room.deskPanel.node, true);
    if (desk && mode !== "phone") put(room.deskPanel.now, room.now.node);
    else put(this.centre, room.now.node, true);
    // Who speaks stands in view where there is room: what the desk does about it stands right there.
    put(desk && mode !== "phone" ? room.floor.node : room.floor.turnPlace, room.floor.turnActs);
    if (room.floor.node.nextSibling !== room.documents.node) room.documents.node.before(room.floor.node);
    this.right.hidden = !desk || mode !== "wide";
    if (mode !== "phone") for (const sheet of [...this.sheets, room.minutesPane.sheet]) sheet.close();
  }

  close() {
    this.below.disconnect();
  }
}

function put(place, node, first = false) {
  if (node.parentNode === place) return;
  if (first) place.prepend(node);
  else place.append(node);
}
