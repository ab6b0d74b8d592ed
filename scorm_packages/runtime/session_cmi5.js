// The run-time of cmi5 as one machine, with the doors of session.js. Its states:
//
//   alone    nobody launched the module: everything can be read and done, nothing is saved
//   silent   the LMS only lets the learner look: it hears of the beginning and the end, and nothing between
//   saved    the store has everything it was told
//   waiting  something new is to be told; it goes out when the learner pauses
//   unsaved  the store refused or did not answer; it is tried again, later and later, with the same statements
//   ended    said goodbye; nothing is said any more
//
// What is said, always in this order:
//
//   initialized  first of all
//   answered     every answer, when the quiz is handed in
//   completed    once for a learner, with the first report that says passed or completed
//   passed       once for a learner, after it, where a quiz was passed
//   failed       kept back until the goodbye and only where nothing better was told: a session may hold either passed or
//                failed, and whoever failed may try again in it
//   terminated   last of all
//
// Where the learner is and what they answered is a state document, put after the statements.

import { verbOf } from "./statements.js";

/** @typedef {import("./statements.js").Statement} Statement */

export const STATE_ID = "smartcity.state";
const PAUSE = 800;
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 60_000;
const NOT_ANY_MORE = [401, 403];

export class Session {
  /**
   * @param {any} line  what connect_cmi5.js has prepared; null where nobody launched the module
   * @param {(state: string, problem?: string) => void} told
   * @param {{now: () => number, later: (action: () => void, ms: number) => any, never: (timer: any) => void}} clock
   */
  constructor(line, told, clock) {
    this.line = line;
    this.told = told;
    this.clock = clock;
    this.state = "alone";
    /** @type {Statement[]} */
    this.outbox = [];
    /** @type {Statement[]} */
    this.underWay = [];
    /** @type {Set<string>} */
    this.said = new Set();
    /** @type {any} */
    this.report = null;
    /** @type {Promise<boolean> | undefined} */
    this.errand = undefined;
    this.kept = "";
    this.tried = false;
    this.retry = FIRST_RETRY;
    this.start = clock.now();
  }

  /** Where the LMS wants the learner to go afterwards. */
  get returnTo() {
    const address = this.line?.data.returnURL ?? "";
    return /^https?:/.test(address) ? address : null;
  }

  /** Opens the session; what the store remembers, or null where nothing is saved. */
  open() {
    if (!this.line) {
      this.change("alone");
      return null;
    }
    const { kept, data } = this.line;
    this.readOnly = data.launchMode !== "Normal";
    this.spent = kept?.seconds ?? 0;
    this.said = new Set(kept?.said ?? []);
    this.outbox.push(this.line.statements.initialized(this.moment()));
    this.change(this.readOnly ? "silent" : "saved");
    this.flush();
    return { status: "", place: kept?.place ?? "", suspended: kept?.suspended ?? "", readOnly: this.readOnly, interactions: 0 };
  }

  /**
   * Tells where the learner is; `now` for what must not wait.
   *
   * @param {import("./report.js").Report} report
   */
  put(report, now = false) {
    if (!this.speaks()) return;
    this.report = report;
    const { status, score } = report;
    if (status === "completed" || status === "passed") {
      this.sayOnce("completed");
      if (status === "passed" && score !== null) this.sayOnce("passed", score);
    }
    if (now) this.flush();
    else this.soon(PAUSE);
  }

  /**
   * Tells what was answered, once per attempt.
   *
   * @param {import("./report.js").Interaction[]} all
   */
  putInteractions(all) {
    if (!this.speaks()) return;
    this.tried = true;
    this.outbox.push(...all.map((interaction) => this.line.statements.answered(interaction)));
  }

  speaks() {
    return !this.readOnly && this.state !== "alone" && this.state !== "ended";
  }

  /**
   * @param {"completed"|"passed"} verb
   * @param {number} [score]
   */
  sayOnce(verb, score) {
    if (this.said.has(verb) || this.outbox.some((statement) => verbOf(statement) === verb)) return;
    this.outbox.push(this.line.statements[verb](this.moment(), this.seconds(), score));
  }

