// Reads an answer out of a question's fields and puts one back, whatever its kind: always a list of texts.

import { dice, shuffled } from "./drawing.js";
import { readNumber } from "./grade.js";

/** @param {HTMLElement} form @param {Question} question @returns {any[]} */
const fieldsOf = (form, { id }) => [...form.querySelectorAll(`[name="${id}"]`)];

/** @param {any} field */
export const isTyped = (field) => field.type === "text";

/** @param {HTMLElement} form @param {Question} question @returns {string[]} */
export function givenIn(form, question) {
  const fields = fieldsOf(form, question);
  if (question.options) {
    const ticked = new Set(fields.filter((field) => field.checked).map((field) => field.value));
    return question.options.filter((id) => ticked.has(id));
  }
  const values = fields.map((field) => field.value.trim());
  return values.some((value) => value !== "") ? values : [];
}

/** @param {HTMLElement} form @param {Question} question @param {string[]} answer */
export function put(form, question, answer) {
  if (question.kind === "order") {
    putOrder(form, question, answer.length ? answer : question.task.items);
    return;
  }
  fieldsOf(form, question).forEach((field, at) => {
    if (question.options) field.checked = answer.includes(field.value);
    else field.value = answer[at] ?? "";
  });
}

/** @param {HTMLElement} form @param {Question} question @param {string[]} names */
function putOrder(form, { id }, names) {
  const list = form.querySelector("[data-ordering]");
  /** @param {string} name */
  const itemOf = (name) => [...list.children].find((item) => item.querySelector(`[name="${id}"]`).value === name);
  list.append(...names.map(itemOf).filter(Boolean));
  list.dispatchEvent(new CustomEvent("restored"));
}

/** Whether every part has been answered. @param {Question} question @param {string[]} answer */
export function isWhole({ kind }, answer) {
  return answer.length > 0 && (!["gaps", "match"].includes(kind) || answer.every((value) => value !== ""));
}

/** Whether numbers stand where numbers are asked for; anything else does not count as given. @param {HTMLElement} form @param {Question} question */
export function isReadable(form, question) {
  return unreadable(form, question).length === 0;
}

/** Says beside the field when something else than a number stands there; returns the first such field. @param {HTMLElement} form @param {Question} question */
export function sayUnreadable(form, question) {
  const fault = form.querySelector("[data-number-fault]");
  const bad = unreadable(form, question);
  form.querySelectorAll("input").forEach((field) => {
    if (bad.includes(field)) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  });
  if (fault) fault.hidden = bad.length === 0;
  return bad[0] ?? null;
}

/** @param {HTMLElement} form @param {Question} question */
function unreadable(form, question) {
  const numbers = fieldsOf(form, question).filter((field) => question.kind === "numeric" || "number" in field.dataset);
  return numbers.filter((field) => field.value.trim() && readNumber(field.value, question.task.unit) === null);
}

/** Shows what can be chosen in the order of one attempt. @param {HTMLElement} form @param {Question} question @param {number} seed */
export function arrange(form, question, seed) {
  const roll = dice(seed + 7919 * Number(question.id.slice(1)));
  /** @param {HTMLElement} place @param {Element[]} things */
  const mix = (place, things) => place.append(...shuffled(things, roll));
  if (question.options) {
    const place = form.querySelector(".question__options, .pictures");
    mix(place, inFileOrder(place, question.options));
  } else if (question.kind === "gaps") {
    form.querySelectorAll("select").forEach((select) => mix(select, sorted(select)));
  } else if (question.kind === "match") {
    form.querySelectorAll("select").forEach((select) => select.append(...orderOf(select, dice(seed))));
  }
}

/** @param {HTMLElement} place @param {string[]} options */
function inFileOrder(place, options) {
  /** @param {Element} child */
  const at = (child) => options.indexOf(child.querySelector("input").value);
  return [...place.children].sort((one, other) => at(one) - at(other));
}

/** @param {HTMLSelectElement} select */
const sorted = (select) => [...select.options].slice(1).sort((one, other) => (one.text < other.text ? -1 : 1));
/** @param {HTMLSelectElement} select @param {() => number} roll */
const orderOf = (select, roll) => shuffled(sorted(select), roll);

/**
 * The order in which an ordering question first shows its things; it is never the right one.
 *
 * @param {Question} question
 * @param {number} seed
 * @param {(items: string[]) => boolean} isRight
 */
export function firstOrder(question, seed, isRight) {
  const items = shuffled(/** @type {string[]} */ (question.task.items), dice(seed + 7919 * Number(question.id.slice(1))));
  return isRight(items) ? [...items.slice(1), items[0]] : items;
}
