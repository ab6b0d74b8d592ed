// The quiz of a module: attempts, questions one by one, handing in, the result.

import { arrange, firstOrder, givenIn, isReadable, isTyped, isWhole, put, sayUnreadable } from "./answers.js";
import { drawn, inOrderOfAsking } from "./drawing.js";
import { grade, rightParts } from "./grade.js";
import { startOrdering } from "./ordering.js";
import { hundredthsOf, interactionOf } from "./report.js";
import { decimal, showReview } from "./review.js";
import { unsealed } from "./seal.js";

const SEEDS = 2 ** 31;
const MINUTE = 60;

export class QuizPart {
  /**
   * @param {import("./player.js").Player} player
   * @param {Quiz} quiz
   */
  constructor(player, quiz) {
    this.player = player;
    this.quiz = quiz;
    this.asked = quiz.questions;
    this.number = 0;
    /** @type {Record<string, number>} how long each question has been in sight */
    this.seconds = {};
    this.view = document.getElementById("questions");
    this.forms = new Map(this.quiz.questions.map((question) => [question.id, this.view.querySelector(`[data-question="${question.id}"]`)]));
    this.quiz.questions.forEach((question) => this.prepare(this.forms.get(question.id), question));
    document.querySelectorAll("[data-ordering]").forEach(startOrdering);
    document.addEventListener("click", (event) => this.press(/** @type {Element} */ (event.target).closest("[data-quiz]")));
    setInterval(() => this.tick(), 1000);
  }

  /** @param {HTMLFormElement} form @param {Question} question */
  prepare(form, question) {
    form.querySelectorAll("input[type=text]").forEach((field) => {
      field.maxLength = this.player.course.typedLimit;
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go(this.number + 1);
    });
    form.addEventListener("change", () => this.keep(form, question));
    form.addEventListener("input", (event) => {
      if (!isTyped(event.target)) return;
      if (/** @type {Element} */ (event.target).hasAttribute("aria-invalid")) sayUnreadable(form, question);
      this.keep(form, question);
    });
  }

  /** Brings the document to the state of the present attempt, after a beginning or a return. */
  restore() {
    const { state } = this.player;
    this.asked = inOrderOfAsking(this.quiz, state.seed);
    this.asked.forEach((question) => {
      const form = this.forms.get(question.id);
      if (this.quiz.shuffle && question.shuffle) arrange(form, question, state.seed);
      const order = question.kind === "order" && this.quiz.shuffle;
      put(form, question, order && !state.answers[question.id]?.length ? this.firstOrderOf(question) : state.answers[question.id] ?? []);
    });
    if (state.phase === "handed") this.showResult();
    this.showStart();
  }

  /** @param {Question} question */
  firstOrderOf(question) {
    /** @param {string[]} items */
    const rightAll = (items) => rightParts(unsealed(this.quiz.salt, question, items), items).every(Boolean);
    return firstOrder(question, this.player.state.seed, rightAll);
  }

  /** @param {?HTMLElement} button */
  press(button) {
    const action = button?.dataset.quiz;
    if (action === "begin" || action === "again") this.begin();
    else if (action === "back") this.go(this.number - 1);
    else if (action === "next") this.go(this.number + 1);
    else if (action === "hand-in") this.handIn();
    else if (action === "questions") this.go(this.firstOpen());
    else if (action) this.go(Number(action));
  }

  begin() {
    const { state } = this.player;
    if (state.phase !== "open") {
      if (this.attemptsLeft() === 0) return;
      Object.assign(state, { seed: Math.floor(Math.random() * SEEDS), answers: {}, phase: "open", begun: Math.floor(Date.now() / 1000) });
      this.seconds = {};
      this.restore();
      this.player.save();
    }
    this.go(this.firstOpen());
  }

  firstOpen() {
    return Math.max(0, this.asked.findIndex((question) => !this.isAnswered(question)));
  }

  attemptsLeft() {
    const { attemptsLimit } = this.quiz;
    return attemptsLimit === null ? null : Math.max(0, attemptsLimit - this.player.state.attempts);
  }

  /** @param {Question} question */
  isAnswered(question) {
    return isWhole(question, this.player.state.answers[question.id] ?? []);
  }

  /** Shows a question; one behind the last is handing in. What stands in an ordering question counts on leaving it. @param {number} number */
  go(number) {
    if (this.player.state.phase !== "open") {
      this.player.views.show("quiz");
      return;
    }
    const leaving = this.asked[this.number];
    if (this.player.views.here === "questions" && leaving) {
      const bad = sayUnreadable(this.forms.get(leaving.id), leaving);
      if (bad) {
        bad.focus();
        return;
      }
      this.keep(this.forms.get(leaving.id), leaving);
    }
    if (number >= this.asked.length) {
      this.showHandIn();
      return;
    }
    this.number = Math.max(0, number);
    this.showQuestion();
    this.player.views.show("questions");
  }

  /** @param {HTMLFormElement} form @param {Question} question */
  keep(form, question) {
    const { state } = this.player;
    if (state.phase !== "open" || !isReadable(form, question)) return;
    const answer = givenIn(form, question);
    if (JSON.stringify(answer) === JSON.stringify(state.answers[question.id] ?? [])) return;
    state.answers[question.id] = answer;
    this.showOverview();
    this.player.save();
  }

