// What matters now, out of the state and the room's clock alone: a screen turned on in between shows the same.

const RESULT_STAYS = 60000; // ms after the closing, unless the meeting moves on before
const MESSAGE_STAYS = 45000;
const OVER = ["closed", "recorded", "cancelled"];

/** {name, …what it is about}: the one thing to show large at `now` (ms). */
export function sceneOf(state, now) {
  const { meeting } = state;
  const motions = state.motions ?? [];
  const open = motions.find((motion) => motion.state === "open");
  const item = state.items.find((each) => each.state === "current") ?? null;
  if (OVER.includes(meeting.state)) return { name: "over" };
  if (open) return { name: "vote", motion: open };
  const result = freshResult(state, now);
  if (meeting.state === "paused") return result ? { name: "result", motion: result } : { name: "paused", item };
  if (meeting.state !== "running") return { name: "welcome" };
  const called = motions.find((motion) => motion.state === "called");
  if (called) return { name: "called", motion: called };
  if (result) return { name: "result", motion: result };
  const floor = state.floor ?? [];
  // A point of order speaks while the speech it breaks into stands.
  const turn = floor.find((each) => each.state === "speaking") ?? floor.find((each) => each.state === "paused");
  if (turn) return { name: "floor", turn, item };
  if (item) return { name: "item", item };
  return { name: "between", item: state.items.find((each) => each.state === "waiting") ?? null };
}

/** The motion closed last, while nothing has happened since. */
function freshResult(state, now) {
  let last = null;
  for (const motion of state.motions ?? []) {
    if (motion.state === "closed" && motion.result && (!last || motion.closed_at > last.closed_at)) last = motion;
  }
  if (!last) return null;
  const closed = Date.parse(last.closed_at);
  if (now - closed > RESULT_STAYS) return null;
  return movedOn(state, closed) ? null : last;
}

function movedOn({ meeting, items, motions, floor }, since) {
  const moments = [meeting.paused_at, ...items.flatMap((item) => [item.started_at, item.finished_at])];
  moments.push(...motions.flatMap((motion) => [motion.called_at, motion.opened_at]));
  moments.push(...(floor ?? []).map((turn) => turn.started_at));
  return moments.some((moment) => moment && Date.parse(moment) > since);
}

/** The newest message to everybody, while it is fresh. */
export function messageOf(state, now) {
  let last = null;
  for (const message of state.messages ?? []) {
    if (message.attendee_id === null && (!last || message.at >= last.at)) last = message;
  }
  return last && now - Date.parse(last.at) < MESSAGE_STAYS ? last : null;
}

/** Milliseconds a speaker has left; the clock stands while the turn is paused. */
export function speakingTime(turn, now) {
  const until = turn.paused_at ? Date.parse(turn.paused_at) : now;
  return turn.seconds * 1000 - (until - Date.parse(turn.started_at) - (turn.paused_seconds ?? 0) * 1000);
}
