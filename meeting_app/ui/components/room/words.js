// Sentences and times as the office says them; the sentences themselves come from the server.

const ZONE = "Asia/Ho_Chi_Minh";
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "numeric", minute: "2-digit", hour12: false });

export class Words {
  constructor(texts) {
    this.texts = texts;
  }

  /** The sentence of this name, its {places} filled. */
  say(name, values = {}) {
    return (this.texts[name] ?? name).replace(/\{(\w+)\}/g, (place, key) => String(values[key] ?? place));
  }

  /** "8 giờ 30" */
  hour(iso) {
    const parts = Object.fromEntries(clock.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
    return this.say("hour", { hour: String(Number(parts.hour) % 24), minute: parts.minute });
  }

  /** "còn 14 phút", from milliseconds; below zero the time is over. */
  left(milliseconds) {
    const minutes = Math.floor(Math.abs(milliseconds) / 60000);
    if (milliseconds < 0) return minutes < 1 ? this.say("just_over") : this.say("over", { minutes });
    return minutes < 1 ? this.say("under_a_minute") : this.say("left", { minutes });
  }
}

/** "13:42", from milliseconds, without a sign. */
export function digits(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const minutes = Math.floor(seconds / 60);
  const clockwise = [minutes % 60, seconds % 60].map((number) => String(number).padStart(2, "0")).join(":");
  return minutes < 60 ? clockwise : `${Math.floor(minutes / 60)}:${clockwise}`;
}

/** Milliseconds an item has left at `now`; while the meeting is paused its clock stands. */
export function timeLeft(item, meeting, now) {
  const until = meeting.paused_at ? Date.parse(meeting.paused_at) : now;
  const spent = until - Date.parse(item.started_at) - item.paused_seconds * 1000;
  return item.minutes * 60000 - Math.max(0, spent);
}
