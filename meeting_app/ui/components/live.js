// The live socket: follows a meeting by versions, sends commands, and comes back by itself.
// room/PROTOCOL.md describes the messages.

import { apply } from "./state.js";

const FIRST_WAIT = 300; // ms, doubled with every failed try
const LONGEST_WAIT = 15000;
const PING_EVERY = 20000;
const ANSWER_WITHIN = 8000; // of a ping, of the hello
const COMMAND_LIVES = 120000; // an act that could not be sent for so long is no longer meant
const OFFLINE_AFTER = 20000;
const LATE = 5000; // ms between two ticks, from which the device slept or its clock was set

// Codes after which coming back by itself is pointless.
const FINAL = { 4401: "signed_out", 4403: "wrong_origin", 4404: "not_found" };
const MALFORMED = 4400;

/** What the room, or the lack of it, said against a command; `reason` is a sentence or null. */
export class Refused extends Error {
  constructor(reason) {
    super(reason ?? "");
    this.reason = reason;
  }
}

export class Live {
  /**
   * `changed()` is called after each change of `state`, `place` or `connection`; `farewell(reason)` when the room sends us
   * away. `heard(kind, body)` is told of events beside the state, and of "point" with the presenter's pointer.
   * `screen`: let in by the cookie of a hall screen, which only listens.
   */
  constructor({ address, meeting, language, changed, farewell, heard = () => {}, screen = false }) {
    Object.assign(this, { address, meeting, language, changed, farewell, heard, screen });
    this.state = null;
    this.place = null; // where the presenter reads: {n, document_id, page}
    this.connection = "reconnecting"; // live, reconnecting, offline, or one of FINAL
    this.offset = 0; // ms the room's clock is ahead of ours
    this.waiting = new Map(); // command id -> {frame, at, resolve, reject}
    this.tries = 0;
    this.lostAt = this.tickedAt = Date.now();
    this.kick = () => this.#kick();
    addEventListener("online", this.kick);
    addEventListener("offline", this.kick);
    addEventListener("pageshow", this.kick);
    document.addEventListener("visibilitychange", this.kick);
    this.beat = setInterval(() => this.#tick(), 1000);
    this.#open();
  }

  /** Now, by the room's clock, in ms. */
  now() {
    return Date.now() + this.offset;
  }

  /**
   * Do a command; resolves to the version at which it took effect, rejects with Refused. Asked twice
   * under the same `id` it is done once.
   */
  do(act, args = {}, id = commandId()) {
    const frame = JSON.stringify({ t: "do", id, act, args });
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { frame, at: Date.now(), resolve, reject });
      if (this.connection === "live") this.socket.send(frame);
    });
  }

  /** Show where we point, {page, x, y} in ten-thousandths, or {page: null}; lost while the room is away. */
  point(point) {
    if (this.connection === "live") this.socket.send(JSON.stringify({ t: "point", ...point }));
  }

  close() {
    this.closed = true;
    removeEventListener("online", this.kick);
    removeEventListener("offline", this.kick);
    removeEventListener("pageshow", this.kick);
    document.removeEventListener("visibilitychange", this.kick);
    clearInterval(this.beat);
    clearTimeout(this.retry);
    this.socket?.close();
  }

  #open() {
    clearTimeout(this.retry);
    this.retry = null;
    this.#drop();
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.askedAt = Date.now(); // answers are due from here
    socket.onopen = () => {
      const version = this.state?.version ?? null;
      const as = this.screen ? { screen: true } : {};
      socket.send(JSON.stringify({ t: "hello", meeting: this.meeting, version, lang: this.language, ...as }));
    };
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => this.#lost(event.code);
  }

  /** Forget the present socket; whatever it still says is not heard. */
  #drop() {
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  #lost(code) {
    this.#drop();
    if (this.closed) return;
    if (this.connection === "live") this.lostAt = Date.now();
    if (code in FINAL) {
      this.#show(FINAL[code]);
      this.#refuseAll();
      return;
    }
    if (code === MALFORMED) this.#refuseAll(); // or the same words would end the next socket too
    this.#show(this.#away());
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
    this.tries += 1;
    this.retry = setTimeout(() => this.#open(), longest * (0.5 + Math.random() / 2));
  }

  #away() {
    return navigator.onLine === false || Date.now() - this.lostAt > OFFLINE_AFTER ? "offline" : "reconnecting";
  }

  #take(message) {
    this.askedAt = null;
    switch (message.t) {
      case "snapshot":
        this.#setClock(message.now);
        this.state = message.state;
        this.place = message.place;
        this.#arrived();
        break;
      case "welcome":
        this.#setClock(message.now);
        this.place = message.place;
        this.#arrived();
        break;
      case "place":
        this.place = message.place;
        this.changed();
        break;
      case "point":
        this.heard("point", message);
        break;
      case "pong":
        this.#setClock(message.now, Date.now() - this.pingedAt);
        if (this.state && message.v > this.state.version) this.#ask();
        break;
      case "event":
      case "skip":
        this.#apply(message);
        break;
      case "done":
        this.#answered(message.id)?.resolve(message.version);
        break;
      case "refused":
        this.#answered(message.id)?.reject(new Refused(message.reason));
        break;
      case "bye":
        this.farewell(message.reason);
        break;
    }
  }

  #apply(message) {
    if (!this.state || message.v <= this.state.version) return;
    if (message.v !== this.state.version + 1) {
      this.#ask();
      return;
    }
    const kind = message.t === "event" ? message.k : null;
    this.state = apply(this.state, message.v, kind, message.b ?? {});
    this.changed();
    if (kind !== null) this.heard(kind, message.b);
  }

  #ask() {
    this.socket.send(JSON.stringify({ t: "ask", version: this.state.version }));
  }

  /** The room and we agree on the state: live, and what was asked before is asked again under the same ids. */
  #arrived() {
    this.tries = 0;
    this.pingedAt = Date.now();
    if (this.connection !== "live") {
      this.connection = "live";
      this.#forgetOld(); // a device that wakes may be back before its next tick
      for (const { frame } of this.waiting.values()) this.socket.send(frame);
    }
    this.changed();
  }

  #answered(id) {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    return asked;
  }

  #forgetOld() {
    const now = Date.now();
    for (const [id, { at, reject }] of this.waiting) {
      if (now - at < COMMAND_LIVES) continue;
      this.waiting.delete(id);
      reject(new Refused(null));
    }
  }

  #refuseAll() {
    for (const { reject } of this.waiting.values()) reject(new Refused(null));
    this.waiting.clear();
  }

  #setClock(now, travelled = 0) {
    this.offset = Date.parse(now) - (Date.now() - travelled / 2);
  }

  /** The device's clock was set back by so much: what was noted by it lies as far back as before. */
  #setBack(by) {
    this.offset -= by;
    this.pingedAt += by;
    this.lostAt += by;
    if (this.askedAt) this.askedAt += by;
    for (const asked of this.waiting.values()) asked.at += by;
  }

  #show(connection) {
    if (connection === this.connection) return;
    this.connection = connection;
    this.changed();
  }

  #kick() {
    if (this.connection === "live") {
      if (document.visibilityState === "visible") this.#ping();
      return;
    }
    // Whoever signed in again in another tab comes back to this one; a wrong page stays wrong.
    const ended = Object.values(FINAL).includes(this.connection);
    if (ended && this.connection !== "signed_out") return;
    if (!ended) this.#show(this.#away());
    if ((this.retry || ended) && navigator.onLine !== false) {
      this.tries = 0;
      this.#open();
    }
  }

  #ping() {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.pingedAt = Date.now();
    this.askedAt ??= Date.now();
    this.socket.send(JSON.stringify({ t: "ping" }));
  }

  #tick() {
    const now = Date.now();
    const passed = now - this.tickedAt;
    this.tickedAt = now;
    if (passed < 0) this.#setBack(passed);
    const doubtful = passed < 0 || passed > LATE; // what our clock says
    this.#forgetOld();
    if (this.socket && this.askedAt && now - this.askedAt > ANSWER_WITHIN) this.#lost(1006);
    else if (this.connection === "live" && (doubtful || now - this.pingedAt > PING_EVERY)) this.#ping();
    else if (this.connection === "reconnecting") this.#show(this.#away());
  }
}

export function commandId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain HTTP on an office network has no randomUUID, but always this.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
