// The result of an attempt: each question with what was answered, and why it is right or wrong.

import { rightParts } from "./grade.js";
import { opened, unsealed } from "./seal.js";

/**
 * @typedef {import("./grade.js").Mark} Mark
 * @typedef {{words: Words, question: Question, answer: string[], told: Told, plain: any, right: boolean}} Given
 *   what is shown of one question; `plain` as grade.js reads it
 */

/** @type {Record<string, string>} */
const VERDICTS = { right: "done", partly: "begun", wrong: "wrong", unanswered: "open" };

/**
 * @param {HTMLElement} place
 * @param {Course & {quiz: Quiz}} course
 * @param {Question[]} asked  in the order of asking
 * @param {Answers} answers
 * @param {import("./grade.js").Sheet} sheet
 */
export function showReview(place, course, asked, answers, sheet) {
  const marks = new Map(sheet.marks.map((mark) => [mark.question, mark]));
  place.replaceChildren(
    ...asked.map((question, at) => section(course, question, at + 1, answers[question.id] ?? [], /** @type {Mark} */ (marks.get(question.id)))),
  );
}

/** @param {Course & {quiz: Quiz}} course @param {Question} question @param {number} number @param {string[]} answer @param {Mark} mark */
function section(course, question, number, answer, mark) {
  const { words } = course;
  const title = element("h3", "review__title", [
    element("span", "review__number", [words.question.replace("NUMBER", `${number}`)]),
    state(VERDICTS[mark.verdict], words[mark.verdict]),
    element("span", "review__points", [pointsOf(mark, course)]),
  ]);
  title.id = `r-${question.id}`;
  /** @type {Node[]} */
  const body = [title, html("p", "review__prompt", promptOf(question))];
  if (question.sealed) {
    const told = JSON.parse(opened(course.quiz.salt, question.id, question.sealed));
    const plain = unsealed(course.quiz.salt, question, answer);
    body.push(...ANSWERS[shapeOf(question)]({ words, question, answer, told, plain, right: mark.verdict === "right" }));
    body.push(explanation(told, words));
  }
  const made = element("section", `review review--${mark.verdict}`, body);
  made.setAttribute("aria-labelledby", title.id);
  return made;
}

/** @param {Question} question */
const shapeOf = ({ options, kind }) => (options ? "options" : kind);
/** @param {Question} question */
const formOf = ({ id }) => document.querySelector(`[data-question="${id}"]`);
/** @param {Question} question */
const promptOf = (question) => formOf(question).querySelector(".question__prompt").innerHTML;

/** @param {Given} given */
function options({ words, question, answer, told, plain }) {
  const shown = [...formOf(question).querySelectorAll(".option")].map((option) => option.querySelector("input").value);
  const items = shown.map((id) => {
    const chosen = answer.includes(id);
    const { correct } = plain.options.find((/** @type {{id: string}} */ option) => option.id === id);
    const label = formOf(question).querySelector(`input[value="${CSS.escape(id)}"]`).labels[0];
    /** @type {(Node | string)[]} */
    const parts = [chosen ? verdict(correct, words) : correct ? state("open", words.wouldBe) : notChosen(words)];
    parts.push(" ", html("span", "", label.innerHTML.replaceAll("picture__image", "review__image")));
    if (chosen || correct) parts.push(html("div", "review__why", told.options[id]));
    return element("li", `review__option${chosen ? " review__option--chosen" : ""}`, parts);
  });
  return [element("ul", "review__options", items)];
}

/** @param {Given} given */
function typed(given) {
  const { words, answer, told, plain, right } = given;
  const items = [];
  if (answer.length) items.push(chosenItem([verdict(rightParts(plain, answer)[0], words), " ", answer[0]]));
  if (!right) items.push(element("li", "review__option", [state("open", words.wouldBe), " ", told.solution[0]]));
  return [element("ul", "review__options", items), ...feedback(given)];
}

/** @param {Given} given */
function gaps(given) {
  const { question, answer, told } = given;
  return parts(given, question.task.gaps.map((/** @type {any} */ _gap, /** @type {number} */ at) => ({ value: answer[at] ?? "", solution: told.solution[at] })), "ol");
}

