// Answers in the words of the standards, which differ in their signs alone.

/** @typedef {import("./report.js").Response} Response */

/**
 * @typedef {object} Signs
 * @property {[yes: string, no: string]} truth
 * @property {string} pair  between the two halves of a pair
 * @property {string} comma  between the parts of an answer
 * @property {string} and  between typed texts
 * @property {number} longest  characters of one typed text
 */

/** @type {Record<string, string>} */
const KINDS = { single: "choice", multiple: "choice", image: "choice", true_false: "true-false", numeric: "numeric",
  text: "fill-in", gaps: "fill-in", order: "sequencing", match: "matching" };

/**
 * The standards' word for a kind of question; what was typed instead of a number is a text.
 *
 * @param {string} kind
 * @param {Response} response
 */
export function kindOf(kind, { number }) {
  return kind === "numeric" && !/^-?\d+(\.\d+)?$/.test(number ?? "") ? "fill-in" : KINDS[kind];
}

/**
 * @param {string} kind
 * @param {Response} response
 * @param {Signs} signs
 */
export function responseIn(kind, { letters = [], pairs = [], number, texts = [], truth }, { truth: [yes, no], pair, comma, and, longest }) {
  const short = texts.map((text) => text.slice(0, longest));
  if (kind === "true_false") return truth ? yes : no;
  if (kind === "numeric") return number ?? short[0] ?? "";
  if (kind === "match") return pairs.map((both) => both.join(pair)).join(comma);
  return kind === "text" || kind === "gaps" ? short.join(and) : letters.join(comma);
}
