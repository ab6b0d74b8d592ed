// The result of an attempt: each question with what was answered, and why it is right or wrong.

import { rightParts } from "./grade.js";
import { opened, unsealed } from "./seal.js";

const VERDICTS = { right: "done", partly: "begun", wrong: "wrong", unanswered: "open" };

/**
 * @param {HTMLElement} place
 * @param {{quiz: any, words: any, language: string}} course
 * @param {any[]} asked  in the order of asking
 * @param {Record<string, string[]>} answers
 * @param {any} sheet  of grade.js
 */
export function showReview(place, course, asked, answers, sheet) {
  const marks = new Map(sheet.marks.map((mark) => [mark.question, mark]));
  place.replaceChildren(
    ...asked.map((question, at) => section(course, question, at + 1, answers[question.id] ?? [], marks.get(question.id))),
  );
}

function section(course, question, number, answer, mark) {
  const { words } = course;
  const title = element("h3", "review__title", [
    element("span", "review__number", [words.question.replace("NUMBER", number)]),
    state(VERDICTS[mark.verdict], words[mark.verdict]),
    element("span", "review__points", [pointsOf(mark, course)]),
  ]);
  title.id = `r-${question.id}`;
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

const shapeOf = ({ options, kind }) => (options ? "options" : kind);
const formOf = ({ id }) => document.querySelector(`[data-question="${id}"]`);
const promptOf = (question) => formOf(question).querySelector(".question__prompt").innerHTML;

function options({ words, question, answer, told, plain }) {
  const shown = [...formOf(question).querySelectorAll(".option")].map((option) => option.querySelector("input").value);
  const items = shown.map((id) => {
    const chosen = answer.includes(id);
    const { correct } = plain.options.find((option) => option.id === id);
    const label = formOf(question).querySelector(`input[value="${CSS.escape(id)}"]`).labels[0];
    const parts = [chosen ? verdict(correct, words) : correct ? state("open", words.wouldBe) : notChosen(words)];
    parts.push(" ", html("span", "", label.innerHTML.replaceAll("picture__image", "review__image")));
    if (chosen || correct) parts.push(html("div", "review__why", told.options[id]));
    return element("li", `review__option${chosen ? " review__option--chosen" : ""}`, parts);
  });
  return [element("ul", "review__options", items)];
}

function typed(given) {
  const { words, answer, told, plain, right } = given;
  const items = [];
  if (answer.length) items.push(chosenItem([verdict(rightParts(plain, answer)[0], words), " ", answer[0]]));
  if (!right) items.push(element("li", "review__option", [state("open", words.wouldBe), " ", told.solution[0]]));
  return [element("ul", "review__options", items), ...feedback(given)];
}

function gaps(given) {
  const { question, answer, told } = given;
  return parts(given, question.task.gaps.map((_gap, at) => ({ value: answer[at] ?? "", solution: told.solution[at] })), "ol");
}

function match(given) {
  const { question, answer, plain } = given;
  const lefts = [...formOf(question).querySelectorAll(".matching__left")].map((label) => label.innerHTML);
  const rows = plain.task.pairs.map((pair, at) => ({ value: answer[at] ?? "", solution: pair.right, left: lefts[at] }));
  return parts(given, rows, "ul");
}

function parts(given, rows, list) {
  const { words, answer, plain } = given;
  const right = answer.length ? rightParts(plain, answer) : [];
  const items = rows.map(({ value, solution, left }, at) => {
    const line = left ? [html("strong", "", left), element("br", "", [])] : [];
    line.push(value ? verdict(right[at], words) : state("open", words.unanswered), " ", value);
    if (!right[at]) line.push(element("div", "review__why", [`${words.wouldBe} ${solution}`]));
    return element("li", "review__option", line);
  });
  return [element(list, `review__options${list === "ol" ? " review__options--numbered" : ""}`, items), ...feedback(given)];
}

function order(given) {
  const { words, question, answer, plain, right } = given;
  const textOf = (id) => [...formOf(question).querySelectorAll("[data-item]")].find((item) => item.querySelector("input").value === id).querySelector(".ordering__text").innerHTML;
  const list = (items) => element("ol", "review__options review__options--numbered", items);
  const found = answer.length ? rightParts(plain, answer) : [];
  const lines = answer.map((id, at) =>
    element("li", "review__option", [state(found[at] ? "done" : "wrong", found[at] ? words.inPlace : words.outOfPlace), " ", html("span", "", textOf(id))]),
  );
  const shown = lines.length ? [list(lines)] : [];
  if (!right) {
    shown.push(element("p", "review__label", [words.rightOrder]));
    shown.push(list(plain.task.items.map(({ id }) => html("li", "review__option", textOf(id)))));
  }
  return [...shown, ...feedback(given)];
}

const ANSWERS = { options, numeric: typed, text: typed, gaps, match, order };

function feedback({ answer, told, right }) {
  const said = right ? told.rightWords : told.wrongWords;
  return answer.length && said ? [html("p", "review__why", said)] : [];
}

function explanation({ explain, page }, words) {
  const body = [html("div", "content", explain)];
  if (page) {
    const link = element("a", "kern-link", [page.title]);
    link.href = `#page-${page.slug}`;
    body.push(element("p", "", [`${words.readAgain} `, link]));
  }
  return element("div", "review__explain", body);
}

function pointsOf(mark, { words, language }) {
  const [n, d = "1"] = mark.points.split("/");
  return words.points.replace("POINTS", decimal(Number(n) / Number(d), language)).replace("MAXIMUM", mark.maximum);
}

export function decimal(value, language) {
  return value.toLocaleString(language, { maximumFractionDigits: 2, useGrouping: false });
}

const verdict = (right, words) => state(right ? "done" : "wrong", right ? words.yoursRight : words.yoursWrong);
const chosenItem = (items) => element("li", "review__option review__option--chosen", items);

function notChosen(words) {
  return element("span", "", [shape("none"), element("span", "kern-sr-only", [words.notChosen])]);
}

function state(kind, words) {
  return element("span", `state state--${kind}`, [shape(kind), element("span", "", [words])]);
}

const shape = (kind) => document.getElementById(`shape-${kind}`).content.cloneNode(true);

function element(name, className, children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// Only for what the content's own renderer has made safe.
function html(name, className, safeHtml) {
  const made = element(name, className, []);
  made.innerHTML = safeHtml;
  return made;
}
