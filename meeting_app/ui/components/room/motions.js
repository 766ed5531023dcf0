// All motions of the meeting.

import { Sheet } from "./sheet.js";

export class Motions {
  constructor(room) {
    this.room = room;
    this.sheet = new Sheet(room, room.words.say("more"));
  }

  draw() {}
}
