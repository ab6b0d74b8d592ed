// The way to the learning record store of one cmi5 session. The token that opens it stays in here: no address, no storage
// and no message ever holds it.

/** @typedef {import("./statements.js").Launch} Launch */
/** @typedef {import("./statements.js").Statement} Statement */

const VERSION = "1.0.3";
const PATIENCE = 30_000;
const MOST_AT_GOODBYE = 60_000; // browsers let no more than 64 KiB out of a page that closes
const CLIENT_FAULT = 400;
const SERVER_FAULT = 500;
const BUSY = 429;

/** The store answered, and did not do what it was asked. */
export class Refused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`${status}`);
    this.status = status;
  }
}

export class Lrs {
  #token;

  /**
   * @param {Launch} launch
   * @param {string} token
   * @param {(address: string, wish: any) => Promise<any>} send  as `fetch` does
   */
  constructor(launch, token, send) {
    this.launch = launch;
    this.#token = token;
    this.send = send;
  }

  /**
   * A document about this learner in this module; null where there is none.
   *
   * @param {string} stateId
   */
  async state(stateId) {
    return this.read("activities/state", this.stateOf(stateId));
  }

  /**
   * @param {string} stateId
   * @param {any} document
   */
  async keepState(stateId, document) {
    const answer = await this.ask("PUT", "activities/state", this.stateOf(stateId), document);
    if (!answer.ok) throw new Refused(answer.status);
  }

  /** What the learner prefers in every module; a store need not tell. */
  async preferences() {
    try {
      return await this.read("agents/profile", { agent: this.agent(), profileId: "cmi5LearnerPreferences" });
    } catch (fault) {
      if (fault instanceof Refused && fault.status < SERVER_FAULT) return null;
      throw fault;
    }
  }

  /**
   * Has statements kept, in their order. What the store has already counts as kept: a first try may have got through
   * although no answer came back.
   *
   * @param {Statement[]} statements
   * @returns {Promise<void>}
   */
  async tell(statements) {
    const answer = await this.ask("POST", "statements", {}, statements);
    if (answer.ok) return;
    const refused = answer.status >= CLIENT_FAULT && answer.status < SERVER_FAULT && answer.status !== BUSY;
    if (refused && statements.length > 1) {
      for (const statement of statements) await this.tell([statement]);
    } else if (!refused || !(await this.has(statements[0].id))) {
      throw new Refused(answer.status);
    }
  }

  /** @param {string} statementId */
  async has(statementId) {
    const answer = await this.ask("GET", "statements", { statementId });
    return answer.ok;
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} words
   */
  async read(path, words) {
    const answer = await this.ask("GET", path, words);
    if (answer.status === 404 || answer.status === 204) return null;
    if (!answer.ok) throw new Refused(answer.status);
    return answer.json();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} words
   * @param {any} [body]
   */
  ask(method, path, words, body) {
    const query = new URLSearchParams(words).toString();
    const text = body === undefined ? undefined : JSON.stringify(body);
    return this.send(`${this.launch.endpoint.replace(/\/*$/, "/")}${path}${query ? `?${query}` : ""}`, {
      method,
      headers: {
        Authorization: `Basic ${this.#token}`,
        "X-Experience-API-Version": VERSION,
        ...(text === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: text,
      cache: "no-store",
      referrerPolicy: "no-referrer",
      keepalive: text !== undefined && text.length < MOST_AT_GOODBYE, // so that it still goes out when the page closes
      signal: AbortSignal.timeout?.(PATIENCE),
    });
  }

  /** @param {string} stateId */
  stateOf(stateId) {
    const { activityId, registration } = this.launch;
    return { activityId, agent: this.agent(), registration, stateId };
  }

  agent() {
    return JSON.stringify(this.launch.actor);
  }
}
