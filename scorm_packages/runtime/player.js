// Starts everything: finds the LMS, brings the learner back to where they were, and keeps the LMS informed.

import { connect } from "./connect.js";
import { drawn } from "./drawing.js";
import { QuizPart } from "./quiz.js";
import { passedBy, scoreOf, statusOf } from "./report.js";
import { Session } from "./session.js";
import { fresh, read, written } from "./suspend.js";
import { Views } from "./views.js";

/** @type {Record<string, string>} */
const SHORT = { start: "s", quiz: "z", "hand-in": "a", result: "r", task: "t" };
const WIDE = matchMedia("(min-width: 900px)");

export class Player {
  /**
   * @param {Course} course
   * @param {any} lms  what `connect` found; null where nothing can be saved
   * @param {"alone" | "launchAgain"} problem  why
   */
  constructor(course, lms, problem = "alone") {
    this.course = course;
    this.problem = problem;
    this.state = fresh(course.pages.length);
    const clock = { now: () => Date.now(), later: (/** @type {() => void} */ action, /** @type {number} */ ms) => setTimeout(action, ms), never: clearTimeout.bind(window) };
    this.session = new Session(lms, (state, fault) => this.showSaving(state, fault), clock);
    this.views = new Views((id, byLearner) => this.arrive(id, byLearner));
  }

  start() {
    document.documentElement.classList.add("live");
    const memory = this.session.open();
    const { quiz, pages, version } = this.course;
    if (memory) this.state = read(memory.suspended, version, pages.length, (seed) => (quiz ? drawn(quiz, seed) : []));
    if (memory?.readOnly) this.say("readOnly");
    if (quiz) {
      this.quizPart = new QuizPart(this, quiz);
      this.quizPart.restore();
    }
    const back = memory ? this.viewOf(memory.place || this.state.place) : null;
    document.querySelector("[data-returned]").hidden = !back || back === "start";
    this.views.show(back ?? "start", false);
    this.save(true);
    this.listen();
    this.openSideWhenWide();
  }

  listen() {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.session.flush();
    });
    addEventListener("pagehide", () => this.session.end());
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload(); // the session said goodbye; a new one begins
    });
    addEventListener("online", () => this.session.flush());
    document.querySelector("[data-end]").addEventListener("click", () => this.end());
    document.querySelector("[data-retry]").addEventListener("click", () => this.session.flush());
  }

  /** @param {string} id @param {boolean} byLearner */
  arrive(id, byLearner) {
    document.querySelector("[data-returned]").hidden ||= byLearner;
    if (byLearner && !WIDE.matches) document.querySelector("[data-side]").open = false;
    const at = this.course.pages.findIndex(({ slug }) => id === `page-${slug}`);
    if (at >= 0) this.state.visited[at] = true;
    this.showProgress();
    if (byLearner && id !== "end") this.save();
  }

  save(now = false) {
    const { course, state } = this;
    state.place = this.place();
    this.showProgress();
    this.session.put({
      status: statusOf(state, course),
      place: state.place,
      suspended: written(state, course.version, course.quiz ? drawn(course.quiz, state.seed) : []),
      score: scoreOf(state, course.quiz),
      progress: Math.floor((state.visited.filter(Boolean).length / course.pages.length) * 100) / 100,
    }, now);
  }

  place() {
    const { here } = this.views;
    if (here === "questions") return `f${this.quizPart?.number.toString(36)}`;
    const at = this.course.pages.findIndex(({ slug }) => here === `page-${slug}`);
    return at >= 0 ? `p${at.toString(36)}` : SHORT[here] ?? "s";
  }

  /** @param {string} place */
  viewOf(place) {
    const at = Number.parseInt(place.slice(1), 36);
    if (place[0] === "p") return this.course.pages[at] ? `page-${this.course.pages[at].slug}` : null;
    if (place[0] === "f" && this.quizPart && this.state.phase === "open" && at < this.quizPart.asked.length) {
      this.quizPart.number = at;
      this.quizPart.showQuestion();
      return "questions";
    }
    const view = Object.keys(SHORT).find((name) => SHORT[name] === place[0]);
    if (view === "hand-in" || (view === "result" && this.state.phase !== "handed")) return "quiz";
    return view && this.views.all.has(view) ? view : null;
  }

  showProgress() {
    const { words } = this.course;
    const read = this.state.visited.filter(Boolean).length;
    document.querySelectorAll("[data-page-state]").forEach((part, at) => mark(part, this.state.visited[at], words.read, words.open));
    const { quiz } = this.course;
    const passed = quiz !== null && this.state.attempts > 0 && passedBy(this.state, quiz);
    document.querySelectorAll("[data-quiz-state]").forEach((part) => mark(part, passed, words.passed, words.open));
    document.querySelector("[data-progress-words]").textContent = words.pagesRead.replace("READ", `${read}`);
    document.querySelector("[data-progress]").value = read;
  }

  /**
   * @param {string} state
   * @param {string} [fault]
   */
  showSaving(state, fault) {
    const { words } = this.course;
    document.querySelector("[data-saved]").textContent = words.saving[state] ?? "";
    document.querySelector("[data-alarm]").hidden = state !== "unsaved";
    document.querySelector("[data-end]").hidden = state === "alone";
    if (state === "alone") this.say(this.problem);
    if (fault === "launchAgain") this.say(fault);
  }

  /** @param {"alone" | "readOnly" | "launchAgain"} name */
  say(name) {
    const band = document.querySelector("[data-band]");
    band.textContent = this.course.words[name];
    band.hidden = false;
  }

  async end() {
    await this.session.flush();
    if (this.session.state === "unsaved") {
      document.querySelector("[data-alarm]").focus();
      return;
    }
    await this.session.end();
    document.querySelector("[data-end]").hidden = true;
    document.querySelector("[data-side]").hidden = true;
    this.views.show("end");
    if (this.session.returnTo) location.assign(this.session.returnTo);
  }

  openSideWhenWide() {
    const side = document.querySelector("[data-side]");
    const fit = () => {
      side.open = WIDE.matches;
      side.querySelector("summary").tabIndex = WIDE.matches ? -1 : 0;
    };
    WIDE.addEventListener("change", fit);
    fit();
  }
}

/** @param {HTMLElement} part @param {boolean} done @param {string} wordsDone @param {string} wordsOpen */
function mark(part, done, wordsDone, wordsOpen) {
  part.querySelector("[data-shape]").replaceChildren(document.getElementById(`shape-${done ? "done" : "open"}`).content.cloneNode(true));
  part.querySelector("[data-words]").textContent = done ? wordsDone : wordsOpen;
}

const course = JSON.parse(document.getElementById("course").textContent);
connect(course, (lms, problem) => new Player(course, lms, problem).start());