/** @param {Given} given */
function match(given) {
  const { question, answer, plain } = given;
  const lefts = [...formOf(question).querySelectorAll(".matching__left")].map((label) => label.innerHTML);
  const rows = plain.task.pairs.map((/** @type {{right: string}} */ pair, /** @type {number} */ at) => ({ value: answer[at] ?? "", solution: pair.right, left: lefts[at] }));
  return parts(given, rows, "ul");
}

/** @param {Given} given @param {{value: string, solution: string, left?: string}[]} rows @param {"ol" | "ul"} list */
function parts(given, rows, list) {
  const { words, answer, plain } = given;
  const right = answer.length ? rightParts(plain, answer) : [];
  const items = rows.map(({ value, solution, left }, at) => {
    /** @type {(Node | string)[]} */
    const line = left ? [html("strong", "", left), element("br", "", [])] : [];
    line.push(value ? verdict(right[at], words) : state("open", words.unanswered), " ", value);
    if (!right[at]) line.push(element("div", "review__why", [`${words.wouldBe} ${solution}`]));
    return element("li", "review__option", line);
  });
  return [element(list, `review__options${list === "ol" ? " review__options--numbered" : ""}`, items), ...feedback(given)];
}

/** @param {Given} given */
function order(given) {
  const { words, question, answer, plain, right } = given;
  /** @param {string} id @returns {string} */
  const textOf = (id) => [...formOf(question).querySelectorAll("[data-item]")].find((item) => item.querySelector("input").value === id).querySelector(".ordering__text").innerHTML;
  /** @param {Node[]} items */
  const list = (items) => element("ol", "review__options review__options--numbered", items);
  const found = answer.length ? rightParts(plain, answer) : [];
  const lines = answer.map((id, at) =>
    element("li", "review__option", [state(found[at] ? "done" : "wrong", found[at] ? words.inPlace : words.outOfPlace), " ", html("span", "", textOf(id))]),
  );
  /** @type {Node[]} */
  const shown = lines.length ? [list(lines)] : [];
  if (!right) {
    shown.push(element("p", "review__label", [words.rightOrder]));
    shown.push(list(plain.task.items.map((/** @type {{id: string}} */ { id }) => html("li", "review__option", textOf(id)))));
  }
  return [...shown, ...feedback(given)];
}

/** @type {Record<string, (given: Given) => Node[]>} */
const ANSWERS = { options, numeric: typed, text: typed, gaps, match, order };

/** @param {Given} given */
function feedback({ answer, told, right }) {
  const said = right ? told.rightWords : told.wrongWords;
  return answer.length && said ? [html("p", "review__why", said)] : [];
}

/** @param {Told} told @param {Words} words */
function explanation({ explain, page }, words) {
  const body = [html("div", "content", explain)];
  if (page) {
    const link = element("a", "kern-link", [page.title]);
    link.href = `#page-${page.slug}`;
    body.push(element("p", "", [`${words.readAgain} `, link]));
  }
  return element("div", "review__explain", body);
}

/** @param {Mark} mark @param {Course} course */
function pointsOf(mark, { words, language }) {
  const [n, d = "1"] = mark.points.split("/");
  return words.points.replace("POINTS", decimal(Number(n) / Number(d), language)).replace("MAXIMUM", `${mark.maximum}`);
}

/** @param {number} value @param {string} language */
export function decimal(value, language) {
  return value.toLocaleString(language, { maximumFractionDigits: 2, useGrouping: false });
}

/** @param {boolean} right @param {Words} words */
const verdict = (right, words) => state(right ? "done" : "wrong", right ? words.yoursRight : words.yoursWrong);
/** @param {(Node | string)[]} items */
const chosenItem = (items) => element("li", "review__option review__option--chosen", items);

/** @param {Words} words */
function notChosen(words) {
  return element("span", "", [shape("none"), element("span", "kern-sr-only", [words.notChosen])]);
}

/** @param {string} kind @param {string} words */
function state(kind, words) {
  return element("span", `state state--${kind}`, [shape(kind), element("span", "", [words])]);
}

/** @param {string} kind @returns {Node} */
const shape = (kind) => document.getElementById(`shape-${kind}`).content.cloneNode(true);

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @param {string} className @param {(Node | string)[]} children */
function element(name, className, children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/**
 * Only for what the content's own renderer has made safe.
 *
 * @param {keyof HTMLElementTagNameMap} name
 * @param {string} className
 * @param {string} safeHtml
 */
function html(name, className, safeHtml) {
  const made = element(name, className, []);
  made.innerHTML = safeHtml;
  return made;
}
