// The run-time as one machine. Its states:
//
//   alone    no LMS was found: everything can be read and done, nothing is saved
//   silent   the LMS shows the module without grading it: nothing is to be told
//   saved    the LMS has everything it was told
//   waiting  something new is to be told; it goes out when the learner pauses, at the latest after MOST
//   unsaved  the LMS refused or did not answer; it is tried again, later and later
//   ended    said goodbye; nothing is said any more
//
// A value is told again only when it has changed. Nothing is committed right before the goodbye: LMSs do that themselves,
// and while a page goes away a commit fails in some browsers where the goodbye still gets through.

import { higher } from "./report.js";

const PAUSE = 800;
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 60_000;

export class Session {
  /**
   * @param {?InstanceType<typeof import("./api.js").Lms>} lms  null where none was found
   * @param {(state: string, problem?: string) => void} told
   * @param {{now: () => number, later: (action: () => void, ms: number) => any, never: (timer: any) => void}} clock
   */
  constructor(lms, told, clock) {
    this.lms = /** @type {InstanceType<typeof import("./api.js").Lms>} */ (lms); // asked for nothing while there is none
    this.told = told;
    this.clock = clock;
    this.state = "alone";
    this.old = "";
    this.readOnly = false;
    this.interactions = 0;
    this.dirty = false;
    this.accepted = new Map();
    this.wanted = new Map();
    this.retry = FIRST_RETRY;
    this.start = clock.now();
    /** @type {?string} */
    this.returnTo = null; // where SCORM is spoken, the LMS leads on by itself
  }

  /** Opens the session; what the LMS remembers, or null where nothing is saved. */
  open() {
    if (!this.lms || !attempt(() => this.lms.open())) {
      this.change("alone");
      return null;
    }
    const memory = attempt(() => this.lms.memory()) || { status: "", place: "", suspended: "", readOnly: false, interactions: 0 };
    this.old = memory.status;
    this.readOnly = memory.readOnly;
    this.interactions = memory.interactions;
    this.change(this.readOnly ? "silent" : "saved");
    return memory;
  }

  /** Tells the LMS where the learner is; `now` for what must not wait. @param {import("./report.js").Report} report */
  put(report, now = false) {
    if (!this.speaks()) return;
    const status = higher(this.old, report.status);
    this.old = status;
    this.want(this.lms.elements({ ...report, status }));
    if (now) this.flush();
    else this.soon(PAUSE);
  }

  /** Tells the LMS what was answered, once per attempt. @param {import("./report.js").Interaction[]} all */
  putInteractions(all) {
    if (!this.speaks()) return;
    all.forEach((interaction) => {
      this.want(this.lms.interaction(this.interactions, interaction));
      this.interactions += 1;
    });
  }

  speaks() {
    return !this.readOnly && this.state !== "alone" && this.state !== "ended";
  }

  /** @param {[element: string, value: string][]} elements */
  want(elements) {
    elements.forEach(([element, value]) => {
      if (this.accepted.get(element) === value) this.wanted.delete(element);
      else this.wanted.set(element, value);
    });
    this.dirty ||= this.wanted.size > 0;
  }

  /** @param {number} ms */
  soon(ms) {
    if (!this.dirty) return;
    if (this.state === "saved") this.change("waiting");
    this.clock.never(this.timer);
    this.timer = this.clock.later(() => this.flush(), ms);
  }

  /** Says everything that is new, and has the LMS keep it. */
  flush() {
    if (!this.speaks() || !this.dirty) return true;
    this.clock.never(this.timer);
    const told = this.tell();
    const kept = attempt(() => this.lms.commit());
    if (told && kept) {
      this.dirty = false;
      this.retry = FIRST_RETRY;
      this.change("saved");
      return true;
    }
    this.change("unsaved", attempt(() => this.lms.problem()) || "");
    this.timer = this.clock.later(() => this.flush(), this.retry);
    this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
    return false;
  }

  tell() {
    let all = true;
    [...this.wanted].forEach(([element, value]) => {
      if (attempt(() => this.lms.set(element, value))) {
        this.accepted.set(element, value);
        this.wanted.delete(element);
      } else {
        all = false;
      }
    });
    return all;
  }

  /** Says goodbye, with the time spent; without a commit. */
  end() {
    if (this.state === "alone" || this.state === "ended") return true;
    this.clock.never(this.timer);
    if (!this.readOnly) {
      this.want(this.lms.sessionTime((this.clock.now() - this.start) / 1000));
      this.tell();
    }
    const closed = attempt(() => this.lms.close());
    this.state = "ended";
    return Boolean(closed);
  }

  /** @param {string} state */
  change(state, problem = "") {
    this.state = state;
    this.told(state, problem);
  }
}

/** An LMS that throws has not done what it was asked. @template T @param {() => T} action @returns {T | false} */
function attempt(action) {
  try {
    return action();
  } catch {
    return false;
  }
}
