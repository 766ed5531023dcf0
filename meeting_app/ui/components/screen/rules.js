// What a motion needs to be carried, as a sentence for the wall.

import { majority } from "../majority.js";

/** "Needs at least 6 votes in favour (more than half of those present)" */
export function needed(words, motion) {
  const said = { majority: majority(words, motion) };
  if (motion.need !== null && motion.need !== undefined) return words.say("need_votes", { need: motion.need, ...said });
  return words.say("need_share", said);
}

/** What may be chosen, for motions that offer options. */
export function choosable(words, motion) {
  const count = motion.options.length;
  return motion.max_choices > 1 ? words.say("choose_many", { most: motion.max_choices, count }) : words.say("choose_one", { count });
}
