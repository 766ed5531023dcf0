// A motion in words: what kind of vote, what majority, how it stands, what came of it.

import { majority } from "../majority.js";

/** "Bỏ phiếu kín · quá nửa số người có mặt" */
export function rules(words, motion) {
  const said = [words.say(motion.secret ? "vote_secret" : "vote_open")];
  if (motion.kind === "choice") said.push(words.say("vote_choice", { most: motion.max_choices, options: motion.options.length }));
  said.push(majority(words, motion));
  if (motion.round > 1) said.push(words.say("vote_round", { round: motion.round }));
  return said.join(" · ");
}

/** "Thông qua · 8 tán thành, 2 không tán thành, 1 ý kiến khác" */
export function outcome(words, motion) {
  const { result } = motion;
  if (!result) return "";
  if (motion.kind === "choice") {
    const won = result.options.filter((each) => each.carried).map((each) => optionText(motion, each.id));
    return won.length ? words.say("result_chosen", { options: won.join(", ") }) : words.say("result_nothing_chosen");
  }
  const { agree, disagree, other } = result;
  const verdict = words.say(result.carried ? "result_carried" : "result_not_carried");
  return words.say("result_numbers", { verdict, agree, disagree, other });
}

export function optionText(motion, id) {
  return motion.options.find((each) => each.id === id)?.text ?? "";
}

/** The motion before the meeting: called or open; null when there is none. */
export function going(state) {
  return (state.motions ?? []).find((each) => ["called", "open"].includes(each.state)) ?? null;
}
