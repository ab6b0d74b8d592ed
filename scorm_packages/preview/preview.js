// A run-time for looking at a package: both standards' doors, every call beside it, the state kept in this browser.
// It checks less than an LMS does; what it refuses, an LMS refuses too.

const LONGEST = { "cmi.suspend_data": 4096, "cmi.core.lesson_location": 255, "cmi.location": 1000 };
const READ_ONLY = /_count$|^cmi\.(core\.)?(student|learner)_(id|name)$|^cmi\.(core\.)?(entry|credit|total_time|mode|lesson_mode)$/;
const WORDS = {
  "cmi.core.lesson_status": ["passed", "completed", "failed", "incomplete", "browsed", "not attempted"],
  "cmi.completion_status": ["completed", "incomplete", "not attempted", "unknown"],
  "cmi.success_status": ["passed", "failed", "unknown"],
};
const FIRST = {
  "cmi.core.lesson_status": "not attempted", "cmi.core.lesson_mode": "normal", "cmi.core.credit": "credit",
  "cmi.core.student_name": "Muster, Mia", "cmi.completion_status": "unknown", "cmi.success_status": "unknown", "cmi.mode": "normal",
  "cmi.credit": "credit", "cmi.learner_name": "Muster, Mia",
};

class RunTime {
  constructor() {
    this.key = `preview ${location.pathname}`;
    this.kept = JSON.parse(localStorage.getItem(this.key) ?? "{}");
    this.error = "0";
  }

  offer() {
    const doors = (names) => Object.fromEntries(Object.entries(names).map(([name, does]) => [name, (...words) => this.call(name, does, words)]));
    window.API = doors({ LMSInitialize: "open", LMSGetValue: "get", LMSSetValue: "set", LMSCommit: "commit", LMSFinish: "close", LMSGetLastError: "why", LMSGetErrorString: "words", LMSGetDiagnostic: "words" });
    window.API_1484_11 = doors({ Initialize: "open", GetValue: "get", SetValue: "set", Commit: "commit", Terminate: "close", GetLastError: "why", GetErrorString: "words", GetDiagnostic: "words" });
  }

  call(name, does, words) {
    if (does === "why") return this.error;
    if (does === "words") return "";
    this.error = "0";
    const answer = this[does](...words);
    show(name, words, answer, this.error);
    return answer;
  }

  open() {
    this.now = { ...this.kept };
    this.opened = true;
    told("läuft");
    return "true";
  }

  get(element) {
    if (element.endsWith("interactions._count")) {
      return `${new Set(Object.keys(this.now).map((name) => /interactions\.(\d+)/.exec(name)?.[1]).filter(Boolean)).size}`;
    }
    return this.now[element] ?? FIRST[element] ?? "";
  }

  set(element, value) {
    const text = `${value}`;
    if (READ_ONLY.test(element)) return this.refuse("403");
    if (text.length > (LONGEST[element] ?? Infinity) || !(WORDS[element] ?? [text]).includes(text)) return this.refuse("405");
    this.now[element] = text;
    return "true";
  }

  commit() {
    if (document.getElementById("refuse").checked) return this.refuse("101");
    this.kept = { ...this.now };
    localStorage.setItem(this.key, JSON.stringify(this.kept));
    list(this.kept);
    return "true";
  }

  close() {
    if (this.commit() === "false") return "false";
    this.opened = false;
    told("beendet");
    return "true";
  }

  refuse(error) {
    this.error = error;
    return "false";
  }
}

function show(name, words, answer, error) {
  const line = document.createElement("li");
  line.textContent = `${name}(${words.join(", ")}) → ${answer}${error === "0" ? "" : ` [${error}]`}`;
  if (error !== "0") line.className = "refused";
  document.getElementById("calls").prepend(line);
}

function list(kept) {
  document.getElementById("kept").replaceChildren(...Object.entries(kept).filter(([name]) => !name.includes("interactions")).flatMap(([name, value]) => {
    const term = document.createElement("dt");
    term.textContent = name;
    const said = document.createElement("dd");
    said.textContent = value;
    return [term, said];
  }));
}

function told(state) {
  document.getElementById("state").textContent = `Sitzung ${state}.`;
}

addEventListener("DOMContentLoaded", () => {
  const runTime = new RunTime();
  const place = document.getElementById("place");
  const open = () => {
    const frame = document.createElement("iframe");
    frame.title = "Paket";
    frame.src = document.documentElement.dataset.start;
    place.replaceChildren(frame);
  };
  runTime.offer();
  list(runTime.kept);
  document.getElementById("leave").addEventListener("click", () => place.replaceChildren());
  document.getElementById("return").addEventListener("click", open);
  document.getElementById("forget").addEventListener("click", () => {
    place.replaceChildren();
    runTime.kept = {};
    localStorage.removeItem(runTime.key);
    list({});
    open();
  });
  open();
});
