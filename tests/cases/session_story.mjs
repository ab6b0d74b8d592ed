// Plays a story with the player's session against an LMS that does what the story says; prints what was said to it.

import { readFileSync } from "node:fs";

const { runtime, edition, kept, story } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const { Lms } = await import(`${runtime}/${edition}.js`);
const { Session } = await import(`${runtime}/session.js`);

const old = edition === "api_scorm12";
const refused = new Set();
const said = [];
const api = new Proxy({}, {
  get: (_target, name) => (...words) => {
    const does = name.replace("LMS", "");
    if (does === "GetValue") return kept[words[0]] ?? "";
    if (does.startsWith("GetLast")) return "101";
    said.push([does, ...words.filter((word) => word !== "")]);
    if (refused.has("throw")) throw new Error("gone");
    return refused.has(does) ? "false" : "true";
  },
});

let now = 0;
let timers = [];
const clock = {
  now: () => now,
  later: (action, ms) => { const timer = { at: now + ms, action }; timers.push(timer); return timer; },
  never: (timer) => { timers = timers.filter((other) => other !== timer); },
};
const states = [];
const problems = [];
const session = new Session(story.noApi ? null : new Lms(api), (state, problem) => { states.push(state); problems.push(problem); }, clock);
const report = { status: "incomplete", place: "p0", suspended: "1|x", score: null, progress: 0 };
const steps = {
  open: () => session.open(),
  put: (change, at) => session.put({ ...report, ...change }, at === "now"),
  wait: (ms) => {
    const until = now + ms;
    for (;;) {
      const next = timers.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = next.at;
      next.action();
    }
    now = until;
  },
  refuse: (...what) => what.forEach((one) => refused.add(one)),
  accept: () => refused.clear(),
  flush: () => session.flush(),
  end: () => session.end(),
  answer: (interaction) => session.putInteractions([{ ...interaction, at: new Date(2026, 10, 25, 9, 5, 7) }]),
};
story.steps.forEach(([name, ...words]) => steps[name](...words));
console.log(JSON.stringify({ said, states, problems, old }));
