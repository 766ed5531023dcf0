// Notebooks on this device, one for each person and version: what was written is seen again without a network.

const NAME = "meeting-notebooks";
const STORE = "notebooks";
const MOST = 60; // notebooks kept

let opening = null;

export async function kept(account, version) {
  const found = await acting("readonly", (store) => store.get(`${account}/${version}`));
  return found?.book ?? null;
}

export async function keep(account, version, book) {
  await acting("readwrite", (store) => store.put({ key: `${account}/${version}`, account, at: Date.now(), book }));
  const all = (await acting("readonly", (store) => store.getAll())) ?? [];
  // Another person's notebook has no business on this device any more, and the oldest give way.
  const old = all.toSorted((a, b) => b.at - a.at).filter((each, place) => each.account !== account || place >= MOST);
  for (const each of old) await acting("readwrite", (store) => store.delete(each.key));
}

/** Let all of them go: somebody signed out. */
export function forgetNotebooks() {
  return acting("readwrite", (store) => store.clear());
}

async function acting(mode, act) {
  opening ??= opened();
  const database = await opening;
  if (!database) return null;
  return new Promise((resolve) => {
    try {
      const asking = act(database.transaction(STORE, mode).objectStore(STORE));
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

function opened() {
  return new Promise((resolve) => {
    if (!globalThis.indexedDB) return resolve(null);
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore(STORE, { keyPath: "key" });
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = asking.onblocked = () => resolve(null);
  });
}
