// Ballots on this device: kept before they are sent, so that neither a lost line nor a reload casts one twice or
// never. Of a secret one that was counted the receipt alone stays, until somebody signs out.

const PREFIX = "ballot:";
const SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"; // without lookalikes
const LENGTH = 26; // domain/ballot.py: RECEIPT_LENGTH; 127 bits
const beside = new Map(); // where the browser keeps nothing: until the page is left

/** A new receipt: random, every sign as likely as another. */
export function makeReceipt() {
  const fair = 256 - (256 % SIGNS.length);
  let receipt = "";
  while (receipt.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      if (byte < fair && receipt.length < LENGTH) receipt += SIGNS[byte % SIGNS.length];
    }
  }
  return receipt;
}

/** "ABCD EFGH …", to be read aloud and compared. */
export function inGroups(receipt) {
  return receipt.match(/.{1,4}/g).join(" ");
}

/** What is kept of an elector's ballot: {motion, id, args} while it is under way, {motion, receipt} once counted. */
export function kept(account, elector) {
  return read(key(account, elector));
}

export function keep(account, elector, ballot) {
  beside.set(key(account, elector), ballot);
  try {
    localStorage.setItem(key(account, elector), JSON.stringify(ballot));
  } catch {
    // Full or forbidden: the page itself remembers.
  }
}

export function forget(account, elector) {
  drop(key(account, elector));
}

/** The receipts of this account's counted ballots on one motion. */
export function receiptsOf(account, motion) {
  return keys()
    .filter((name) => name.startsWith(`${PREFIX}${account}:`))
    .map(read)
    .filter((ballot) => ballot?.motion === motion && ballot.receipt)
    .map((ballot) => ballot.receipt);
}

/** This account's ballots on one motion that are still under way: [{elector, ballot}]. */
export function underWay(account, motion) {
  const mine = `${PREFIX}${account}:`;
  return keys()
    .filter((name) => name.startsWith(mine))
    .map((name) => ({ elector: Number(name.slice(mine.length)), ballot: read(name) }))
    .filter(({ ballot }) => ballot?.motion === motion && ballot.args);
}

/** Somebody signed out: nothing of how they voted stays. */
export function forgetBallots() {
  keys().forEach(drop);
}

function key(account, elector) {
  return `${PREFIX}${account}:${elector}`;
}

function keys() {
  let stored = [];
  try {
    stored = Object.keys(localStorage);
  } catch {
    // Forbidden: nothing is stored.
  }
  return [...new Set([...stored, ...beside.keys()])].filter((name) => name.startsWith(PREFIX));
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? beside.get(name) ?? null;
  } catch {
    return beside.get(name) ?? null;
  }
}

function drop(name) {
  beside.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // Forbidden: nothing was stored.
  }
}
