// What both editions of SCORM have in common; api_scorm12.js and api_scorm2004.js say it in their words.

import { kindOf, responseIn } from "./responses.js";

/** @typedef {[element: string, value: string]} Said */

/**
 * @typedef {object} Words
 * @property {string} prefix  of every function
 * @property {string} goodbye  the function that ends a session
 * @property {string} place  the element that keeps where the learner is
 * @property {string} mode  the element that says whether anything is graded
 * @property {string} time  the element that is told the time spent
 * @property {string} at  part of an interaction: when it was
 * @property {string} given  part of an interaction: the answer
 * @property {string} wrong  the word for a wrong answer
 * @property {number} most  characters of an answer
 * @property {import("./responses.js").Signs} signs
 * @property {(get: (element: string) => string) => string} status  the word for the whole
 * @property {(date: Date) => string} moment
 * @property {(seconds: number) => string} span
 */

export class Scorm {
  /**
   * @param {any} api  what the LMS offers
   * @param {Words} words
   */
  constructor(api, words) {
    this.api = api;
    this.words = words;
  }

  open() {
    return this.does("Initialize", "");
  }

  /** What the LMS remembers of this learner. */
  memory() {
    const { status, place, mode } = this.words;
    return {
      status: status((element) => this.get(element)),
      place: this.get(place),
      suspended: this.get("cmi.suspend_data"),
      readOnly: ["browse", "review"].includes(this.get(mode)),
      interactions: Number.parseInt(this.get("cmi.interactions._count"), 10) || 0,
    };
  }

  /**
   * @param {number} number
   * @param {import("./report.js").Interaction} interaction
   * @returns {Said[]}
   */
  interaction(number, { name, kind, response, verdict, credit, weight, seconds, at }) {
    const { words } = this;
    const result = verdict === "right" ? "correct" : verdict === "partly" ? credit : words.wrong;
    const parts = {
      id: name, type: kindOf(kind, response), [words.at]: words.moment(at), weighting: `${weight}`,
      [words.given]: responseIn(kind, response, words.signs).slice(0, words.most), result, latency: words.span(seconds),
    };
    return Object.entries(parts).filter(([, value]) => value !== "").map(([part, value]) => [`cmi.interactions.${number}.${part}`, value]);
  }

  /**
   * @param {number} seconds
   * @returns {Said[]}
   */
  sessionTime(seconds) {
    return [[this.words.time, this.words.span(Math.max(0, Math.round(seconds)))]];
  }

  /**
   * @param {string} element
   * @param {string} value
   */
  set(element, value) {
    return this.does("SetValue", element, value);
  }

  /** @param {string} element */
  get(element) {
    return `${this.api[`${this.words.prefix}GetValue`](element) ?? ""}`;
  }

  commit() {
    return this.does("Commit", "");
  }

  close() {
    return this.does(this.words.goodbye, "");
  }

  problem() {
    return `${this.api[`${this.words.prefix}GetLastError`]()}`;
  }

  /**
   * @param {string} name
   * @param {...string} given
   */
  does(name, ...given) {
    return `${this.api[this.words.prefix + name](...given)}` === "true";
  }
}
