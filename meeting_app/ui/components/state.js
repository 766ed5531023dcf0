// The state of a meeting on this tablet: a snapshot with all later events applied.
// The rule is the one of domain/event.py; the tests play both against each other.

const NEWS = new Set(["annotations", "ballots"]); // something to look at, not a part of the state
const LISTS = new Set([
  ...["items", "attendees", "documents", "conclusions", "replies", "motions", "ready", "electors"],
  ...["floor", "messages", "help", "seats", "screens"],
]);

/** The state after one event; kind null is an event of a channel this tablet does not hear. */
export function apply(state, version, kind, body) {
  const after = { ...state, version };
  if (kind === null || NEWS.has(kind)) return after;
  if (LISTS.has(kind)) {
    after[kind] = merged(state[kind] ?? [], body[kind] ?? [], body.gone ?? [], body.order ?? null);
    if (kind === "documents") after[kind].sort((one, other) => one.id - other.id); // one put back stands where it stood
  } else {
    after[kind] = { ...(state[kind] ?? {}), ...body };
  }
  return after;
}

const FEW = 8; // changed rows, up to which no map of all rows is worth its making

function merged(rows, changed, gone, order) {
  if (order === null && gone.length === 0 && changed.length <= FEW) return put([...rows], changed);
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const row of changed) byId.set(row.id, row);
  for (const id of gone) byId.delete(id);
  if (order !== null) return order.filter((id) => byId.has(id)).map((id) => byId.get(id));
  return [...byId.values()];
}

/** Rows that are there keep their place, new ones come last. */
function put(rows, changed) {
  for (const row of changed) {
    const place = rows.findIndex((each) => each.id === row.id);
    if (place < 0) rows.push(row);
    else rows[place] = row;
  }
  return rows;
}
