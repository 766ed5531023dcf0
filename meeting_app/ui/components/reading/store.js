// Papers taken along: kept on this device for one account, read when the network or the server is gone.
//
// Where the browser offers its Cache (https, localhost) they survive a reload; elsewhere they are held
// in memory while the page stays open. What was withdrawn is let go at once, here and in the browser's
// own cache of addresses.

const PREFIX = "papers-"; // + account
const INDEX = "/offline/index.json"; // an address only this cache knows
const AT_ONCE = 6; // requests
const OURS_NO_MORE = [401, 403, 404, 410];

let current = null;

/** The store of this account; papers of any other account on this device are let go. */
export function storeOf(account) {
  if (current?.account !== account) current = new Store(account);
  return current;
}

/** Ask the server, or the papers taken along. */
export async function fetched(address) {
  const kept = await current?.answer(address);
  return kept ?? fetch(address);
}

/** Let everything go: somebody signed out. */
export async function forgetEverything() {
  if (!globalThis.caches) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map((name) => caches.delete(name)));
}

/** Whose papers lie on this device, for a page that cannot ask the server; null when there are none. */
export async function accountHere() {
  const name = globalThis.caches ? (await caches.keys()).find((each) => each.startsWith(PREFIX)) : null;
  return name ? name.slice(PREFIX.length) : null;
}

export class Store {
  constructor(account) {
    this.account = account;
    this.addresses = new Set();
    this.memory = new Map(); // address -> Blob, where there is no Cache
    this.meetings = []; // {id, title, documents, width, whole}
    this.ready = this.#open();
  }

  has(address) {
    return this.addresses.has(address);
  }

  /** Whether every page of a document lies here. */
  holds(documentId) {
    return this.meetings.some((meeting) => meeting.whole && meeting.documents.some((each) => each.id === documentId));
  }

  async get(address) {
    if (this.memory.has(address)) return this.memory.get(address);
    const answer = await this.cache?.match(address);
    return answer ? answer.blob() : null;
  }

  async answer(address) {
    if (!this.has(address)) return null;
    if (this.memory.has(address)) return new Response(this.memory.get(address));
    return (await this.cache?.match(address)) ?? null;
  }

  /**
   * Load papers ahead: {id, title, documents}, at the width this device shows; `addressesOf(document, width)`
   * names all of a document. `progress(done, of)`; an aborted signal stops it, what is here stays here.
   */
  async keep(meeting, { width, addressesOf, progress, signal }) {
    await this.ready;
    const wanted = meeting.documents.flatMap((document) => addressesOf(document, width));
    const missing = wanted.filter(({ address }) => !this.has(address));
    let done = wanted.length - missing.length;
    let lost = 0;
    progress(done, wanted.length);
    await this.#note({ ...meeting, width, whole: false });
    const work = async () => {
      while (missing.length > 0 && !signal.aborted) {
        const { address, needed } = missing.shift();
        if (!(await this.#take(address, signal)) && needed) lost += 1;
        done += 1;
        progress(done, wanted.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const whole = !signal.aborted && lost === 0;
    await this.#note({ ...meeting, width, whole });
    return whole;
  }

  /** A meeting's documents as they are now: those no longer named, or changed since, are let go. */
  async only(meetingId, documents) {
    await this.ready;
    const meeting = this.meetings.find((each) => each.id === meetingId);
    if (!meeting) return;
    const named = new Map(documents.map((each) => [each.id, each.sha]));
    for (const document of meeting.documents) {
      if (named.get(document.id) !== document.sha) await this.withdraw(document.id);
    }
  }

  /** A document was withdrawn, or is not ours any more: it goes from the browser's own cache as well. */
  async withdraw(documentId) {
    await evictAll(await this.forget(documentId));
  }

  /** Let a document go; returns the addresses that lay here. */
  async forget(documentId) {
    await this.ready;
    const gone = [];
    const beginnings = [`/pages/${documentId}/`, `/prepared/${documentId}/`];
    for (const address of [...this.addresses]) {
      if (!beginnings.some((each) => address.startsWith(each))) continue;
      gone.push(address);
      this.addresses.delete(address);
      this.memory.delete(address);
      await this.cache?.delete(address);
    }
    for (const meeting of this.meetings) meeting.documents = meeting.documents.filter((each) => each.id !== documentId);
    await this.#write();
    return gone;
  }

  /** Papers of a meeting that are no longer wanted here. */
  async drop(meetingId) {
    await this.ready;
    const meeting = this.meetings.find((each) => each.id === meetingId);
    for (const document of meeting?.documents ?? []) await this.forget(document.id);
    this.meetings = this.meetings.filter((each) => each.id !== meetingId);
    await this.#write();
  }

  async clear() {
    await this.ready;
    this.addresses.clear();
    this.memory.clear();
    this.meetings = [];
    if (this.cache) await caches.delete(PREFIX + this.account);
  }

  /** Ask the server whether each document is still ours; without it nothing is known and nothing is let go. */
  async check() {
    await this.ready;
    for (const document of this.meetings.flatMap((meeting) => meeting.documents)) {
      const status = await statusOf(`/pages/${document.id}/${document.sha}/0/200.jpg`);
      if (status === 0) return;
      if (status === 401) return this.clear();
      if (OURS_NO_MORE.includes(status)) await this.withdraw(document.id);
    }
  }

  async #open() {
    if (!globalThis.caches) return;
    try {
      const mine = PREFIX + this.account;
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== mine).map((name) => caches.delete(name)));
      if (!names.includes(mine)) return;
      this.cache = await caches.open(mine);
      for (const { url } of await this.cache.keys()) this.addresses.add(url.slice(location.origin.length));
      this.addresses.delete(INDEX);
      this.meetings = (await (await this.cache.match(INDEX))?.json()) ?? [];
    } catch {
      this.cache = null; // Forbidden here: memory has to do.
    }
  }

  async #note(meeting) {
    if (globalThis.caches) this.cache ??= await caches.open(PREFIX + this.account).catch(() => null);
    this.meetings = [...this.meetings.filter((each) => each.id !== meeting.id), meeting];
    await this.#write();
  }

  async #write() {
    await this.cache?.put(INDEX, new Response(JSON.stringify(this.meetings)));
  }

  /** Whether an address lies here now. Throws when the device is full. */
  async #take(address, signal) {
    let answer;
    try {
      answer = await fetch(address, { signal });
      if (!answer.ok) return false;
      answer = new Response(await answer.blob(), { headers: { "Content-Type": answer.headers.get("Content-Type") ?? "" } });
    } catch {
      return false;
    }
    if (this.cache) await this.cache.put(address, answer);
    else this.memory.set(address, await answer.blob());
    this.addresses.add(address);
    return true;
  }
}

/** Take a document's pages out of the browser's own cache as well: asked anew, the server refuses them. */
export function evict({ id, sha, pages }, widths) {
  const addresses = Array.from({ length: pages }, (_, page) => [200, ...widths].map((width) => `/pages/${id}/${sha}/${page}/${width}.jpg`)).flat();
  return evictAll(addresses);
}

async function evictAll(addresses) {
  const work = async () => {
    for (let address = addresses.pop(); address; address = addresses.pop()) {
      try {
        const cached = await fetch(address, { cache: "only-if-cached", mode: "same-origin" });
        if (cached.ok) await fetch(address, { cache: "reload" });
      } catch {
        // It was not there, or the server is away: then it is asked for again before it is shown.
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** 0 when the server was not reached. */
export async function statusOf(address) {
  try {
    return (await fetch(address, { method: "HEAD", cache: "no-store" })).status;
  } catch {
    return 0;
  }
}