  showQuestion() {
    const { words } = this.player.course;
    this.forms.forEach((form, id) => {
      form.hidden = id !== this.asked[this.number].id;
    });
    const title = words.questionOf.replace("NUMBER", `${this.number + 1}`).replace("ALL", `${this.asked.length}`);
    this.view.querySelector("[data-arrival]").textContent = title;
    this.view.querySelector("[data-quiz=back]").hidden = this.number === 0;
    const last = this.number === this.asked.length - 1;
    this.view.querySelector("[data-quiz=next] .kern-label").textContent = last ? words.toHandIn : words.next;
    this.showOverview();
  }

  showOverview() {
    const { words } = this.player.course;
    const list = this.view.querySelector("[data-overview]");
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const kept = list.contains(focused) ? focused.dataset.quiz : null;
    list.replaceChildren(...this.asked.map((question, at) => {
      const done = this.isAnswered(question);
      const button = document.createElement("button");
      button.type = "button";
      button.className = `overview__number overview__number--${done ? "answered" : "open"}`;
      button.dataset.quiz = `${at}`;
      button.innerHTML = `${at + 1}<span class="kern-sr-only">, ${done ? words.answered : words.open}</span>`;
      if (at === this.number) button.setAttribute("aria-current", "step");
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    if (kept) list.querySelector(`[data-quiz="${kept}"]`)?.focus();
  }

  showHandIn() {
    const { words } = this.player.course;
    const open = this.asked.filter((question) => !this.isAnswered(question)).length;
    const said = open === 0 ? words.allAnswered : (open === 1 ? words.oneOpen : words.severalOpen.replace("COUNT", `${open}`));
    document.querySelector("[data-open-questions]").textContent = said;
    this.player.views.show("hand-in");
  }

  sheet() {
    const { state } = this.player;
    const questions = drawn(this.quiz, state.seed).map((question) => unsealed(this.quiz.salt, question, state.answers[question.id] ?? []));
    return grade({ pass_share: this.quiz.passShare, questions }, state.answers);
  }

  handIn() {
    const { state, session } = this.player;
    if (state.phase !== "open") return;
    const sheet = this.sheet();
    const share = hundredthsOf(sheet.share);
    Object.assign(state, {
      phase: "handed", attempts: state.attempts + 1, last: share, best: Math.max(state.best, share), sum: state.sum + share,
      lastPassed: sheet.passed, everPassed: state.everPassed || sheet.passed,
    });
    const marks = new Map(sheet.marks.map((mark) => [mark.question, mark]));
    session.putInteractions(this.asked.map((question) =>
      interactionOf(question, state.answers[question.id] ?? [], /** @type {import("./grade.js").Mark} */ (marks.get(question.id)), this.seconds[question.id] ?? 0, new Date())));
    this.showResult(sheet);
    this.showStart();
    this.player.views.show("result");
    this.player.save(true);
  }

  showResult(sheet = this.sheet()) {
    const { course, state } = this.player;
    const { words, language } = course;
    const points = words.points.replace("POINTS", decimal(Number(sheet.points), language)).replace("MAXIMUM", `${sheet.maximum}`);
    const percent = `${decimal(Math.floor(hundredthsOf(sheet.share) / 10) / 10, language)}\u00a0%`;
    document.querySelector("[data-outcome]").textContent = `${sheet.passed ? words.passed : words.notPassed} – ${points} (${percent})`;
    document.querySelector("[data-not-passed]").hidden = sheet.passed;
    document.querySelector("[data-again]").hidden = this.attemptsLeft() === 0;
    document.querySelectorAll("[data-ring]").forEach((ring) => {
      ring.toggleAttribute("hidden", (ring.dataset.ring === "passed") !== sheet.passed);
      ring.querySelector(".ring__share").setAttribute("stroke-dasharray", `${hundredthsOf(sheet.share) / 100} 100`);
    });
    const place = document.querySelector("[data-review]");
    if (this.quiz.review !== "result") showReview(place, { ...course, quiz: this.quiz }, this.asked, state.answers, sheet);
  }

  showStart() {
    const { course: { words }, state } = this.player;
    const left = this.attemptsLeft();
    const said = left === null ? words.anyAttempts : left === 1 ? words.oneAttempt : words.severalAttempts.replace("COUNT", `${left}`);
    document.querySelector("[data-attempts]").textContent = said;
    const button = document.querySelector("[data-quiz=begin]");
    button.hidden = state.phase !== "open" && left === 0;
    button.querySelector(".kern-label").textContent = state.phase === "open" ? words.goOn : state.attempts ? words.again : words.begin;
    document.querySelector("[data-last-result]").hidden = state.phase !== "handed";
  }

  tick() {
    const { state, views, course: { words } } = this.player;
    if (state.phase !== "open") return;
    const here = views.here === "questions" ? this.asked[this.number]?.id : null;
    if (here) this.seconds[here] = (this.seconds[here] ?? 0) + 1;
    if (this.quiz.timeLimit === null) return;
    const left = state.begun + this.quiz.timeLimit * MINUTE - Date.now() / 1000;
    const minutes = Math.ceil(left / MINUTE);
    const said = minutes > 1 ? words.minutesLeft.replace("MINUTES", `${minutes}`) : words.lastMinute;
    const clock = this.view.querySelector("[data-clock]");
    if (clock.textContent !== said) clock.textContent = said;
    if (left <= 0) this.handIn();
  }
}
