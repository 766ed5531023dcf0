// What a motion needs to be carried, in words.

/** "Needs at least 6 votes in favour (more than half of the voters present)" */
export function needed(words, motion) {
  const parts = { share: share(words, motion), base: words.say(`base_${motion.base}`) };
  if (motion.need !== null && motion.need !== undefined) return words.say("need_votes", { need: motion.need, ...parts });
  return words.say("need_share", parts);
}

/** What may be chosen, for motions that offer options. */
export function choosable(words, motion) {
  const count = motion.options.length;
  return motion.max_choices > 1 ? words.say("choose_many", { most: motion.max_choices, count }) : words.say("choose_one", { count });
}

function share(words, { numerator, denominator, strict }) {
  const is = (over, under) => numerator * under === denominator * over;
  if (is(1, 2)) return words.say(strict ? "share_more_than_half" : "share_half");
  if (is(2, 3)) return words.say(strict ? "share_more_than_two_thirds" : "share_two_thirds");
  if (is(3, 4) && !strict) return words.say("share_three_quarters");
  if (is(1, 1) && !strict) return words.say("share_all");
  return words.say(strict ? "share_more_than" : "share_at_least", { numerator, denominator });
}
