// What is said in one cmi5 session, statement by statement, in the words of xAPI.

import { kindOf, responseIn } from "./responses.js";
import { sha256 } from "./sha256.js";

/**
 * @typedef {object} LaunchData  what the LMS has laid down before it opened the module
 * @property {any} contextTemplate  stands in every statement, unchanged
 * @property {string} launchMode  "Normal", "Browse" or "Review"
 * @property {number} [masteryScore]
 * @property {string} [returnURL]
 *
 * @typedef {object} Launch
 * @property {string} endpoint
 * @property {string} fetch  gives the token, once
 * @property {any} actor
 * @property {string} registration
 * @property {string} activityId
 *
 * @typedef {{id: string, verb: {id: string}, [more: string]: any}} Statement
 * @typedef {{scaled: number, raw: number, min: number, max: number}} Score
 */

const VERBS = "http://adlnet.gov/expapi/verbs/";
const CONTEXT = "https://w3id.org/xapi/cmi5/context/";
const DEFINED = { id: `${CONTEXT}categories/cmi5`, objectType: "Activity" };
const MOVE_ON = { id: `${CONTEXT}categories/moveon`, objectType: "Activity" };
const INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction";
/** @type {import("./responses.js").Signs} */
const SIGNS = { truth: ["true", "false"], pair: "[.]", comma: "[,]", and: "[,]", longest: Infinity };

export class Statements {
  /**
   * @param {Launch} launch
   * @param {LaunchData} data
   * @param {string} salt  different in each session
   */
  constructor(launch, data, salt) {
    this.launch = launch;
    this.data = data;
    this.salt = salt;
    this.made = 0;
  }

  /** @param {Date} at */
  initialized(at) {
    return this.defined("initialized", at);
  }

  /**
   * @param {Date} at
   * @param {number} seconds
   */
  terminated(at, seconds) {
    return this.defined("terminated", at, { duration: span(seconds) });
  }

  /**
   * @param {Date} at
   * @param {number} seconds
   */
  completed(at, seconds) {
    return this.defined("completed", at, { completion: true, duration: span(seconds) });
  }

  /**
   * @param {Date} at
   * @param {number} seconds
   * @param {number} score  in hundredths of a percent
   */
  passed(at, seconds, score) {
    return this.defined("passed", at, { success: true, score: scoreIn(score), duration: span(seconds) });
  }

  /**
   * @param {Date} at
   * @param {number} seconds
   * @param {number} score  in hundredths of a percent
   */
  failed(at, seconds, score) {
    return this.defined("failed", at, { success: false, score: scoreIn(score), duration: span(seconds) });
  }

  /**
   * One answer. It says nothing about the module as a whole, so it is no statement that cmi5 defines.
   *
   * @param {import("./report.js").Interaction} interaction
   * @returns {Statement}
   */
  answered({ name, kind, response, verdict, credit, weight, seconds, at }) {
    const scaled = verdict === "right" ? 1 : verdict === "partly" ? Number(credit) : 0;
    return this.statement("answered", at, {
      object: {
        objectType: "Activity",
        id: `${this.launch.activityId}/${name}`,
        definition: { type: INTERACTION, interactionType: kindOf(kind, response) },
      },
      result: {
        response: responseIn(kind, response, SIGNS),
        success: verdict === "right",
        score: { scaled, raw: Number((scaled * weight).toFixed(4)), min: 0, max: weight },
        duration: span(seconds),
      },
    });
  }

  /**
   * @param {string} verb
   * @param {Date} at
   * @param {any} [result]
   * @returns {Statement}
   */
  defined(verb, at, result) {
    const judged = result && ("completion" in result || "success" in result);
    const graded = result && "score" in result && this.data.masteryScore !== undefined;
    return this.statement(verb, at, {
      object: { objectType: "Activity", id: this.launch.activityId },
      result,
      categories: judged ? [DEFINED, MOVE_ON] : [DEFINED],
      extensions: graded ? { [`${CONTEXT}extensions/masteryscore`]: this.data.masteryScore } : {},
    });
  }

  /**
   * @param {string} verb
   * @param {Date} at
   * @param {{object: any, result?: any, categories?: any[], extensions?: any}} parts
   * @returns {Statement}
   */
  statement(verb, at, { object, result, categories = [], extensions = {} }) {
    const { actor } = this.launch;
    const context = this.context(categories, extensions);
    const statement = { id: this.idOf(verb), actor, verb: { id: VERBS + verb, display: { en: verb } }, object, context, timestamp: at.toISOString() };
    return result ? { ...statement, result } : statement;
  }

  /**
   * The LMS's template comes first everywhere and stays as it is.
   *
   * @param {any[]} categories
   * @param {any} extensions
   */
  context(categories, extensions) {
    const { contextActivities = {}, ...rest } = this.data.contextTemplate;
    const category = [...(contextActivities.category ?? []), ...categories];
    return {
      ...rest,
      registration: this.launch.registration,
      contextActivities: category.length ? { ...contextActivities, category } : contextActivities,
      extensions: { ...extensions, ...rest.extensions },
    };
  }

  /**
   * What may be said only once about a learner has an id that follows from the registration: said again after a cut line or
   * in another window, it is known as the same.
   *
   * @param {string} verb
   */
  idOf(verb) {
    this.made += 1;
    const { registration, activityId } = this.launch;
    return uuid([registration, activityId, verb, ...(verb === "completed" || verb === "passed" ? [] : [this.salt, this.made])].join("\n"));
  }
}

/** @param {Statement} statement */
export const verbOf = (statement) => statement.verb.id.slice(VERBS.length);

/** @param {string} text */
function uuid(text) {
  const bytes = sha256(text).slice(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Raw scores are whole numbers in cmi5; the exact one is the scaled one.
 *
 * @param {number} score
 * @returns {Score}
 */
const scoreIn = (score) => ({ scaled: score / 10000, raw: Math.floor(score / 100), min: 0, max: 100 });

/** @param {number} seconds */
const span = (seconds) => `PT${Math.max(0, Math.round(seconds))}S`;
