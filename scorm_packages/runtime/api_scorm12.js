// SCORM 1.2 in its own words.

import { Scorm } from "./scorm.js";

/** @typedef {import("./scorm.js").Said} Said */

const LONGEST = 255;

/** @type {import("./scorm.js").Words} */
const WORDS = {
  prefix: "LMS", goodbye: "Finish", place: "cmi.core.lesson_location", mode: "cmi.core.lesson_mode", time: "cmi.core.session_time",
  at: "time", given: "student_response", wrong: "wrong", most: LONGEST,
  signs: { truth: ["t", "f"], pair: ".", comma: ",", and: ", ", longest: LONGEST },
  status: (get) => get("cmi.core.lesson_status"),
  moment: (date) => [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":"),
  span: (seconds) => `${`${Math.min(9999, Math.floor(seconds / 3600))}`.padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`,
};

export const apiName = "API";

export class Lms extends Scorm {
  /** @param {any} api */
  constructor(api) {
    super(api, WORDS);
  }

  /**
   * What the LMS is to know, element by element, in the order it is told.
   *
   * @param {import("./report.js").Report} report
   * @returns {Said[]}
   */
  elements({ status, place, suspended, score }) {
    /** @type {Said[]} */
    const points = score === null ? [] : [["cmi.core.score.min", "0"], ["cmi.core.score.max", "100"], ["cmi.core.score.raw", (score / 100).toFixed(2)]];
    return [
      ["cmi.core.exit", "suspend"],
      ["cmi.core.lesson_status", status],
      ["cmi.core.lesson_location", place],
      ["cmi.suspend_data", suspended],
      ...points,
    ];
  }
}

/** @param {number} value */
function two(value) {
  return `${value}`.padStart(2, "0");
}
