// The learner's state as one short line of ASCII. suspension.py counts its longest form before a package is built, so
// whatever is changed here has to be changed there.

/**
 * @typedef {object} State
 * @property {number} seed  of the attempt: which questions, and in which order
 * @property {number} attempts  handed in so far
 * @property {number} best  in hundredths of a percent; so are `last` and `sum`
 * @property {number} last
 * @property {number} sum
 * @property {boolean} everPassed
 * @property {boolean} lastPassed
 * @property {"none"|"open"|"handed"} phase  of the present attempt
 * @property {string} place  where the learner is: "p3", "f2", "quiz" …
 * @property {boolean[]} visited  page by page
 * @property {number} begun  when the present attempt began, in seconds since 1970
 * @property {Answers} answers  of the present attempt
 */

const FORMAT = "1";
/** @type {Record<string, string>} */
const PHASES = { none: "n", open: "o", handed: "h" };
const SAFE = /[A-Za-z0-9 ._-]/;
const MOST_ATTEMPTS = 9999;

/** @param {number} pages @returns {State} */
export function fresh(pages) {
  return {
    seed: 0, attempts: 0, best: 0, last: 0, sum: 0, everPassed: false, lastPassed: false, phase: "none", place: "",
    visited: Array(pages).fill(false), begun: 0, answers: {},
  };
}

/**
 * @param {State} state
 * @param {string} version  of the quiz; answers to another one are not read again
 * @param {Question[]} asked  the questions of the present attempt, in the order of the package
 */
export function written(state, version, asked) {
  const answers = state.phase === "none" ? [] : asked.map((question) => answerOut(question, state.answers[question.id] ?? []));
  return [
    FORMAT, version, digits(state.seed), digits(Math.min(state.attempts, MOST_ATTEMPTS)), digits(state.best), digits(state.last),
    digits(state.sum), `${Number(state.everPassed) + 2 * Number(state.lastPassed)}`, PHASES[state.phase], state.place,
    bitsOut(state.visited), digits(state.begun), answers.join(";"),
  ].join("|");
}

/**
 * @param {string} text
 * @param {string} version
 * @param {number} pages
 * @param {(seed: number) => Question[]} drawn  the questions of an attempt, in the order of the package
 * @returns {State}  a fresh one where nothing or something foreign was stored
 */
export function read(text, version, pages, drawn) {
  const state = fresh(pages);
  const [format, madeWith, seed, attempts, best, last, sum, flags, phase, place, visited, begun, ...rest] = (text ?? "").split("|");
  if (format !== FORMAT || rest.length !== 1) return state;
  Object.assign(state, {
    attempts: number(attempts), best: number(best), last: number(last), sum: number(sum),
    everPassed: (number(flags) & 1) === 1, lastPassed: (number(flags) & 2) === 2, visited: bitsIn(visited, pages),
  });
  if (madeWith !== version) return state;
  state.seed = number(seed);
  state.phase = /** @type {State["phase"]} */ (Object.keys(PHASES).find((name) => PHASES[name] === phase) ?? "none");
  state.place = place;
  state.begun = number(begun);
  const answers = rest[0].split(";");
  if (state.phase !== "none") {
    drawn(state.seed).forEach((question, at) => {
      state.answers[question.id] = answerIn(question, answers[at] ?? "");
    });
  }
  return state;
}

/** @param {Question} question @param {string[]} answer */
export function answerOut(question, answer) {
  if (!answer.some((value) => value !== "")) return "";
  const { kind, options, task } = question;
  if (options) return digits(answer.reduce((sum, id) => sum + 2 ** options.indexOf(id), 0));
  if (kind === "gaps") return task.gaps.map((/** @type {any} */ gap, /** @type {number} */ at) => gapOut(gap, answer[at] ?? "")).join(",");
  if (kind === "order") return answer.map((id) => digits(task.items.indexOf(id))).join("");
  if (kind === "match") return answer.map((value) => `${value === "" ? "" : digits(task.choices.indexOf(value))},`).join("");
  return safe(answer[0]);
}

/** @param {Question} question @param {string} text @returns {string[]} */
export function answerIn(question, text) {
  if (text === "") return [];
  if (question.options) return question.options.filter((_id, at) => Math.floor(number(text) / 2 ** at) % 2 === 1);
  const { kind, task } = question;
  if (kind === "gaps") return text.split(",").map((value, at) => gapIn(task.gaps[at], value));
  if (kind === "order") return [...text].map((digit) => task.items[number(digit)]);
  if (kind === "match") return text.split(",").slice(0, -1).map((value) => (value === "" ? "" : task.choices[number(value)]));
  return [plain(text)];
}

/** @param {any} gap @param {string} value */
function gapOut(gap, value) {
  return gap.kind === "choice" && value !== "" ? digits(gap.options.indexOf(value)) : safe(value);
}

/** @param {any} gap @param {string} text */
function gapIn(gap, text) {
  return gap.kind === "choice" && text !== "" ? gap.options[number(text)] : plain(text);
}

/** @param {string} text */
function safe(text) {
  return Array.from({ length: text.length }, (_, at) => {
    const code = text.charCodeAt(at);
    if (SAFE.test(text[at])) return text[at];
    return code < 256 ? `*${code.toString(16).padStart(2, "0")}` : `~${code.toString(16).padStart(4, "0")}`;
  }).join("");
}

/** @param {string} text */
function plain(text) {
  return text.replace(/\*([0-9a-f]{2})|~([0-9a-f]{4})/g, (_all, short, long) => String.fromCharCode(parseInt(short ?? long, 16)));
}

/** @param {boolean[]} bits */
function bitsOut(bits) {
  let text = "";
  for (let at = 0; at < bits.length; at += 4) {
    text += [0, 1, 2, 3].reduce((sum, more) => sum + (bits[at + more] ? 2 ** more : 0), 0).toString(16);
  }
  return text;
}

/** @param {string} text @param {number} length */
function bitsIn(text, length) {
  return Array.from({ length }, (_, at) => ((parseInt(text[Math.floor(at / 4)] ?? "0", 16) >> at % 4) & 1) === 1);
}

/** @param {number} value */
const digits = (value) => value.toString(36);
/** @param {string} text */
const number = (text) => parseInt(text, 36) || 0;
