// What is written while the server is away: kept on this device, sent later in its order, each once.
//
//   const outbox = new Outbox(account);
//   outbox.serve("annotation", { path: "/annotations" });     // POST of the body as JSON
//   const id = await outbox.queue("annotation", { …, id });   // kept first, sent as soon as possible
//   outbox.waiting                                            // how many are still here
//   outbox.onchange = (waiting) => …;  outbox.onrefused = (entry, sentence) => …
//
// Every body carries an id made here: the server does the same id once and answers it again. What the
// server refuses (4xx) is given to `onrefused` and not sent again; what did not reach it stays in its
// place, and whatever comes after it waits. Entries belong to one account and are sent only as that one.

const NAME = "meeting-outbox";
const STORE = "entries";
const FIRST_WAIT = 1000; // ms after a failed try, doubled each time
const LONGEST_WAIT = 30000;
const SIGNED_OUT = 401;

export class Outbox {
  constructor(account) {
    this.account = account;
    this.kinds = new Map();
    this.tries = 0;
    this.waiting = 0;
    this.database = opened();
    this.kick = () => {
      this.tries = 0;
      this.flush();
    };
    for (const name of ["online", "pageshow"]) addEventListener(name, this.kick);
  }

  /** Where entries of a kind go: {path}, or {send(body)} that resolves to {ok, status, content}. */
  serve(kind, way) {
    this.kinds.set(kind, way);
    this.flush();
  }

  /** Keep an entry and send it when its turn comes; resolves to its id once it is kept. */
  async queue(kind, body) {
    const id = body.id ?? newId();
    const entry = { kind, account: this.account, body: { ...body, id }, at: Date.now() };
    await this.#keep(entry);
    this.flush();
    return id;
  }

  /** The bodies of a kind that the server does not have yet, oldest first. */
  async unsent(kind) {
    return (await this.#entries()).filter((entry) => entry.kind === kind).map((entry) => entry.body);
  }

  /** Send what waits, one after the other; one round at a time, also over several windows. */
  flush() {
    this.rounds = (this.rounds ?? Promise.resolve()).then(() => alone(() => this.#round())).catch(() => {});
    return this.rounds;
  }

  close() {
    clearTimeout(this.retry);
    for (const name of ["online", "pageshow"]) removeEventListener(name, this.kick);
  }

  async #round() {
    clearTimeout(this.retry);
    for (const entry of await this.#entries()) {
      const way = this.kinds.get(entry.kind);
      if (!way) continue;
      const answer = await (way.send ?? ((body) => post(way.path, body)))(entry.body);
      if (!answer.ok && (answer.status === 0 || answer.status === SIGNED_OUT || answer.status === 429 || answer.status >= 500)) {
        if (answer.status !== SIGNED_OUT) this.#later();
        break;
      }
      await this.#drop(entry);
      if (!answer.ok) this.onrefused?.(entry, answer.content?.sentence ?? null);
      else this.onsent?.(entry, answer.content);
      this.tries = 0;
    }
    await this.#count();
  }

  #later() {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
    this.tries += 1;
    this.retry = setTimeout(() => this.flush(), wait * (0.5 + Math.random() / 2));
  }

  async #keep(entry) {
    const database = await this.database;
    if (database) entry.key = await asked(database.transaction(STORE, "readwrite").objectStore(STORE).add(entry));
    else memory.push(entry);
    await this.#count();
  }

  async #drop(entry) {
    const database = await this.database;
    if (database) await asked(database.transaction(STORE, "readwrite").objectStore(STORE).delete(entry.key));
    else memory.splice(memory.indexOf(entry), 1);
  }

  async #entries() {
    const database = await this.database;
    const all = database ? await asked(database.transaction(STORE).objectStore(STORE).getAll()) : [...memory];
    return all.filter((entry) => entry.account === this.account);
  }

  async #count() {
    this.waiting = (await this.#entries()).length;
    this.onchange?.(this.waiting);
  }
}

const memory = []; // where the browser keeps nothing: while the page stays open

function opened() {
  return new Promise((resolve) => {
    if (!globalThis.indexedDB) return resolve(null);
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore(STORE, { keyPath: "key", autoIncrement: true });
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = asking.onblocked = () => resolve(null);
  });
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Two windows of one person must not send the same entry: whoever is second waits. */
function alone(act) {
  return navigator.locks ? navigator.locks.request(NAME, act) : act();
}

async function post(path, body) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    return { ok: false, status: 0, content: null };
  }
  const content = await answer.json().catch(() => null);
  return { ok: answer.ok, status: answer.status, content };
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
