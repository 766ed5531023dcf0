// "Bây giờ": what is being discussed, how much time is left, and for the desk the one next step.

import { el, keyed, setText } from "./dom.js";
import { Sheet } from "./sheet.js";
import { digits, timeLeft } from "./words.js";

export class Now {
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.tag = el("p", { class: "tag" });
    this.title = el("h2", { class: "now-title" });
    this.under = el("p", { class: "under" });
    this.digits = el("span", { class: "digits" });
    this.timeWord = el("span", { class: "time-word" });
    this.time = el("div", { class: "time", role: "timer" }, this.digits, this.timeWord);
    this.acts = el("div", { class: "acts" });
    this.node = el(
      "section",
      { class: "now", "aria-label": words.say("now") },
      el("div", { class: "now-text", "aria-live": "polite" }, this.tag, this.title, this.under),
      this.time,
      this.acts,
    );
    this.sheet = new Sheet(room, words.say("close_meeting"));
    this.#buildClosing();
  }

  draw() {
    const { meeting } = this.room.state;
    const item = this.room.currentItem;
    const [tag, title, under] = this.#sentences(meeting, item);
    this.node.dataset.state = meeting.state === "running" && item ? "current" : meeting.state;
    setText(this.tag, tag);
    setText(this.title, title);
    setText(this.under, under);
    this.under.hidden = !under;
    this.time.hidden = !item;
    const acts = this.#acts(meeting, item);
    this.acts.hidden = acts.length === 0;
    keyed(this.acts, acts, this.#createAct, (node, act) => this.#updateAct(node, act));
    if (meeting.state === "closed" && this.before !== "closed") {
      this.sheet.close();
      this.room.strip.hide(); // the way back it offers is closed as well
    }
    this.before = meeting.state;
    this.tick();
  }

  tick() {
    const item = this.room.currentItem;
    if (!item) return;
    const left = timeLeft(item, this.room.state.meeting, this.room.live.now());
    setText(this.digits, digits(left));
    setText(this.timeWord, this.room.words.say(left < 0 ? "time_over" : "time_left"));
    this.time.classList.toggle("is-over", left < 0);
    this.node.style.setProperty("--spent", String(Math.min(1, Math.max(0, 1 - left / (item.minutes * 60000)))));
  }

  #sentences(meeting, item) {
    const { words, state } = this.room;
    if (meeting.state === "paused") {
      const since = words.say("paused_since", { hour: words.hour(meeting.paused_at) });
      return [since, item?.title ?? meeting.title, item ? this.#presented(item) : ""];
    }
    if (meeting.state === "running" && item) {
      const number = state.items.indexOf(item) + 1;
      return [words.say("current_item", { number, all: state.items.length }), item.title, this.#presented(item)];
    }
    if (meeting.state === "running") {
      const next = this.#nextItem();
      if (!next) return [words.say("running"), words.say("all_items_done"), ""];
      return [words.say("next_item", { number: state.items.indexOf(next) + 1 }), next.title, this.#presented(next)];
    }
    if (["closed", "recorded"].includes(meeting.state)) {
      const minutes = state.minutes?.state ? words.say(`minutes_${state.minutes.state}`) : "";
      return [words.say("closed_at", { hour: words.hour(meeting.closed_at) }), meeting.title, minutes];
    }
    return [words.say("not_open"), meeting.title, words.say("starts_at", { hour: words.hour(meeting.starts_at) })];
  }

  #presented(item) {
    return item.presenter ? this.room.words.say("presented_by", { name: item.presenter }) : "";
  }

  #nextItem() {
    return this.room.state.items.find((item) => item.state === "waiting") ?? null;
  }

  /** What one can do now, the next step first; while the meeting lasts that is the desk's alone. */
  #acts(meeting, item) {
    if (meeting.state === "recorded") return [{ ...this.#toMinutes("read_minutes"), primary: true }];
    if (!this.room.desk) return [];
    const pause = this.#simple("pause", "meeting.pause", {}, "meeting.resume");
    const close = { id: "close", press: () => this.#askToClose() };
    const write = { id: "conclude", press: () => this.room.conclusions.open() };
    switch (meeting.state) {
      case "convened":
        return [{ ...this.#simple("open", "meeting.open"), primary: true }];
      case "paused":
        return [{ ...this.#simple("resume", "meeting.resume", {}, "meeting.pause"), primary: true }, write, close];
      case "running":
        return item ? [...this.#duringItem(item), write, pause] : [...this.#betweenItems(close), write, pause];
      case "closed":
        return [{ ...this.#toMinutes(this.#beingWritten() ? "write_minutes" : "open_minutes"), primary: true }, write];
      default:
        return [];
    }
  }

  #duringItem(item) {
    const { words } = this.room;
    const finish = this.#ofItem("finish", item, "item.finish");
    const extend = {
      id: "extend",
      press: (node) =>
        this.room.act(node, "item.extend", { item_id: item.id, minutes: 5 }, {
          text: words.say("done_extend"),
          steps: () => [["item.extend", { item_id: item.id, minutes: -5 }]],
        }),
    };
    return [{ ...finish, primary: true }, extend];
  }

  #betweenItems(close) {
    const next = this.#nextItem();
    if (!next) return [{ ...close, primary: true }];
    return [{ ...this.#ofItem("start", next, "item.start"), primary: true }, this.#ofItem("skip", next, "item.skip")];
  }

  #ofItem(id, item, act) {
    const text = this.room.words.say(`done_${id}`, { title: item.title });
    const undo = { text, steps: () => [["item.undo", { item_id: item.id }]] };
    return { id, press: (node) => this.room.act(node, act, { item_id: item.id }, undo) };
  }

  #toMinutes(id) {
    return { id, press: () => location.assign(this.room.minutes) };
  }

  #beingWritten() {
    return ["", "draft"].includes(this.room.state.minutes?.state ?? "");
  }

  #simple(id, act, args = {}, back = null) {
    const undo = back && { text: this.room.words.say(`done_${id}`), steps: () => [[back, {}]] };
    return { id, press: (node) => this.room.act(node, act, args, undo) };
  }

  #createAct() {
    const node = el("button", { type: "button" });
    node.addEventListener("click", () => node.act.press(node));
    return node;
  }

  #updateAct(node, act) {
    node.act = act;
    node.className = act.primary ? "primary" : "plain";
    node.dataset.act = act.id;
    setText(node, this.room.words.say(`act_${act.id}`));
  }

  #askToClose() {
    this.room.strip.hide(); // nothing may lie over this question
    this.sheet.open();
  }

  /** Closing cannot be undone, so it is asked once more, with what would stay undone. */
  #buildClosing() {
    const { words } = this.room;
    const yes = el("button", { type: "button", class: "primary", text: words.say("act_close"), "data-act": "close-now" });
    yes.addEventListener("click", () => this.room.act(yes, "meeting.close"));
    const no = el("button", { type: "button", class: "plain", text: words.say("go_on"), onclick: () => this.sheet.close() });
    this.sheet.content.append(
      el("p", { text: words.say("close_meeting_explained") }),
      el("div", { class: "acts" }, yes, no),
    );
  }
}
