// The other half of sealing.py: compares with hashes, opens sealed texts, and makes of both what the grader reads.

import { readNumber, spelt } from "./grade.js";
import { sha256 } from "./sha256.js";

/** @typedef {{salt: string, name: string}} Key */

/** @param {...string} words */
export function hashed(...words) {
  const digest = sha256(words.join("\0"));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} salt
 * @param {string} name
 * @param {string} text
 * @returns {string}
 */
export function opened(salt, name, text) {
  const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  for (let at = 0; at < data.length; at += 32) {
    const key = sha256(`${salt}\0${name}\0${at / 32}`);
    for (let more = 0; more < 32 && at + more < data.length; more += 1) data[at + more] ^= key[more];
  }
  return new TextDecoder().decode(data);
}

/**
 * The question as `grade.js` reads it. What is right is found out by comparing, so some of it depends on the answer.
 *
 * @param {string} salt
 * @param {Question} question  as `quizzes.py` packs it
 * @param {string[]} answer
 */
export function unsealed(salt, question, answer) {
  const key = { salt, name: question.id };
  const { id, kind, points } = question;
  if (question.options) return { id, kind, points, options: optionsOf(key, question) };
  return { id, kind, points, task: TASKS[kind](key, question.task, answer) };
}

/** @param {Key} key @param {string | string[]} right @param {...string} words */
const matches = (key, right, ...words) => [right].flat().includes(hashed(key.salt, key.name, ...words));

/** @param {Key} key @param {Question} question */
function optionsOf(key, { options = [], right = [] }) {
  return options.map((id) => ({ id, correct: matches(key, right, id) }));
}

/** @param {Key} key @param {any} task @param {string | undefined} typed */
function numberOf(key, task, typed, at = "") {
  if (task.range) {
    const [answer, tolerance] = opened(key.salt, `${key.name} ${at}`, task.range).split(" ");
    return { answer, tolerance, unit: task.unit };
  }
  const read = readNumber(typed ?? "", task.unit);
  if (read === null) return { answer: "0", unit: task.unit };
  const written = read.d === 1n ? `${read.n}` : `${read.n}/${read.d}`;
  const right = matches(key, task.right, at, written);
  return { answer: right ? written : `${read.n + read.d}/${read.d}`, unit: task.unit };
}

/** @param {Key} key @param {{right: string[]}} task @param {string | undefined} typed */
function textOf(key, { right }, typed, at = "") {
  return { accept: typed && matches(key, right, at, spelt(typed)) ? [typed] : [] };
}

/** @param {Key} key @param {any} gap @param {string} typed */
function gapOf(key, gap, typed) {
  if (gap.kind === "number") return { ...gap, number: numberOf(key, gap, typed, gap.id) };
  if (gap.kind === "text") return { ...gap, ...textOf(key, gap, typed, gap.id) };
  return { ...gap, accept: gap.options.filter((/** @type {string} */ option) => matches(key, gap.right, gap.id, option)) };
}

/** @type {Record<string, (key: Key, task: any, answer: string[]) => any>} */
const TASKS = {
  numeric: (key, task, answer) => numberOf(key, task, answer[0]),
  text: (key, task, answer) => textOf(key, task, answer[0]),
  gaps: (key, task, answer) => ({ gaps: task.gaps.map((/** @type {any} */ gap, /** @type {number} */ at) => gapOf(key, gap, answer[at] ?? "")) }),
  order: (key, task) => ({
    items: task.right.map((/** @type {string} */ right, /** @type {number} */ at) => ({ id: task.items.find((/** @type {string} */ id) => matches(key, right, `${at}`, id)) })),
  }),
  match: (key, task) => ({
    pairs: task.pairs.map((/** @type {any} */ pair) => ({
      id: pair.id,
      right: task.choices.find((/** @type {string} */ choice) => matches(key, pair.right, pair.id, choice)),
    })),
  }),
};
