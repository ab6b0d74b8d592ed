// Which questions an attempt asks, and in which order: decided by a number, so that it stays the same when resumed.

/** A row of numbers from 0 to 1 that a seed decides (mulberry32). @param {number} seed */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @template T @param {T[]} things @param {() => number} roll @returns {T[]} */
export function shuffled(things, roll) {
  const all = [...things];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(roll() * (at + 1));
    [all[at], all[other]] = [all[other], all[at]];
  }
  return all;
}

/** The questions of one attempt in the order of the package; `inOrderOfAsking` mixes them. @param {Quiz} quiz @param {number} seed */
export function drawn(quiz, seed) {
  const chosen = new Set(quiz.questions.filter(({ pool }) => pool === null || !(pool in quiz.pools)));
  Object.entries(quiz.pools).forEach(([name, count], at) => {
    const members = quiz.questions.filter(({ pool }) => pool === name);
    shuffled(members, dice(seed + at + 1)).slice(0, count).forEach((question) => chosen.add(question));
  });
  return quiz.questions.filter((question) => chosen.has(question));
}

/** @param {Quiz} quiz @param {number} seed */
export function inOrderOfAsking(quiz, seed) {
  const questions = drawn(quiz, seed);
  return quiz.shuffle ? shuffled(questions, dice(seed)) : questions;
}
