// A majority in words, put together as domain/majority.py does; the tests play both against each other.

const NAMED = [
  ["half", 1, 2],
  ["two_thirds", 2, 3],
  ["three_quarters", 3, 4],
];

/** "quá nửa số đại biểu có mặt" */
export function majority(words, { numerator, denominator, strict, base }) {
  const named = NAMED.find(([, over, under]) => over * denominator === under * numerator);
  let name = `${named?.[0] ?? "part"}${strict ? "_more" : ""}`;
  if (numerator === denominator && !strict) name = "all";
  return words.say(`majority_${name}`, { numerator, denominator, whole: words.say(`whole_${base}`) });
}

/** Where it begins a line of its own: "Quá nửa số đại biểu có mặt" */
export function asLabel(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
