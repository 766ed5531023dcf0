// The hall's screen: a code until a desk takes it, then a meeting, by the same socket and state as every tablet.
// It listens and shows; there is nothing to touch. What it is shown by others is room/PROTOCOL.md.

import { Live } from "../live.js";
import { Words } from "../room/words.js";
import { Frame } from "./frame.js";
import { Pairing } from "./pairing.js";
import { stayAwake, hideCursor, fillOnTouch } from "./rest.js";

const WAITING = 2000; // ms between two looks while a code is shown
const AWAY = 10000; // … while the room cannot be reached
const LIVE = 300000; // … while all is well: a new version of this page, a pairing that was missed
const FORGETFUL = 60000; // … while the browser keeps no cookie, and is a new screen each time
const PATIENCE = 8000; // for one answer
const TICK = 250;
const OVER = ["closed", "recorded", "cancelled"];
const RELOADED = "screen-reloaded"; // when, so that a page that stays old does not reload for ever

class Screen {
  constructor(root, start) {
    Object.assign(this, start); // texts, language, port, address, version
    this.words = new Words(start.texts);
    this.shown = { meeting: null, code: "", seconds: 0 };
    this.live = null;
    this.problem = ""; // why the web process tells us nothing
    this.offset = 0; // ms the server's clock is ahead of ours, while no room tells
    this.pairing = new Pairing(this);
    this.frame = new Frame(this);
    root.append(this.pairing.node, this.frame.node);
    document.fonts?.ready.then(() => this.frame.refit());
    setInterval(() => this.tick(), TICK);
    this.#look();
  }

  /** Now, by the room's clock, in ms: the screen's own may be wrong by years. */
  now() {
    return this.live?.state ? this.live.now() : Date.now() + this.offset;
  }

  get isOver() {
    return OVER.includes(this.live?.state?.meeting.state);
  }

  draw() {
    const meeting = this.live?.state;
    this.pairing.node.hidden = Boolean(meeting);
    this.frame.node.hidden = !meeting;
    document.body.dataset.connection = this.live?.connection ?? (this.problem ? "offline" : "waiting");
    document.body.dataset.version = String(meeting?.version ?? "");
    if (meeting) this.frame.draw();
    else this.pairing.draw();
  }

  tick() {
    if (this.live?.state) this.frame.tick();
    else this.pairing.tick();
  }

  /** Ask what to show, and again after a while: soon while something may change. */
  async #look() {
    clearTimeout(this.next);
    try {
      const answer = await fetch("/screen", { method: "POST", signal: AbortSignal.timeout(PATIENCE) });
      const content = await answer.json();
      this.problem = answer.ok ? "" : content.sentence; // the house is full, for instance
      if (answer.ok) this.#take(content);
    } catch {
      this.problem = this.words.say("lost_server"); // no network, no answer in time, or a proxy's page instead of one
    }
    this.draw();
    this.next = setTimeout(() => this.#look(), this.#pause());
  }

  #pause() {
    if (this.forgetful) return FORGETFUL;
    if (this.live === null || this.isOver) return WAITING;
    return this.live.connection === "live" ? LIVE : AWAY;
  }

  #take(shown) {
    if (shown.version !== this.version) this.#reload();
    this.forgetful = shown.new && this.wasNew;
    this.wasNew = shown.new;
    this.shown = { ...shown, until: Date.now() + shown.seconds * 1000 };
    this.offset = Date.parse(shown.now) - Date.now();
    if (shown.meeting === (this.live?.meeting ?? null)) return;
    this.#leave();
    if (shown.meeting !== null) this.#enter(shown.meeting);
  }

  #enter(meeting) {
    const socket = location.protocol === "https:" ? "wss" : "ws";
    this.live = new Live({
      address: this.address || `${socket}://${location.hostname}:${this.port}/`,
      meeting,
      language: this.language,
      screen: true,
      changed: () => this.#changed(),
      farewell: () => {},
    });
  }

  #changed() {
    const wasOver = this.over ?? false;
    this.over = this.isOver;
    if (["signed_out", "not_found"].includes(this.live?.connection)) {
      this.#leave(); // parted with: back to a code
      this.#lookAfterRefusal();
    } else if (this.over && !wasOver) {
      this.#look(); // the code with which the next meeting takes over
    }
    this.draw();
  }

  /** At once; but two machines whose clocks disagree about the end of a meeting shall not send us to and fro. */
  #lookAfterRefusal() {
    const again = Date.now() - (this.refusedAt ?? 0) < AWAY;
    this.refusedAt = Date.now();
    clearTimeout(this.next);
    if (again) this.next = setTimeout(() => this.#look(), WAITING);
    else this.#look();
  }

  #leave() {
    this.live?.close();
    this.live = null;
    this.frame.clear();
  }

  /** A new version of the application is there. */
  #reload() {
    const before = Number(sessionStorage.getItem(RELOADED));
    if (Math.abs(Date.now() - before) < 60000) return;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  }
}

stayAwake();
hideCursor();
fillOnTouch();
new Screen(document.body, JSON.parse(document.body.dataset.screen));
