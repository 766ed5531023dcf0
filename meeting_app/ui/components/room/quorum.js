// Who could vote if a motion opened now, and how many must: the arithmetic of domain/voting.py and
// domain/ballot.py; the tests play both against each other. The house decides, this only shows.

import { isPresent } from "./presence.js";

/** How many of `whole` make this fraction: more than it (`strict`), or at least it; never nobody. */
export function need(whole, { numerator, denominator, strict = false }) {
  const rest = (whole * numerator) % denominator;
  const floor = (whole * numerator - rest) / denominator;
  return Math.max(1, strict || rest ? floor + 1 : floor);
}

export function isEntitled(attendee) {
  return attendee.votes && attendee.role !== "guest" && attendee.stands_for === null;
}

/** [whose vote, who casts it]: oneself when present, else a delegate where the motion allows it. */
export function electors(attendees, proxies) {
  const byId = new Map(attendees.map((each) => [each.id, each]));
  const found = [];
  for (const attendee of attendees) {
    if (!isEntitled(attendee)) continue;
    const delegate = proxies && attendee.delegate_votes ? byId.get(attendee.delegate_id) : null;
    if (isPresent(attendee)) found.push([attendee, attendee]);
    else if (isPresent(delegate)) found.push([attendee, delegate]);
  }
  return found;
}

/** {present, need, all, reached}; "at least" the meeting's fraction of all who are entitled. */
export function quorum({ meeting, attendees }, proxies = false) {
  const all = attendees.filter(isEntitled).length;
  const fraction = meeting.quorum ?? { numerator: 2, denominator: 3 };
  const least = need(all, { ...fraction, strict: false });
  const present = electors(attendees, proxies).length;
  return { present, need: least, all, reached: present >= least };
}

/** Votes that carry a motion: as frozen at its opening, else as they would be now; null while it depends on the ballots. */
export function needed(motion, now) {
  if (motion.need !== null && motion.need !== undefined) return motion.need;
  const whole = { present: now.present, all: now.all, cast: null }[motion.base];
  return whole === null ? null : need(whole, motion);
}
