// SCORM 2004: the same doors as api_scorm12.js.

const KINDS = { single: "choice", multiple: "choice", image: "choice", true_false: "true-false", numeric: "numeric",
  text: "fill-in", gaps: "fill-in", order: "sequencing", match: "matching" };
const RESULTS = { right: "correct", wrong: "incorrect", unanswered: "incorrect" };
const RANK = { incomplete: 0, failed: 1, completed: 2, passed: 2 };
const WORDS = {
  incomplete: ["incomplete", "unknown"],
  failed: ["completed", "failed"],
  completed: ["completed", "unknown"],
  passed: ["completed", "passed"],
};
const LONGEST = 250;

export const apiName = "API_1484_11";

export class Lms {
  constructor(api) {
    this.api = api;
  }

  open() {
    return yes(this.api.Initialize(""));
  }

  memory() {
    return {
      status: this.status(),
      place: this.get("cmi.location"),
      suspended: this.get("cmi.suspend_data"),
      readOnly: ["browse", "review"].includes(this.get("cmi.mode")),
      interactions: Number.parseInt(this.get("cmi.interactions._count"), 10) || 0,
    };
  }

  status() {
    const success = this.get("cmi.success_status");
    if (success === "passed" || success === "failed") return success;
    return this.get("cmi.completion_status");
  }

  elements({ status, place, suspended, score, progress }) {
    const [completion, success] = WORDS[status];
    return [
      ["cmi.exit", "suspend"],
      ["cmi.completion_status", completion],
      ["cmi.success_status", success],
      ["cmi.location", place],
      ["cmi.progress_measure", `${progress}`],
      ["cmi.suspend_data", suspended],
      ...(score === null ? [] : [["cmi.score.min", "0"], ["cmi.score.max", "100"], ["cmi.score.raw", (score / 100).toFixed(2)], ["cmi.score.scaled", `${score / 10000}`]]),
    ];
  }

  interaction(number, { name, kind, response, verdict, credit, weight, seconds, at }) {
    const path = `cmi.interactions.${number}`;
    const numeric = kind !== "numeric" || /^-?\d+(\.\d+)?$/.test(response.number ?? "");
    return [
      [`${path}.id`, name],
      [`${path}.type`, numeric ? KINDS[kind] : "fill-in"],
      [`${path}.timestamp`, moment(at)],
      [`${path}.weighting`, `${weight}`],
      [`${path}.learner_response`, responseOf(kind, response)],
      [`${path}.result`, RESULTS[verdict] ?? credit],
      [`${path}.latency`, span(seconds)],
    ].filter(([, value]) => value !== "");
  }

  sessionTime(seconds) {
    return [["cmi.session_time", span(seconds)]];
  }

  set(element, value) {
    return yes(this.api.SetValue(element, value));
  }

  get(element) {
    return `${this.api.GetValue(element) ?? ""}`;
  }

  commit() {
    return yes(this.api.Commit(""));
  }

  close() {
    return yes(this.api.Terminate(""));
  }

  problem() {
    return `${this.api.GetLastError()}`;
  }

  higher(old, now) {
    return (RANK[old] ?? -1) >= RANK[now] ? old : now;
  }

  begun(status) {
    return status in RANK;
  }
}

function responseOf(kind, { letters, number, texts, truth }) {
  if (kind === "true_false") return truth ? "true" : "false";
  if (kind === "numeric") return number ?? (texts[0] ?? "").slice(0, LONGEST);
  if (kind === "match") return letters.map(([left, right]) => `${left}[.]${right}`).join("[,]");
  if (kind === "text" || kind === "gaps") return texts.map((text) => text.slice(0, LONGEST)).join("[,]");
  return letters.join("[,]");
}

const yes = (answer) => `${answer}` === "true";
const moment = (date) => `${date.toISOString().slice(0, 19)}.00Z`; // Moodle refuses Z without two decimals before it
const span = (seconds) => `PT${Math.max(0, Math.round(seconds))}S`;
