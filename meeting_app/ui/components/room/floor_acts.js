// What is done on the floor, each with its way back.

import { nameOf, standing } from "./turn_time.js";

export class FloorActs {
  constructor(room) {
    this.room = room;
  }

  /** Let somebody speak; what another desk did meanwhile is not overridden. */
  grant(control, request) {
    const { speaker } = standing(this.room.state);
    const args = { request_id: request.id, instead_of: speaker?.id ?? 0 };
    const ends = speaker && (request.kind !== "order" || speaker.kind === "order");
    const back = [this.#step("undo", request), ...(ends ? [this.#step("undo", speaker)] : [])];
    return this.room.act(control, "floor.grant", args, this.#undo("grant", request, () => back));
  }

  pause(control, request) {
    return this.#do(control, "pause", request, "resume");
  }

  resume(control, request) {
    return this.#do(control, "resume", request, "pause");
  }

  end(control, request) {
    return this.#do(control, "end", request, "undo");
  }

  withdraw(control, request) {
    return this.#do(control, "withdraw", request, "restore");
  }

  extend(control, request, seconds) {
    const args = { request_id: request.id, seconds };
    const back = [["floor.extend", { request_id: request.id, seconds: -seconds }]];
    return this.room.act(control, "floor.extend", args, this.#undo("extend", request, () => back));
  }

  /** To this place among those who wait, 1 first. */
  move(control, request, position) {
    const { state } = this.room;
    const before = standing(state).waiting.findIndex((each) => each.id === request.id) + 1;
    const order = state.floor_rules.order;
    const back = [["floor.move", { request_id: request.id, position: before }]];
    if (order !== "hand") back.push(["floor.rules", { order }]);
    return this.room.act(control, "floor.move", { request_id: request.id, position }, this.#undo("move", request, () => back));
  }

  rules(control, changed) {
    const { state, words } = this.room;
    const before = Object.fromEntries(Object.keys(changed).map((name) => [name, state.floor_rules[name]]));
    const undo = { text: words.say("floor_done_rules"), steps: () => [["floor.rules", before]] };
    return this.room.act(control, "floor.rules", changed, undo);
  }

  #do(control, act, request, back) {
    const undo = this.#undo(act, request, () => [this.#step(back, request)]);
    return this.room.act(control, `floor.${act}`, { request_id: request.id }, undo);
  }

  #step(act, request) {
    return [`floor.${act}`, { request_id: request.id }];
  }

  #undo(act, request, steps) {
    const { state, words } = this.room;
    return { text: words.say(`floor_done_${act}`, { name: nameOf(state, request.attendee_id) }), steps };
  }
}
