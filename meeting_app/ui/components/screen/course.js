// The course of the meeting: before, item after item, in a break, between items, after.

import { el, setText } from "../room/dom.js";
import { timeLeft } from "../room/words.js";
import { Countdown } from "./countdown.js";
import { spaced } from "./pairing.js";

class Scene {
  constructor(screen, name) {
    this.screen = screen;
    this.words = screen.words;
    this.tag = el("p", { class: "tag" });
    this.title = el("h1", { class: "title" });
    this.under = el("p", { class: "under" });
    this.node = el("section", { class: `scene ${name}` }, this.tag, this.title, this.under);
  }

  say(tag, title, under = "") {
    setText(this.tag, tag);
    setText(this.title, title);
    setText(this.under, under);
    this.under.hidden = !under;
  }

  presented(item) {
    return item?.presenter ? this.words.say("presented_by", { name: item.presenter }) : "";
  }
}

export class Welcome extends Scene {
  constructor(screen) {
    super(screen, "welcome");
    this.place = el("p", { class: "under" });
    this.node.append(this.place);
    this.days = new Intl.DateTimeFormat(screen.language, {
      timeZone: "Asia/Ho_Chi_Minh",
      weekday: "long",
      day: "numeric",
      month: "numeric",
      year: "numeric",
    });
  }

  draw(_scene, { meeting }) {
    const day = this.days.format(new Date(meeting.starts_at));
    const when = this.words.say("hour_and_day", { hour: this.words.hour(meeting.starts_at), day });
    this.say(this.words.say("welcome"), meeting.title, when);
    setText(this.place, meeting.venue);
    this.place.hidden = !meeting.venue;
  }
}

export class Item extends Scene {
  constructor(screen) {
    super(screen, "item");
    this.countdown = new Countdown(this.words, "time_left");
    this.node.append(this.countdown.node);
  }

  draw({ item }, { items }) {
    const tag = this.words.say("item", { number: items.indexOf(item) + 1, all: items.length });
    this.say(tag, item.title, this.presented(item));
  }

  tick({ item }, { meeting }, now) {
    this.countdown.tick(timeLeft(item, meeting, now));
  }
}

export class Between extends Scene {
  constructor(screen) {
    super(screen, "between");
  }

  draw({ item }, { items }) {
    if (!item) {
      this.say(this.words.say("running"), this.words.say("all_done"));
      return;
    }
    const tag = this.words.say("next", { number: items.indexOf(item) + 1, all: items.length });
    this.say(tag, item.title, this.presented(item));
  }
}

export class Paused extends Scene {
  constructor(screen) {
    super(screen, "paused");
  }

  draw({ item }, { meeting }) {
    const since = this.words.say("paused_since", { hour: this.words.hour(meeting.paused_at) });
    this.say(since, this.words.say("paused"), item ? this.words.say("goes_on_with", { title: item.title }) : "");
  }
}

export class Over extends Scene {
  constructor(screen) {
    super(screen, "over");
    this.code = el("p", { class: "next-code quiet" });
    this.node.append(this.code);
  }

  draw(_scene, { meeting }) {
    const at = meeting.closed_at ? this.words.say("over_at", { hour: this.words.hour(meeting.closed_at) }) : "";
    this.say(at, this.words.say("over"), this.words.say("thanks"));
    this.tick();
  }

  tick() {
    const { code, until } = this.screen.shown;
    const valid = code && until > Date.now();
    setText(this.code, valid ? this.words.say("pairing_next", { code: spaced(code) }) : "");
    this.code.hidden = !valid;
  }
}
