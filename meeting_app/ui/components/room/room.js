// The live room on a tablet, phone or desk screen: one socket, one state, and the parts that draw it.

import { styleSheet } from "../dom.js";
import { Live, Refused } from "../live.js";
import { Agenda } from "./agenda.js";
import { Bar } from "./bar.js";
import { Conclusions } from "./conclusions.js";
import { Desk } from "./desk.js";
import { el, setText, sign } from "./dom.js";
import { Documents } from "./documents.js";
import { Drawing } from "./drawing.js";
import { Floor } from "./floor.js";
import { Layout } from "./layout.js";
import { Messages } from "./messages.js";
import { MinutesPane } from "./minutes_pane.js";
import { Motions } from "./motions.js";
import { Now } from "./now.js";
import { People } from "./people.js";
import { Screens } from "./screens.js";
import { Strip } from "./strip.js";
import { Vote } from "./vote.js";
import { Words } from "./words.js";

const ENDED = ["signed_out", "wrong_origin", "not_found"]; // it does not come back by itself
const rooms = new WeakMap(); // parentElement -> Room
const STYLES = [
  ...["../reading/reading.css", "../reading/writing.css", "room.css", "../dragging.css", "people.css", "seats.css", "screens.css"],
  ...["bar.css", "desk.css", "minutes.css", "motions.css", "vote.css", "floor.css", "messages.css"],
];
const styles = loadStyles();

/** Streamlit calls this again whenever data or theme change; the room stays, with its socket. */
export default function (component) {
  const { data, parentElement } = component;
  let room = rooms.get(parentElement);
  if (room && room.meeting !== data.meeting) {
    room.close();
    room = null;
  }
  if (!room) {
    room = new Room(parentElement, data);
    rooms.set(parentElement, room);
  }
  room.dress();
  // A rerun that overtakes a slow load cleans up at once what the next run goes on using.
  return () => setTimeout(() => parentElement.isConnected || room.close(), 200);
}

function loadStyles() {
  return Promise.all(STYLES.map((name) => styleSheet(name, import.meta.url)));
}

class Room {
  constructor(parent, data) {
    this.parent = parent;
    this.meeting = data.meeting;
    this.home = data.home;
    this.minutes = data.minutes;
    this.language = data.language;
    this.words = new Words(data.texts);
    this.reading = { texts: data.texts, widths: data.widths, account: data.account };
    this.account = data.account;
    this.chosenItem = null; // what this person reads instead of the current item
    this.drawing = new Drawing(() => this.#draw());
    this.#build();
    this.live = new Live({
      address: data.address || `${location.protocol === "https:" ? "wss" : "ws"}://${location.hostname}:${data.port}/`,
      meeting: data.meeting,
      language: data.language,
      changed: () => this.draw(),
      farewell: (reason) => (this.farewell = reason),
      heard: (kind, body) => this.#hear(kind, body),
    });
    this.clock = setInterval(() => this.tick(), 500);
    this.draw();
  }

  get state() {
    return this.live?.state ?? null;
  }

  get desk() {
    return this.state?.you.desk ?? false;
  }

  /** This person's own row among the attendees. */
  get me() {
    return this.state?.attendees.find((attendee) => attendee.id === this.state.you.attendee_id) ?? null;
  }

  get currentItem() {
    return this.state?.items.find((item) => item.state === "current") ?? null;
  }

  /** The item whose papers are on the table: the chosen one, else the current one. */
  get shownItem() {
    return this.state?.items.find((item) => item.id === this.chosenItem) ?? this.currentItem;
  }

  /** Read another item's papers, or (null) follow the meeting again. */
  choose(itemId) {
    this.documents.pages.follow.leave();
    this.chosenItem = itemId === this.currentItem?.id ? null : itemId;
    this.layout.agendaSheet.close();
    this.draw();
  }

  /**
   * Do a command from a control, which is busy until the answer comes. `undo` names the way back:
   * {text, steps(), honest()?}, the steps being [act, args] in their order; they are asked for when it is used.
   */
  async act(control, act, args = {}, undo = null) {
    if (control?.getAttribute("aria-busy") === "true") return false;
    control?.setAttribute("aria-busy", "true");
    try {
      await this.live.do(act, args);
      if (undo) this.strip.offer(undo.text, () => this.#undo(undo.steps()), undefined, undo.honest);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.strip.refuse(error.reason ?? this.words.say("not_sent"));
      return false;
    } finally {
      control?.removeAttribute("aria-busy");
    }
  }

  async #undo(steps) {
    for (const [act, args] of steps) {
      if (!(await this.act(null, act, args))) return;
    }
  }

  /** Light or dark as Streamlit's page is. */
  dress() {
    const host = this.parent.host ?? this.parent;
    const ground = getComputedStyle(host).getPropertyValue("--st-background-color").trim();
    const dark = ground ? luminance(ground) < 0.4 : matchMedia("(prefers-color-scheme: dark)").matches;
    this.root.dataset.theme = dark ? "dark" : "light";
  }

  /** Draw soon; many calls are one drawing. */
  draw() {
    this.drawing.soon();
  }

  #draw() {
    this.#drawConnection();
    this.root.dataset.connection = this.live?.connection ?? "reconnecting";
    if (!this.state) return;
    this.root.dataset.desk = String(this.desk);
    this.root.dataset.version = String(this.state.version);
    this.layout.node.hidden = false;
    setText(this.title, this.state.meeting.title);
    for (const part of this.parts) part.draw();
    this.tick();
  }

