// SCORM 2004 in its own words.

import { Scorm } from "./scorm.js";

/** @typedef {import("./scorm.js").Said} Said */

/** @type {import("./scorm.js").Words} */
const WORDS = {
  prefix: "", goodbye: "Terminate", place: "cmi.location", mode: "cmi.mode", time: "cmi.session_time",
  at: "timestamp", given: "learner_response", wrong: "incorrect", most: Infinity,
  signs: { truth: ["true", "false"], pair: "[.]", comma: "[,]", and: "[,]", longest: 250 },
  status: (get) => {
    const success = get("cmi.success_status");
    return success === "passed" || success === "failed" ? success : get("cmi.completion_status");
  },
  moment: (date) => `${date.toISOString().slice(0, 19)}.00Z`, // Moodle refuses Z without two decimals before it
  span: (seconds) => `PT${seconds}S`,
};

/** @type {Record<string, [completion: string, success: string]>} */
const STATUS = {
  incomplete: ["incomplete", "unknown"],
  failed: ["completed", "failed"],
  completed: ["completed", "unknown"],
  passed: ["completed", "passed"],
};

export const apiName = "API_1484_11";

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
  elements({ status, place, suspended, score, progress }) {
    const [completion, success] = STATUS[status];
    /** @type {Said[]} */
    const points = score === null ? [] : [
      ["cmi.score.min", "0"], ["cmi.score.max", "100"], ["cmi.score.raw", (score / 100).toFixed(2)], ["cmi.score.scaled", `${score / 10000}`],
    ];
    return [
      ["cmi.exit", "suspend"],
      ["cmi.completion_status", completion],
      ["cmi.success_status", success],
      ["cmi.location", place],
      ["cmi.progress_measure", `${progress}`],
      ["cmi.suspend_data", suspended],
      ...points,
    ];
  }
}