  isDirty() {
    return this.outbox.length > 0 || (this.report !== null && this.fingerprint() !== this.kept);
  }

  fingerprint() {
    return JSON.stringify([this.report.place, this.report.suspended, [...this.said]]);
  }

  document() {
    const { place, suspended } = this.report;
    return { place, suspended, said: [...this.said], seconds: this.seconds() };
  }

  /** @param {number} ms */
  soon(ms) {
    if (!this.isDirty()) return;
    if (this.state === "saved") this.change("waiting");
    this.clock.never(this.timer);
    this.timer = this.clock.later(() => this.flush(), ms);
  }

  /** Says everything that is new. One such errand is under way at a time; it takes along what comes up meanwhile. */
  flush() {
    if (this.state === "alone" || this.state === "ended") return Promise.resolve(true);
    this.clock.never(this.timer);
    this.errand ??= this.deliver().finally(() => {
      this.errand = undefined;
    });
    return this.errand;
  }

  async deliver() {
    while (this.isDirty() && this.state !== "ended") {
      const fault = (await this.deliverStatements()) ?? (await this.deliverState());
      if (fault) {
        this.fail(fault);
        return false;
      }
    }
    this.retry = FIRST_RETRY;
    if (this.state === "waiting" || this.state === "unsaved") this.change("saved");
    return true;
  }

  /** @returns {Promise<any>}  what went wrong, or null */
  async deliverStatements() {
    this.underWay = [...this.outbox];
    if (this.underWay.length === 0) return null;
    try {
      await this.line.lrs.tell(this.underWay);
      this.outbox = this.outbox.filter((statement) => !this.underWay.includes(statement));
      this.underWay.map(verbOf).filter((verb) => verb === "completed" || verb === "passed").forEach((verb) => this.said.add(verb));
      return null;
    } catch (fault) {
      await this.deliverState(); // where the learner is does not depend on what a statement is refused for
      return fault;
    } finally {
      this.underWay = [];
    }
  }

  /** @returns {Promise<any>}  what went wrong, or null */
  async deliverState() {
    if (this.report === null || this.fingerprint() === this.kept) return null;
    const fingerprint = this.fingerprint();
    try {
      await this.line.lrs.keepState(STATE_ID, this.document());
      this.kept = fingerprint;
      return null;
    } catch (fault) {
      return fault;
    }
  }

  /** @param {any} fault */
  fail(fault) {
    if (this.state === "ended") return;
    if (!this.readOnly) this.change("unsaved", NOT_ANY_MORE.includes(fault.status) ? "launchAgain" : "");
    this.timer = this.clock.later(() => this.flush(), this.retry);
    this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
  }

  /** Says goodbye, with everything that is left and not on its way already; the page may be closing. */
  end() {
    if (this.state === "alone" || this.state === "ended") return Promise.resolve(true);
    this.clock.never(this.timer);
    const { lrs, statements } = this.line;
    const last = this.outbox.filter((statement) => !this.underWay.includes(statement));
    if (this.hasFailed()) {
      last.push(statements.failed(this.moment(), this.seconds(), this.report.score));
      this.said.add("failed");
    }
    last.push(statements.terminated(this.moment(), this.seconds() - (this.spent ?? 0)));
    const errands = [lrs.tell(last)];
    if (this.report) errands.push(lrs.keepState(STATE_ID, this.document()));
    this.state = "ended";
    return Promise.all(errands).then(() => true, () => false);
  }

  /** Whether a failure is to be told that was not told before, and nothing better was. */
  hasFailed() {
    const better = (/** @type {string} */ verb) => verb === "completed" || verb === "passed";
    if (this.report?.status !== "failed" || [...this.said].some(better) || this.outbox.map(verbOf).some(better)) return false;
    return this.tried || !this.said.has("failed");
  }

  moment() {
    return new Date(this.clock.now());
  }

  /** How long the learner has been at it, in this session and those before. */
  seconds() {
    return Math.round((this.spent ?? 0) + (this.clock.now() - this.start) / 1000);
  }

  /** @param {string} state */
  change(state, problem = "") {
    this.state = state;
    this.told(state, problem);
  }
}