  tick() {
    if (!this.state) return;
    setText(this.wallClock, this.words.hour(new Date(this.live.now()).toISOString()));
    for (const part of this.parts) part.tick?.();
    this.strip.tick();
  }

  #hear(kind, body) {
    for (const part of this.parts) part.heard?.(kind, body);
  }

  close() {
    rooms.delete(this.parent);
    clearInterval(this.clock);
    this.drawing.stop();
    this.layout.close();
    this.documents.pages.close();
    this.minutesPane.close();
    this.live.close();
    this.root.remove();
  }

  #build() {
    const { words } = this;
    this.title = el("h1", { class: "title" });
    this.wallClock = el("span", { class: "wall-clock" });
    this.connection = el("span", { class: "connection", role: "status" });
    this.noticeText = el("span");
    this.signIn = el("a", { href: "/sign-in", text: words.say("sign_in"), hidden: true });
    this.notice = el("p", { class: "notice", role: "status" }, this.noticeText, this.signIn);
    this.strip = new Strip(this);
    this.#buildParts();
    this.root = el(
      "div",
      { class: "room", lang: this.language },
      el(
        "header",
        { class: "top" },
        el("a", { class: "home", href: this.home, "aria-label": words.say("home") }, sign("back"), el("span", { text: words.say("home") })),
        this.title,
        this.connection,
        this.wallClock,
      ),
      this.notice,
      this.layout.node,
      this.messages.node,
      this.strip.node,
      this.layout.foot,
      ...this.sheets.map((sheet) => sheet.node),
    );
    this.root.hidden = true;
    this.parent.append(this.root);
    styles.then((sheets) => {
      const home = this.parent.getRootNode();
      home.adoptedStyleSheets = [...new Set([...home.adoptedStyleSheets, ...sheets])];
      this.root.hidden = false;
    });
  }

  /** What is drawn, in this order, and every sheet; whoever registers behind "Thêm" comes after the bar. */
  #buildParts() {
    this.now = new Now(this);
    this.agenda = new Agenda(this);
    this.documents = new Documents(this);
    this.people = new People(this);
    this.conclusions = new Conclusions(this);
    this.minutesPane = new MinutesPane(this);
    this.floor = new Floor(this);
    this.messages = new Messages(this);
    this.vote = new Vote(this);
    this.bar = new Bar(this);
    this.screens = new Screens(this);
    this.motions = new Motions(this);
    this.deskPanel = new Desk(this);
    this.bar.add({ name: "messages", shape: "message", press: () => this.messages.open(), count: () => this.messages.waiting });
    this.layout = new Layout(this);
    const reading = [this.now, this.agenda, this.documents, this.people, this.conclusions, this.screens, this.minutesPane];
    this.parts = [this.layout, ...reading, this.floor, this.messages, this.motions, this.vote, this.deskPanel, this.bar];
    const own = this.parts.flatMap((part) => part.sheets ?? (part.sheet ? [part.sheet] : []));
    this.sheets = [...own, this.agenda.insertSheet, this.people.code.sheet];
  }

  #drawConnection() {
    const connection = this.live?.connection ?? "reconnecting";
    const name = `connection_${connection}`;
    setText(this.connection, this.words.say(name));
    this.signIn.hidden = connection !== "signed_out";
    this.root.classList.toggle("empty", !this.state);
    let said = this.state ? "" : this.words.say("entering");
    if (ENDED.includes(connection)) said = this.farewell ?? this.words.say(name);
    else if (connection === "offline") said = this.words.say("notice_offline");
    setText(this.noticeText, said);
    this.notice.hidden = !said;
  }
}

/** Relative luminance of a CSS colour, 0 black to 1 white. */
function luminance(colour) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
