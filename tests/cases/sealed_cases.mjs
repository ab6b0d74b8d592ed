// Grades quizzes as packages hold them: reads packed quizzes and answers from a file, prints what the player would find.

import { readFileSync } from "node:fs";

const { runtime, cases } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const { grade } = await import(`${runtime}/grade.js`);
const { unsealed, opened } = await import(`${runtime}/seal.js`);
const { answerIn, answerOut, written, read, fresh } = await import(`${runtime}/suspend.js`);

const sheets = cases.map(({ quiz, answers }) => {
  const questions = quiz.questions.map((question) => unsealed(quiz.salt, question, answers[question.id] ?? []));
  const { points, maximum, share, passed, marks } = grade({ pass_share: quiz.passShare, questions }, answers);
  return { points, maximum, share, passed, marks: marks.map((mark) => ({ points: mark.points, verdict: mark.verdict })) };
});

const resumed = cases.map(({ quiz, answers }) => {
  const state = { ...fresh(9), phase: "open", seed: 1234567, place: "p3", answers };
  const text = written(state, "abcdef", quiz.questions);
  const back = read(text, "abcdef", 9, () => quiz.questions);
  return { text, answers: back.answers };
});

const told = cases.flatMap(({ quiz }) => quiz.questions.map(({ id, sealed }) => JSON.parse(opened(quiz.salt, id, sealed))));
console.log(JSON.stringify({ sheets, resumed, told, one: cases.map(({ quiz, answers }) => quiz.questions.map((question) => answerIn(question, answerOut(question, answers[question.id] ?? [])))) }));
