// Which approved motion comes next, and the others, each called by one touch as well.

import { el, keyed, setText } from "./dom.js";

const MOST = 3; // in the panel; the button below leads to all

/** The approved motion to call now: one about what is being discussed, else the first of the list. */
export function suggested(state) {
  const approved = (state.motions ?? []).filter((each) => each.state === "approved");
  return approved.find((each) => aboutCurrent(state, each)) ?? approved[0] ?? null;
}

export function aboutCurrent(state, motion) {
  return state.items.some((item) => item.state === "current" && item.id === motion.item_id);
}

/** Whether a motion can be called now: one at a time is before the meeting. */
export function callable(state) {
  return state.meeting.state === "running" && !(state.motions ?? []).some((each) => ["called", "open"].includes(each.state));
}

/** What else is approved, below the motion that is suggested. */
export class OtherMotions {
  constructor(room, call) {
    this.room = room;
    this.call = call;
    this.list = el("ul", { class: "other-list" });
    const heading = el("p", { class: "tag", text: room.words.say("motion_others") });
    this.node = el("div", { class: "motion-others", hidden: true }, heading, this.list);
  }

  draw(motion) {
    const { state, words } = this.room;
    const others = callable(state) ? state.motions.filter((each) => each.state === "approved" && each.id !== motion?.id) : [];
    this.node.hidden = others.length === 0;
    keyed(this.list, others.slice(0, MOST), () => this.#createRow(), (row, each) => {
      row.motion = each;
      setText(row.heading, `${state.motions.indexOf(each) + 1}. ${each.title}`);
      row.press.setAttribute("aria-label", words.say("vote_call_label", { title: each.title }));
    });
  }

  #createRow() {
    const row = el("li", { class: "other" });
    row.heading = el("span", { class: "other-title" });
    row.press = el("button", { type: "button", class: "plain", "data-act": "vote_call_other", text: this.room.words.say("act_vote_call_other") });
    row.press.addEventListener("click", () => this.call(row.press, row.motion));
    row.append(row.heading, row.press);
    return row;
  }
}
