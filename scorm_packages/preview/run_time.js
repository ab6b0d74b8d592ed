// What a package speaks with while it is looked at: scorm-again where the page has it, a small run-time of ours elsewhere.
// It writes down every call, keeps what was committed in the browser, and refuses what it is told to refuse.

/** @typedef {{name: string, does: string, words: string[], answer: string, error: string}} Call */
/** @typedef {Record<string, string>} Kept */

const OLD = {
  LMSInitialize: "open", LMSGetValue: "get", LMSSetValue: "set", LMSCommit: "commit", LMSFinish: "close",
  LMSGetLastError: "why", LMSGetErrorString: "explain", LMSGetDiagnostic: "explain",
};
const NEW = {
  Initialize: "open", GetValue: "get", SetValue: "set", Commit: "commit", Terminate: "close",
  GetLastError: "why", GetErrorString: "explain", GetDiagnostic: "explain",
};
const REFUSED = "101";
const OF_ONE_SESSION = /interactions|session_time|exit/;

export class RunTime {
  /**
   * @param {string} edition  "1.2", or anything else for 2004
   * @param {string} key  of the browser's storage
   * @param {(call: Call) => void} heard
   */
  constructor(edition, key, heard) {
    this.old = edition === "1.2";
    this.key = key;
    this.heard = heard;
    /** @type {Set<string>} */
    this.refuse = new Set();
    /** @type {Kept} */
    this.kept = JSON.parse(localStorage.getItem(key) ?? "{}");
    /** @type {Kept} */
    this.told = {};
    this.error = "0";
    this.begin();
  }

  begin() {
    this.told = {};
    const Again = /** @type {any} */ (window)[this.old ? "Scorm12API" : "Scorm2004API"];
    this.engine = Again ? new Again({ logLevel: 5 }) : small(this.kept, this.names);
    const known = Object.entries(this.kept).filter(([name]) => !OF_ONE_SESSION.test(name));
    if (Again) this.engine.loadFromFlattenedJSON(Object.fromEntries(known));
  }

  get names() {
    return this.old ? OLD : NEW;
  }

  /** Puts the door where packages look for it. @param {any} place */
  offer(place) {
    const functions = Object.entries(this.names).map(([name, does]) => [name, (/** @type {string[]} */ ...words) => this.call(name, does, words)]);
    place[this.old ? "API" : "API_1484_11"] = Object.fromEntries(functions);
  }

  /** @param {string} name @param {string} does @param {string[]} words */
  call(name, does, words) {
    if (does === "why") return this.error;
    if (does === "explain") return this.engine[name](...words);
    if (does === "open") this.begin();
    const refused = this.refuse.has(does);
    const answer = refused ? "false" : `${this.engine[name](...words)}`;
    this.error = refused ? REFUSED : `${this.engine[this.old ? "LMSGetLastError" : "GetLastError"]()}`;
    if (answer === "true") this.remember(does, words);
    this.heard({ name, does, words, answer, error: this.error });
    return answer;
  }

  /** @param {string} does @param {string[]} words */
  remember(does, [element, value]) {
    if (does === "set") this.told[element] = `${value}`;
    if (does !== "commit" && does !== "close") return;
    Object.assign(this.kept, this.told);
    localStorage.setItem(this.key, JSON.stringify(this.kept));
  }

  forget() {
    this.kept = {};
    localStorage.removeItem(this.key);
  }
}

/** @type {Record<string, number>} */
const LONGEST = { "cmi.suspend_data": 4096, "cmi.core.lesson_location": 255, "cmi.location": 1000 };
const READ_ONLY = /_count$|^cmi\.(core\.)?(student|learner)_(id|name)$|^cmi\.(core\.)?(entry|credit|total_time|mode|lesson_mode)$/;
/** @type {Record<string, string[]>} */
const WORDS = {
  "cmi.core.lesson_status": ["passed", "completed", "failed", "incomplete", "browsed", "not attempted"],
  "cmi.completion_status": ["completed", "incomplete", "not attempted", "unknown"],
  "cmi.success_status": ["passed", "failed", "unknown"],
};
/** @type {Kept} */
const FIRST = {
  "cmi.core.lesson_status": "not attempted", "cmi.core.lesson_mode": "normal", "cmi.core.credit": "credit",
  "cmi.core.student_name": "Muster, Mia", "cmi.completion_status": "unknown", "cmi.success_status": "unknown", "cmi.mode": "normal",
  "cmi.credit": "credit", "cmi.learner_name": "Muster, Mia",
};

/**
 * The small one. It checks less than an LMS does; what it refuses, an LMS refuses too.
 *
 * @param {Kept} kept
 * @param {Record<string, string>} names
 */
function small(kept, names) {
  const now = { ...kept };
  let error = "0";
  /** @param {string} code */
  const refuse = (code) => {
    error = code;
    return "false";
  };
  /** @type {Record<string, (...words: string[]) => string>} */
  const doing = {
    open: () => "true",
    commit: () => "true",
    close: () => "true",
    why: () => error,
    explain: () => "",
    get: (element) => (element.endsWith("interactions._count") ? `${numbersIn(now).size}` : now[element] ?? FIRST[element] ?? ""),
    set: (element, value) => {
      const text = `${value}`;
      if (READ_ONLY.test(element)) return refuse("403");
      if (text.length > (LONGEST[element] ?? Infinity) || !(WORDS[element] ?? [text]).includes(text)) return refuse("405");
      now[element] = text;
      return "true";
    },
  };
  const functions = Object.entries(names).map(([name, does]) => [name, (/** @type {string[]} */ ...words) => {
    if (does !== "why") error = "0";
    return doing[does](...words);
  }]);
  return Object.fromEntries(functions);
}

/** @param {Kept} now */
function numbersIn(now) {
  return new Set(Object.keys(now).map((name) => /interactions\.(\d+)/.exec(name)?.[1]).filter(Boolean));
}
