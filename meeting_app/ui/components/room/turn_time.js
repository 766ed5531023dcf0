// How long somebody has spoken, and who stands where on the floor: the rules of domain/turn.py as the tablets draw them.

/** Milliseconds a turn has left at `now`; while it is paused, or the meeting, its clock stands. */
export function turnLeft(turn, meeting, now) {
  return turn.seconds * 1000 - turnSpent(turn, meeting, now);
}

/** Milliseconds somebody has spoken. */
export function turnSpent(turn, meeting, now) {
  if (!turn.started_at) return 0;
  const stopped = turn.ended_at ?? turn.paused_at ?? meeting.paused_at;
  const until = stopped ? Date.parse(stopped) : now;
  return Math.max(0, until - Date.parse(turn.started_at) - turn.paused_seconds * 1000);
}

/** The floor of a state, in the order to be called: {speaker, paused, waiting, done}. */
export function standing(state) {
  const floor = state?.floor ?? [];
  const of = (name) => floor.filter((each) => each.state === name);
  return { speaker: of("speaking")[0] ?? null, paused: of("paused"), waiting: of("waiting"), done: of("done") };
}

/** Whose turn it is to look at: who speaks, else who was paused. */
export function onTheFloor(state) {
  const { speaker, paused } = standing(state);
  return speaker ?? paused.find((each) => each.kind === "order") ?? paused[0] ?? null;
}

export function person(state, id) {
  return state.attendees.find((each) => each.id === id) ?? null;
}

export function nameOf(state, id) {
  return person(state, id)?.name ?? "";
}
