// Whether the server can be reached, as the reader sees it: told by what failed, asked until it answers.

const FIRST_WAIT = 1000; // ms, doubled with every failed try
const LONGEST_WAIT = 10000;

export class Connection {
  constructor(changed) {
    this.changed = changed;
    this.reachable = true;
    this.tries = 0;
    this.online = () => this.#ask();
    this.offline = () => this.lost();
    addEventListener("online", this.online);
    addEventListener("offline", this.offline);
    if (navigator.onLine === false) this.lost();
  }

  /** Something did not come. */
  lost() {
    if (this.reachable) {
      this.reachable = false;
      this.changed(false);
    }
    this.retry ??= setTimeout(() => this.#ask(), Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries));
  }

  /** Somebody says that something did not come: ask before it is believed. */
  doubt() {
    if (this.reachable) this.#look();
  }

  close() {
    clearTimeout(this.retry);
    removeEventListener("online", this.online);
    removeEventListener("offline", this.offline);
  }

  async #ask() {
    clearTimeout(this.retry);
    this.retry = null;
    if (this.reachable) return;
    this.tries += 1;
    await this.#look();
  }

  async #look() {
    try {
      const answer = await fetch("/health", { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      this.lost();
      return;
    }
    this.tries = 0;
    if (this.reachable) return;
    this.reachable = true;
    this.changed(true);
  }
}
