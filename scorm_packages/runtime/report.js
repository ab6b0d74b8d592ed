// What the LMS hears of a learner's state.

import { readNumber } from "./grade.js";

/**
 * @typedef {import("./suspend.js").State} State
 * @typedef {"incomplete"|"failed"|"completed"|"passed"} Status
 * @typedef {{letters?: string[], pairs?: string[][], texts?: string[], number?: ?string, truth?: boolean}} Response
 *   an answer in short names; what is there depends on the kind of the question
 * @typedef {{name: string, kind: string, response: Response, verdict: import("./grade.js").Verdict, credit: string,
 *   weight: number, seconds: number, at: Date}} Interaction  one answer of one attempt
 * @typedef {{status: Status, place: string, suspended: string, score: ?number, progress: number}} Report  where the learner
 *   is; the score in hundredths of a percent
 */

/** @type {Record<string, number>} */
const RANK = { incomplete: 0, failed: 1, completed: 2, passed: 2 };

/**
 * The higher of two words for the whole: what has been passed stays passed.
 *
 * @param {string} old  whatever the LMS remembers
 * @param {Status} now
 * @returns {Status}
 */
export function higher(old, now) {
  return (RANK[old] ?? -1) >= RANK[now] ? /** @type {Status} */ (old) : now;
}

/**
 * The word for the module as a whole: one of the two that were chosen when the package was built.
 *
 * @param {State} state
 * @param {Course} course
 * @returns {Status}
 */
export function statusOf(state, course) {
  const [good, bad] = /** @type {Status[]} */ (course.reporting.split("-"));
  if (!course.quiz) return state.visited.every((seen, at) => seen || !course.pages[at].required) ? good : "incomplete";
  if (state.attempts === 0) return "incomplete";
  return passedBy(state, course.quiz) ? good : bad;
}

/** In hundredths of a percent; null before the first attempt has been handed in. @param {State} state @param {?Quiz} quiz */
export function scoreOf(state, quiz) {
  if (!quiz || state.attempts === 0) return null;
  if (quiz.counts === "last") return state.last;
  return quiz.counts === "average" ? Math.floor(state.sum / state.attempts) : state.best;
}

/** @param {State} state @param {Quiz} quiz */
export function passedBy(state, quiz) {
  if (quiz.counts === "last") return state.lastPassed;
  if (quiz.counts !== "average") return state.everPassed;
  return (scoreOf(state, quiz) ?? 0) >= hundredthsOf(quiz.passShare);
}

/** A share ("2/3") in hundredths of a percent, cut: nobody reaches a bar by rounding. @param {string} share */
export function hundredthsOf(share) {
  const [n, d = "1"] = share.split("/");
  return Number((BigInt(n) * 10000n) / BigInt(d));
}

/**
 * One answer as both standards want it: short names instead of texts.
 *
 * @param {Question} question
 * @param {string[]} answer
 * @param {import("./grade.js").Mark} mark
 * @param {number} seconds
 * @param {Date} at
 * @returns {Interaction}
 */
export function interactionOf(question, answer, mark, seconds, at) {
  const [n, d = "1"] = mark.points.split("/");
  return {
    name: question.id,
    kind: question.kind,
    response: responseOf(question, answer),
    verdict: mark.verdict,
    credit: `${Number((Number(n) / Number(d) / mark.maximum).toFixed(4))}`,
    weight: mark.maximum,
    seconds,
    at,
  };
}

/** @param {number} at */
const letter = (at) => (at < 26 ? String.fromCharCode(97 + at) : `${at}`);

/** @param {Question} question @param {string[]} answer @returns {Response} */
function responseOf({ kind, options, task }, answer) {
  if (kind === "true_false") return { truth: answer[0] === "true" };
  if (options) return { letters: answer.map((id) => letter(options.indexOf(id))) };
  if (kind === "order") return { letters: answer.map((id) => letter(task.items.indexOf(id))) };
  if (kind === "match") {
    const all = answer.map((value, at) => [`${at + 1}`, letter(task.choices.indexOf(value))]);
    return { pairs: all.filter((_pair, at) => answer[at] !== "") };
  }
  return { texts: answer, number: kind === "numeric" ? asPlainNumber(answer[0], task.unit) : null };
}

/** @param {string | undefined} text @param {?string} unit */
function asPlainNumber(text, unit) {
  const read = text ? readNumber(text, unit) : null;
  if (read === null) return null;
  const value = Number(read.n) / Number(read.d);
  return Number.isFinite(value) ? `${Number(value.toFixed(7))}` : null;
}
