// SCORM 1.2: the same doors as api_scorm2004.js.

const KINDS = { single: "choice", multiple: "choice", image: "choice", true_false: "true-false", numeric: "numeric",
  text: "fill-in", gaps: "fill-in", order: "sequencing", match: "matching" };
const RESULTS = { right: "correct", wrong: "wrong", unanswered: "wrong" };
const RANK = { incomplete: 0, failed: 1, completed: 2, passed: 2 };
const LONGEST = 255;

export const apiName = "API";

export class Lms {
  constructor(api) {
    this.api = api;
  }

  open() {
    return yes(this.api.LMSInitialize(""));
  }

  memory() {
    return {
      status: this.get("cmi.core.lesson_status"),
      place: this.get("cmi.core.lesson_location"),
      suspended: this.get("cmi.suspend_data"),
      readOnly: ["browse", "review"].includes(this.get("cmi.core.lesson_mode")),
      interactions: Number.parseInt(this.get("cmi.interactions._count"), 10) || 0,
    };
  }

  /** What the LMS is to know, element by element, in the order it is told. */
  elements({ status, place, suspended, score }) {
    return [
      ["cmi.core.exit", "suspend"],
      ["cmi.core.lesson_status", status],
      ["cmi.core.lesson_location", place],
      ["cmi.suspend_data", suspended],
      ...(score === null ? [] : [["cmi.core.score.min", "0"], ["cmi.core.score.max", "100"], ["cmi.core.score.raw", hundredths(score)]]),
    ];
  }

  interaction(number, { name, kind, response, verdict, credit, weight, seconds, at }) {
    const path = `cmi.interactions.${number}`;
    const numeric = kind !== "numeric" || /^-?\d+(\.\d+)?$/.test(response.number ?? "");
    return [
      [`${path}.id`, name],
      [`${path}.type`, numeric ? KINDS[kind] : "fill-in"],
      [`${path}.time`, clock(at)],
      [`${path}.weighting`, `${weight}`],
      [`${path}.student_response`, responseOf(kind, response).slice(0, LONGEST)],
      [`${path}.result`, RESULTS[verdict] ?? credit],
      [`${path}.latency`, span(seconds)],
    ].filter(([, value]) => value !== "");
  }

  sessionTime(seconds) {
    return [["cmi.core.session_time", span(seconds)]];
  }

  set(element, value) {
    return yes(this.api.LMSSetValue(element, value));
  }

  get(element) {
    return `${this.api.LMSGetValue(element) ?? ""}`;
  }

  commit() {
    return yes(this.api.LMSCommit(""));
  }

  close() {
    return yes(this.api.LMSFinish(""));
  }

  problem() {
    return `${this.api.LMSGetLastError()}`;
  }

  /** The higher of two words: what has been passed stays passed. */
  higher(old, now) {
    return (RANK[old] ?? -1) >= RANK[now] ? old : now;
  }

  begun(status) {
    return status in RANK;
  }
}

function responseOf(kind, { letters, number, texts, truth }) {
  if (kind === "true_false") return truth ? "t" : "f";
  if (kind === "numeric") return number ?? texts[0] ?? "";
  if (kind === "match") return letters.map(([left, right]) => `${left}.${right}`).join(",");
  if (kind === "text" || kind === "gaps") return texts.join(", ");
  return letters.join(",");
}

const yes = (answer) => `${answer}` === "true";
const two = (value) => `${value}`.padStart(2, "0");
const hundredths = (score) => (score / 100).toFixed(2);
const clock = (date) => [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");

function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.min(9999, Math.floor(whole / 3600));
  return `${`${hours}`.padStart(4, "0")}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
