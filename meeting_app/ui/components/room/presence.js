// How one person stands to the meeting: in the room, online, late, gone, absent, still to come. Each has its sign
// and its words, so that nothing is told by a colour alone.

export const SIGNS = { room: "✓", online: "◉", left: "→", absent: "✕", waiting: "…" };

/** Whether somebody is here now, in the room or online. */
export function isPresent(attendee) {
  return Boolean(attendee?.checked_in_at) && !attendee.left_at;
}

export function isLate(attendee, meeting) {
  if (!attendee.checked_in_at || !meeting.opened_at) return false;
  return Date.parse(attendee.checked_in_at) > Date.parse(meeting.opened_at);
}

/** "room", "online", "left", "absent" or "waiting"; `reply` is known at the desk alone. */
export function stateOf(attendee, reply) {
  if (isPresent(attendee)) return attendee.place === "online" ? "online" : "room";
  if (attendee.left_at) return "left";
  return attendee.delegate_id || reasonOf(reply) ? "absent" : "waiting";
}

/** Why somebody is absent, as the desk knows it. */
export function reasonOf(reply) {
  return reply?.absence_reason || (reply?.reply === "declined" ? reply.reason : "");
}

/** How many are where; who represents somebody counts as themselves. */
export function counted(attendees, meeting, replies) {
  const counts = { all: attendees.length, present: 0, room: 0, online: 0, late: 0, guests: 0, absent: 0, left: 0, waiting: 0 };
  for (const attendee of attendees) {
    const state = stateOf(attendee, replies.get(attendee.id));
    counts[state] += 1;
    if (!isPresent(attendee)) continue;
    counts.present += 1;
    if (attendee.role === "guest") counts.guests += 1;
    if (isLate(attendee, meeting)) counts.late += 1;
  }
  return counts;
}

/** The state in words: "Có mặt từ 8 giờ 05, đến muộn". */
export function inWords(room, attendee, reply) {
  const { words } = room;
  const { meeting, attendees } = room.state;
  const hour = (iso) => words.hour(iso);
  const late = isLate(attendee, meeting) ? ` · ${words.say("came_late")}` : "";
  const name = (id) => attendees.find((each) => each.id === id)?.name ?? "";
  switch (stateOf(attendee, reply)) {
    case "room":
      return words.say("present_since", { hour: hour(attendee.checked_in_at) }) + late;
    case "online":
      return words.say("online_since", { hour: hour(attendee.checked_in_at) }) + late;
    case "left":
      return words.say("left_at", { hour: hour(attendee.left_at) }) + late;
    case "absent": {
      const reason = reasonOf(reply);
      const said = reason ? [words.say("absent_because", { reason })] : [];
      if (attendee.delegate_id) said.push(words.say("represented_by", { name: name(attendee.delegate_id) }));
      return said.join(" · ");
    }
    default:
      return words.say("not_here");
  }
}

/** Lower case without accents, so that "hung" finds "Hùng". */
export function plain(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
}

const indexes = new WeakMap(); // rows -> {field -> Map}

/** Rows of the state by one of their fields; made once for each list, which never changes but is replaced. */
export function by(field, rows = []) {
  if (!indexes.has(rows)) indexes.set(rows, {});
  const made = indexes.get(rows);
  made[field] ??= new Map(rows.filter((each) => each[field] !== null).map((each) => [each[field], each]));
  return made[field];
}
