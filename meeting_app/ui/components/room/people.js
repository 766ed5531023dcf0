// Who belongs to the meeting and who is here; the desk checks people in by hand and notes absences.

import { el, keyed, setText } from "./dom.js";
import { Sheet } from "./sheet.js";

const MANY = 12; // people, from which a search field helps

export class People {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.sheet = new Sheet(room, words.say("people"));
    this.count = el("p", { class: "people-count" });
    this.search = el("input", { type: "search", placeholder: words.say("search_people"), "aria-label": words.say("search_people") });
    this.search.addEventListener("input", () => this.draw());
    this.list = el("ul", { class: "people-list" });
    this.sheet.content.append(this.count, this.search, this.list);
  }

  draw() {
    const { attendees } = this.room.state;
    const { words } = this.room;
    const here = attendees.filter((each) => each.checked_in_at).length;
    const guests = attendees.filter((each) => each.role === "guest").length;
    setText(this.count, words.say("people_summary", { here, all: attendees.length, guests }));
    this.search.hidden = attendees.length <= MANY;
    const sought = plain(this.search.value);
    const shown = attendees.filter((each) => plain(`${each.name} ${each.post} ${each.unit}`).includes(sought));
    this.replies = new Map((this.room.state.replies ?? []).map((reply) => [reply.id, reply]));
    keyed(this.list, shown, () => this.#createRow(), (row, attendee) => this.#updateRow(row, attendee));
  }

  #createRow() {
    const { words } = this.room;
    const row = el("li", { class: "person" });
    row.name = el("span", { class: "person-name" });
    row.post = el("span", { class: "person-post" });
    row.presence = el("span", { class: "presence" });
    row.check = el("button", { type: "button", class: "plain" });
    row.check.addEventListener("click", () => this.#check(row));
    row.why = el("button", { type: "button", class: "plain", text: words.say("absence") });
    row.why.addEventListener("click", () => this.#explain(row));
    row.lead = el("button", { type: "button", class: "plain", text: words.say("act_hand"), "data-act": "hand" });
    row.lead.addEventListener("click", () => this.#hand(row));
    row.acts = el("div", { class: "person-acts" }, row.check, row.why, row.lead);
    row.append(el("div", { class: "person-text" }, row.name, row.post, row.presence), row.acts);
    return row;
  }

  #updateRow(row, attendee) {
    const { words, desk, state } = this.room;
    const reply = this.replies.get(attendee.id);
    const present = Boolean(attendee.checked_in_at);
    row.attendee = attendee;
    row.dataset.present = String(present);
    row.dataset.attendee = attendee.id;
    setText(row.name, attendee.name);
    setText(row.post, [words.say(`role_${attendee.role}`), attendee.post, attendee.unit].filter(Boolean).join(" · "));
    setText(row.presence, this.#presence(attendee, reply));
    row.acts.hidden = !desk || !["convened", "running", "paused"].includes(state.meeting.state);
    row.check.dataset.act = present ? "check_out" : "check_in";
    setText(row.check, words.say(present ? "act_check_out" : "act_check_in"));
    row.why.hidden = present;
    row.lead.hidden = (!present && attendee.id !== state.you.attendee_id) || state.presenter?.attendee_id === attendee.id;
    if (present) row.form?.remove();
  }

  #presence(attendee, reply) {
    const { words } = this.room;
    if (attendee.checked_in_at) return words.say("present_since", { hour: words.hour(attendee.checked_in_at) });
    const reason = reply?.absence_reason || (reply?.reply === "declined" ? reply.reason : "");
    return reason ? words.say("absent_because", { reason }) : words.say("not_here");
  }

  #check(row) {
    const { words } = this.room;
    const { id, name, checked_in_at } = row.attendee;
    const who = { attendee_id: id };
    const reason = this.replies.get(id)?.absence_reason; // coming in wipes it out
    const [comes, goes] = [["attendee.check_in", who], ["attendee.check_out", who]];
    const explained = reason ? [["attendee.absence", { ...who, reason }]] : [];
    const text = words.say(checked_in_at ? "done_check_out" : "done_check_in", { name });
    const [act, args] = checked_in_at ? goes : comes;
    this.room.act(row.check, act, args, { text, steps: () => (checked_in_at ? [comes] : [goes, ...explained]) });
  }

  #hand(row) {
    const { words, state } = this.room;
    const before = state.presenter?.attendee_id;
    const back = before ? ["present.hand", { attendee_id: before }] : ["present.stop", {}];
    const text = words.say("done_hand", { name: row.attendee.name });
    this.room.act(row.lead, "present.hand", { attendee_id: row.attendee.id }, { text, steps: () => [back] });
  }

  #explain(row) {
    if (row.form?.isConnected) {
      row.form.remove();
      return;
    }
    const { words } = this.room;
    const reason = el("input", { maxlength: 500, required: true, autocomplete: "off" });
    reason.value = this.replies.get(row.attendee.id)?.absence_reason ?? "";
    const save = el("button", { type: "submit", class: "primary", text: words.say("save") });
    row.form = el("form", { class: "form inline" }, el("label", {}, el("span", { text: words.say("field_reason") }), reason), save);
    row.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const args = { attendee_id: row.attendee.id, reason: reason.value };
      if (await this.room.act(save, "attendee.absence", args)) row.form.remove();
    });
    row.append(row.form);
    reason.focus();
  }
}

/** Lower case without accents, so that "hung" finds "Hùng". */
function plain(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
}
