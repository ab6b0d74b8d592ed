// Grades answers by the same rules as domain/grading.py, exactly: fractions of whole numbers of any size, rounded once at
// the end. Without dependencies, for pages and for packages; tests/cases/grading*.json holds both graders to the same sums.

/**
 * @typedef {{n: bigint, d: bigint}} Fraction  in lowest terms, the denominator above 0
 * @typedef {{answer: string, tolerance?: string, unit?: ?string}} Numeric
 * @typedef {{id: string, kind: "choice"|"text"|"number", options?: string[], accept?: string[], number?: ?Numeric}} Gap
 * @typedef {{id: string, kind: string, points: number, options?: {id: string, correct: boolean}[], task?: any}} Question
 *   as `curriculum/versions.py` writes it
 * @typedef {{pass_share: string, questions: Question[]}} Quiz  only the questions that the attempt asks
 * @typedef {"right"|"partly"|"wrong"|"unanswered"|"pending"} Verdict
 * @typedef {{question: string, points: string, maximum: number, verdict: Verdict}} Mark
 * @typedef {{marks: Mark[], points: string, maximum: number, share: string, passed: boolean}} Sheet
 */

/** @type {Fraction} */
const NOTHING = fraction(0n, 1n);
const BY_A_PERSON = new Set(["essay", "file"]);
const CHOICES = new Set(["single", "multiple", "true_false", "image"]);

/**
 * @param {Quiz} quiz
 * @param {Record<string, string[]>} answers  question id -> answer; a question left out is unanswered
 * @returns {Sheet}
 */
export function grade(quiz, answers) {
  const marks = quiz.questions.map((question) => markOf(question, answers[question.id] ?? []));
  const total = marks.reduce((sum, mark) => add(sum, readFraction(mark.points)), NOTHING);
  const maximum = marks.reduce((sum, mark) => sum + mark.maximum, 0);
  const share = fraction(total.n, total.d * BigInt(maximum));
  return {
    marks,
    points: rounded(total),
    maximum,
    share: asText(share),
    passed: compare(share, readFraction(quiz.pass_share)) >= 0,
  };
}

/**
 * @param {Question} question
 * @param {string[]} answer
 * @returns {Mark}
 */
export function markOf(question, answer) {
  /** @type {(points: Fraction, verdict: Verdict) => Mark} */
  const mark = (points, verdict) => ({
    question: question.id,
    points: asText(points),
    maximum: question.points,
    verdict,
  });
  if (!answer.some((value) => value.trim() !== "")) return mark(NOTHING, "unanswered");
  if (BY_A_PERSON.has(question.kind)) return mark(NOTHING, "pending");
  const share = creditOf(question, answer);
  const points = fraction(share.n * BigInt(question.points), share.d);
  return mark(points, share.n === share.d ? "right" : share.n === 0n ? "wrong" : "partly");
}

/**
 * For each part of an answer whether it is right: each gap, item or pair, or the one text or number.
 *
 * @param {Question} question
 * @param {string[]} answer
 * @returns {boolean[]}
 */
export function rightParts({ kind, task }, answer) {
  if (kind === "numeric") return [isRightNumber(task, answer[0])];
  if (kind === "text") return [isAccepted(task.accept, answer[0])];
  if (kind === "gaps") return task.gaps.map((/** @type {Gap} */ gap, /** @type {number} */ at) => isRightGap(gap, answer[at] ?? ""));
  if (kind === "order") return task.items.map((/** @type {{id: string}} */ item, /** @type {number} */ at) => item.id === answer[at]);
  if (kind === "match") return task.pairs.map((/** @type {{right: string}} */ pair, /** @type {number} */ at) => pair.right === answer[at]);
  throw new Error(`no rule for questions of the kind ${kind}`);
}

/**
 * Reads a number as people type it; German comes first where a form could mean two things.
 *
 * @param {string} text
 * @param {?string} [unit]  may stand behind the number
 * @returns {?Fraction}  null for anything that is no number
 */
export function readNumber(text, unit) {
  const plain = withoutUnit(plainNumber(text), plainNumber(unit ?? ""));
  if ([...plain].length > LONGEST_NUMBER) return null;
  for (const form of NUMBERS) {
    const found = form.exec(plain);
    if (found) {
      const decimals = found[3] ?? "";
      const digits = BigInt(found[2].replace(/[^0-9]/g, "") + decimals || "0");
      return fraction(found[1] === "-" ? -digits : digits, 10n ** BigInt(decimals.length));
    }
  }
  return null;
}

/**
 * The form in which short answers are compared.
 *
 * @param {string} text
 * @returns {string}
 */
