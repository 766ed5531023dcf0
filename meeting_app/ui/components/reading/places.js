// Where somebody was in each document, kept on this device.

const NAME = "reading-places";
const MOST = 300; // documents remembered

export class Places {
  constructor() {
    this.places = read();
  }

  of(key) {
    return this.places[key]?.page ?? 0;
  }

  put(key, page) {
    this.places[key] = { page, at: Date.now() };
    this.#write();
  }

  #write() {
    const latest = Object.entries(this.places).sort(([, a], [, b]) => b.at - a.at).slice(0, MOST);
    try {
      localStorage.setItem(NAME, JSON.stringify(Object.fromEntries(latest)));
    } catch {
      // Full, or forbidden: it is remembered while the page stays open.
    }
  }
}

export function forgetPlaces() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // Nothing was kept.
  }
}

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? "{}");
    return typeof found === "object" && found !== null && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}
