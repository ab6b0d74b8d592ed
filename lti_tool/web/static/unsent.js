// Answers that the server does not have yet. They stay in the browser, by attempt, so that a dropped line, a
// reload and even a new launch of the same activity lose none; they are sent one after the other, newest value last.

import { forget, keep, recall } from "./keeping.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const LOST = new Set([400, 404, 409, 413]); // the server will never take these
const ENDED = new Set([401, 403]); // kept for the next launch
/** @type {Record<string, string>} */
const TOLD_APART = { "attempt.late": "late", "attempt.not_a_number": "number" };

export class Unsent {
  /**
   * @param {Made} words  attempt, save and csrf
   * @param {(event: string, details?: {question: string, answer: string[], text: string}) => void} tell
   */
  constructor({ attempt, save, csrf }, tell) {
    this.key = `smartcity-unsent-${attempt}`;
    this.save = save;
    this.csrf = csrf;
    this.tell = tell;
    /** @type {Map<string, string[]>} */
    this.answers = new Map(Object.entries(JSON.parse(recall(this.key) ?? "{}")));
    this.wait = FIRST_WAIT;
    /** @type {?Promise<boolean>} */
    this.sending = null;
    window.addEventListener("online", () => this.flush());
    window.addEventListener("beforeunload", (event) => {
      if (!this.empty) event.preventDefault(); // the browser asks whether to leave
    });
  }

  get empty() {
    return this.answers.size === 0;
  }

  /** @param {string} question */
  answerTo(question) {
    return this.answers.get(question);
  }

  /** @param {string} question @param {string[]} answer */
  put(question, answer) {
    this.answers.set(question, answer);
    this.#store();
    return this.flush();
  }

  // Sends what is there; resolves to whether everything has arrived. Only one round runs at a time.
  flush() {
    this.sending ??= this.#sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async #sendAll() {
    clearTimeout(this.timer);
    for (;;) {
      const [first] = this.answers;
      if (!first) return true;
      const [question, answer] = first;
      const outcome = await this.#send(question, answer);
      if (outcome === "later") {
        this.timer = setTimeout(() => this.flush(), this.wait);
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
        return false;
      }
      if (outcome === "ended") return false;
      this.wait = FIRST_WAIT;
      if (this.answers.get(question) === answer) this.answers.delete(question);
      this.#store();
    }
  }

  /** @param {string} question @param {string[]} answer */
  async #send(question, answer) {
    let response;
    try {
      response = await fetch(this.save.replace("QUESTION", encodeURIComponent(question)), {
        method: "PUT",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": this.csrf },
        body: JSON.stringify({ answer }),
        signal: AbortSignal.timeout(15000),
      });
    } catch {
      this.tell("offline");
      return "later";
    }
    if (response.ok) {
      this.tell("saved", { question, answer, text: (await response.json()).text });
      return "sent";
    }
    const special = response.status < 500 && TOLD_APART[await codeOf(response)];
    if (special) {
      this.tell(special);
      return "lost";
    }
    if (ENDED.has(response.status)) {
      this.tell("ended");
      return "ended";
    }
    if (LOST.has(response.status)) {
      this.tell(response.status === 409 ? "closed" : "refused");
      return "lost";
    }
    this.tell("offline");
    return "later";
  }

  #store() {
    if (this.empty) forget(this.key);
    else keep(this.key, JSON.stringify(Object.fromEntries(this.answers)));
  }
}

/** @param {Response} response */
async function codeOf(response) {
  try {
    return (await response.json()).code;
  } catch {
    return undefined;
  }
}
