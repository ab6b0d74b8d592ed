// Runs the case files through the JavaScript grader and prints every case that comes out differently, as JSON.

import { readFileSync } from "node:fs";
import { grade, readNumber, spelt } from "../../lti_tool/curriculum/static/grade.js";

const cases = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf-8")).cases;
const failed = [];
let count = 0;

function check(name, got, expected) {
  count += 1;
  if (JSON.stringify(got) !== JSON.stringify(expected)) failed.push({ name, got, expected });
}

// Short cases name options by their ids alone.
function whole(question) {
  if (!question.correct) return question;
  const options = question.options.map((id) => ({ id, correct: question.correct.includes(id) }));
  return { ...question, options };
}

for (const file of ["grading.json", "grading_kinds.json"]) {
  for (const { name, questions, answers, expect, pass_share } of cases(file)) {
    const sheet = grade({ pass_share, questions: questions.map(whole) }, answers);
    const marks = sheet.marks.map(({ question, points, verdict }) => ({ question, points, verdict }));
    check(name, { ...sheet, marks }, { marks: expect.marks, ...expect });
  }
}
for (const { name, typed, unit, value } of cases("numbers.json")) {
  const read = readNumber(typed, unit);
  check(name, read && (read.d === 1n ? `${read.n}` : `${read.n}/${read.d}`), value);
}
for (const { name, typed, accepted, same } of cases("spelling.json")) {
  check(name, spelt(typed) === spelt(accepted), same);
}
console.log(JSON.stringify({ count, failed }));