export function spelt(text) {
  const plain = text
    .normalize("NFKC")
    .replace(/[\u00ad\u200b-\u200d\ufeff]/g, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .replace(/[ \t\r\n\u00a0\u2000-\u200a\u202f\u2010-\u2015\u2212-]+/g, " ");
  let from = 0;
  let to = plain.length;
  while (from < to && OUTER.has(plain[from])) from += 1;
  while (to > from && OUTER.has(plain[to - 1])) to -= 1;
  return plain.slice(from, to);
}

const OUTER = new Set(" .,;:!?\"'`´„“”‚‘’«»‹›()[]{}…*/\\");
const LONGEST_NUMBER = 40;
const NUMBERS = [
  /^([+-]?)([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?$/, // 1.234,5; so "1.234" is a thousand and more
  /^([+-]?)([1-9][0-9]{0,2}(?:[ '][0-9]{3})+)(?:[.,]([0-9]+))?$/, // 1 234,5
  /^([+-]?)([1-9][0-9]{0,2}(?:,[0-9]{3}){2,})$/, // 1,234,567
  /^([+-]?)([1-9][0-9]{0,2}(?:,[0-9]{3})+)\.([0-9]+)$/, // 1,234.5
  /^([+-]?)([0-9]+)(?:[.,]([0-9]+))?$/, // 1234,5 and 1234.5; so "1,234" is a little more than one
  /^([+-]?)()[.,]([0-9]+)$/, // ,5
];

/** @param {string} text */
function plainNumber(text) {
  /** @type {Record<string, string>} */
  const signs = { "\u2212": "-", "\u2013": "-", "\u2019": "'" };
  return text
    .normalize("NFKC")
    .replace(/[\u2212\u2013\u2019]/g, (sign) => signs[sign])
    .trim()
    .replace(/\s+/g, " ");
}

/** @param {string} text @param {string} unit */
function withoutUnit(text, unit) {
  if (!unit || !text.toLowerCase().endsWith(unit.toLowerCase())) return text;
  return text.slice(0, text.length - unit.length).trimEnd();
}

/** @param {Question} question @param {string[]} answer */
function creditOf(question, answer) {
  if (CHOICES.has(question.kind)) return choiceCredit(question, new Set(answer));
  const parts = rightParts(question, answer);
  return fraction(BigInt(parts.filter(Boolean).length), BigInt(parts.length));
}

/** @param {Question} question @param {Set<string>} chosen */
function choiceCredit({ options = [] }, chosen) {
  const correct = options.filter((option) => option.correct);
  const right = correct.filter((option) => chosen.has(option.id)).length;
  const credit = right - (chosen.size - right);
  return credit > 0 ? fraction(BigInt(credit), BigInt(correct.length)) : NOTHING;
}

/** @param {Numeric} task @param {string} text */
function isRightNumber(task, text) {
  const typed = text ? readNumber(text, task.unit) : null;
  if (typed === null) return false;
  const right = readFraction(task.answer);
  const off = fraction(typed.n * right.d - right.n * typed.d, typed.d * right.d);
  return compare({ n: off.n < 0n ? -off.n : off.n, d: off.d }, readFraction(task.tolerance ?? "0")) <= 0;
}

/** @param {string[]} accept @param {string} text */
function isAccepted(accept, text) {
  return accept.some((spelling) => spelt(spelling) === spelt(text));
}

/** @param {any} gap @param {string} value */
function isRightGap(gap, value) {
  if (gap.kind === "number") return isRightNumber(gap.number, value);
  if (gap.kind === "choice") return gap.accept.includes(value);
  return value !== "" && isAccepted(gap.accept, value);
}

/** @param {bigint} n @param {bigint} d @returns {Fraction} */
function fraction(n, d) {
  const divisor = greatest(n < 0n ? -n : n, d);
  return { n: n / divisor, d: d / divisor };
}

/** @param {bigint} a @param {bigint} b */
function greatest(a, b) {
  while (b) [a, b] = [b, a % b];
  return a || 1n;
}

/** @param {Fraction} a @param {Fraction} b */
function add(a, b) {
  return fraction(a.n * b.d + b.n * a.d, a.d * b.d);
}

/** @param {Fraction} a @param {Fraction} b */
function compare(a, b) {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** @param {string} text */
function readFraction(text) {
  const [n, d] = text.split("/");
  return fraction(BigInt(n), BigInt(d ?? "1"));
}

/** @param {Fraction} fraction */
function asText({ n, d }) {
  return d === 1n ? `${n}` : `${n}/${d}`;
}

/** Points have two decimals; half a hundredth goes up. Points are never negative. @param {Fraction} points */
function rounded({ n, d }) {
  const hundredths = (n * 200n + d) / (2n * d);
  return `${hundredths / 100n}.${`${hundredths % 100n}`.padStart(2, "0")}`;
}
