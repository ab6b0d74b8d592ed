// Reads the answer out of a question's fields, whatever its kind, in the form the server keeps it: a list of texts.

import { readNumber } from "./grade.js";

const TICKED = new Set(["radio", "checkbox"]);

/** @param {Made} form @returns {Made[]} */
const fields = (form) => [...form.querySelectorAll("[name=answer]")];
/** @param {Made} form */
const question = (form) => form.querySelector("[data-kind]");

/** @param {Made} field */
export function ours(field) {
  return field.name === "answer" || field.name === "answer-place";
}

/** @param {Made} field */
export function isTyped(field) {
  return field.name === "answer" && (field.type === "text" || field.type === "textarea");
}

/** @param {Made} form @returns {string[]} */
export function givenIn(form) {
  return fields(form)
    .filter((field) => !TICKED.has(field.type) || field.checked)
    .map((field) => field.value);
}

/** @param {Made} form @param {string[]} answer */
export function isWhole(form, answer) {
  const every = ["gaps", "match"].includes(question(form).dataset.kind);
  const filled = answer.filter((value) => value.trim());
  return filled.length > 0 && (!every || filled.length === answer.length);
}

/** @param {Made} form @param {string[] | undefined} answer */
export function restore(form, answer) {
  if (!answer) return;
  if (question(form).dataset.kind === "order") {
    restoreOrder(form, answer);
    return;
  }
  fields(form).forEach((field, at) => {
    if (TICKED.has(field.type)) field.checked = answer.includes(field.value);
    else field.value = answer[at] ?? "";
  });
}

/** @param {Made} form @param {string[]} answer */
function restoreOrder(form, answer) {
  const list = form.querySelector("[data-ordering]");
  /** @param {string} id */
  const item = (id) => list.querySelector(`[name=answer][value="${CSS.escape(id)}"]`)?.closest("[data-item]");
  list.append(...answer.map(item).filter(Boolean));
  list.dispatchEvent(new CustomEvent("restored"));
}

/** Says beside the field when something else than a number stands there; such an answer is not sent. @param {Made} form */
export function numbersAreReadable(form) {
  const { kind, unit } = question(form).dataset;
  const fault = form.querySelector("[data-number-fault]");
  if (!fault) return true;
  const numbers = kind === "numeric" ? fields(form) : fields(form).filter((field) => "number" in field.dataset);
  const bad = numbers.filter((field) => field.value.trim() && readNumber(field.value, unit) === null);
  numbers.forEach((field) => {
    if (bad.includes(field)) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  });
  fault.hidden = bad.length === 0;
  return bad.length === 0;
}
