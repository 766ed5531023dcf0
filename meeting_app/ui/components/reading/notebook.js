// What I write on one document, and what others share with me on it: kept on this device first, sent by the
// outbox, read again from the server. Ids are made here, so that nothing is ever there twice.

import { Outbox } from "./outbox.js";
import { kept, keep } from "./notebook_store.js";

const KIND = "annotation";
const REST = 800; // ms between two looks at the server
const outboxes = new Map(); // account -> Outbox

export class Notebook {
  /** `changed(page, added)` is called after each change, `page` null when all may have; `told(sentence)` when one is refused. */
  constructor({ account, changed, told }) {
    Object.assign(this, { account, changed, told });
    this.own = new Map(); // id -> annotation
    this.shared = new Map();
    this.document = null;
    this.fading = new Set();
    this.undone = [];
    this.done = []; // {back: [changes], again: [changes]}
    this.outbox = outboxOf(account);
    this.outbox.serve(KIND, { send: (body) => this.#send(body) });
    this.look = () => document.visibilityState === "visible" && this.refresh();
    addEventListener("online", this.look);
    document.addEventListener("visibilitychange", this.look);
  }

  close() {
    removeEventListener("online", this.look);
    document.removeEventListener("visibilitychange", this.look);
    this.document = null;
  }

  /** Lay another document before me, {id, version_id}; null for none. */
  async open(source) {
    const { id, version_id: version } = source ?? {};
    if (this.document?.id === id && this.document?.version === version) return;
    this.document = version ? { id, version } : null;
    this.changes = 0;
    this.undone = [];
    this.done = [];
    this.own = new Map();
    this.shared = new Map();
    this.changed(null);
    if (!this.document) return;
    const opened = this.document;
    const held = await kept(this.account, version);
    if (this.document !== opened) return;
    if (held) await this.#take(held, { all: true });
    await this.refresh();
  }

  /** All that is to be seen on a page, one's own above. */
  of(page) {
    const all = [...this.shared.values(), ...this.own.values()];
    return all.filter((each) => each.page === page && !each.removed && !this.fading.has(each.id));
  }

  /** What the eraser has touched so far is gone from sight, and removed when it lifts. */
  fade(ids, page) {
    this.fading = new Set(ids);
    this.changed(page);
  }

  get mine() {
    return [...this.own.values()].filter((each) => !each.removed);
  }

  write({ page, kind, colour, body }) {
    const id = newId();
    const change = { act: "write", id, page, kind, colour, body };
    this.#do([change], [{ act: "remove", id }], [{ act: "restore", id }]);
    return id;
  }

  remove(ids) {
    if (ids.length === 0) return;
    const back = ids.map((id) => ({ act: "restore", id }));
    this.#do(ids.map((id) => ({ act: "remove", id })), back);
  }

  /** Other words, another colour. */
  change(id, values) {
    const before = this.own.get(id);
    if (!before) return;
    const old = Object.fromEntries(Object.keys(values).map((name) => [name, before[name]]));
    this.#do([{ act: "change", id, ...values }], [{ act: "change", id, ...old }]);
  }

  /** With everybody, with these attendees, or (both empty) with nobody any more. Not undone by the pen's undo. */
  share(ids, { everyone, people }) {
    this.#queue(ids.map((id) => ({ act: "share", id, everyone, people })));
  }

  undo() {
    const step = this.done.pop();
    if (!step) return;
    this.undone.push(step);
    this.#queue(step.back);
  }

  redo() {
    const step = this.undone.pop();
    if (!step) return;
    this.done.push(step);
    this.#queue(step.again);
  }

  /** Read what is new; several wishes at once are one. */
  refresh() {
    if (!this.document) return Promise.resolve();
    this.wanted = true;
    this.reading ??= this.#read().finally(() => (this.reading = null));
    return this.reading;
  }

  async #read() {
    while (this.wanted && this.document) {
      this.wanted = false;
      const opened = this.document;
      const unsent = await this.#unsent();
      const answer = await asked(`/annotations/${opened.id}?version=${opened.version}&after=${this.changes}`);
      if (answer && this.document === opened) await this.#take(answer, { unsent, all: this.changes === 0 });
      if (this.wanted) await new Promise((resolve) => setTimeout(resolve, REST));
    }
  }

  /** The server's word, and over it what it was not told yet. */
  async #take({ changes, own, shared }, { unsent = [], all }) {
    if (all) this.own = new Map();
    for (const each of own) {
      if (each.removed && this.own.has(each.id)) this.own.get(each.id).removed = true;
      else if (!each.removed) this.own.set(each.id, each);
    }
    this.shared = new Map(shared.map((each) => [`shared-${each.id}`, { ...each, id: `shared-${each.id}` }]));
    this.changes = changes;
    const late = await this.#unsent();
    for (const change of [...unsent, ...late]) this.#apply(change);
    this.#hold();
    this.changed(null);
  }

  async #unsent() {
    const bodies = await this.outbox.unsent(KIND);
    return bodies.filter((body) => body.version_id === this.document?.version).flatMap((body) => body.changes);
  }

  #do(changes, back, again = changes) {
    this.done.push({ back, again });
    this.undone = [];
    this.#queue(changes);
  }

  #queue(changes) {
    if (!this.document || changes.length === 0) return;
    const pages = new Set();
    for (const change of changes) {
      this.#apply(change);
      const annotation = this.own.get(change.id);
      if (change.act === "write") this.changed(annotation.page, annotation);
      else pages.add(annotation?.page ?? null);
    }
    for (const page of pages) this.changed(page);
    const { id, version } = this.document;
    this.outbox.queue(KIND, { document_id: id, version_id: version, changes });
    this.#hold();
  }

  #apply({ act, id, ...values }) {
    const before = this.own.get(id);
    if (act === "write") {
      if (!before) this.own.set(id, { id, everyone: false, people: [], at: new Date().toISOString(), ...values });
      return;
    }
    if (!before) return;
    if (act === "remove" || act === "restore") before.removed = act === "remove";
    else Object.assign(before, values);
  }

  async #send({ document_id: documentId, version_id, changes }) {
    const answer = await posted(`/annotations/${documentId}`, { version_id, changes });
    const sentences = (answer.content?.outcomes ?? []).map((each) => each.sentence).filter(Boolean);
    if (!answer.ok && answer.content?.sentence && ![0, 401].includes(answer.status)) sentences.push(answer.content.sentence);
    if (sentences.length > 0) {
      this.told(sentences[0]);
      this.changes = 0; // what is shown must be what is kept
      setTimeout(() => this.refresh());
    }
    return answer;
  }

  /** On this device, for when it is opened without a network. */
  #hold() {
    clearTimeout(this.holding);
    const { account, document: opened } = this;
    this.holding = setTimeout(() => {
      if (this.document !== opened || !opened) return;
      keep(account, opened.version, { changes: this.changes, own: this.mine, shared: [...this.shared.values()].map((each) => ({ ...each, id: each.id.slice(7) })) });
    }, 400);
  }
}

export function outboxOf(account) {
  if (!outboxes.has(account)) outboxes.set(account, new Outbox(account));
  return outboxes.get(account);
}

async function asked(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function posted(path, content) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) });
  } catch {
    return { ok: false, status: 0, content: null };
  }
  return { ok: answer.ok, status: answer.status, content: await answer.json().catch(() => null) };
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain HTTP on an office network has no randomUUID, but always this.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
