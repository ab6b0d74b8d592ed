// Plays a story with the cmi5 player's session against a small store in memory; prints what the store was asked and holds.

import { readFileSync } from "node:fs";

const { runtime, data, kept, story } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const { launchIn, open } = await import(`${runtime}/connect_cmi5.js`);
const { Session } = await import(`${runtime}/session_cmi5.js`);

globalThis.document = { querySelector: () => null, querySelectorAll: () => [] };
const asked = [];
const store = { statements: [], state: kept ?? null, posts: [], tokens: 0 };
const refuse = new Set(story.refuse ?? []);

function answer(status, body) {
  return { ok: status < 300, status, json: async () => body };
}

function post(body) {
  store.posts.push(body.map((statement) => statement.id));
  const known = new Set(store.statements.map((statement) => statement.id));
  if (body.some((statement) => refuse.has(`verb ${statement.verb.id.split("/").at(-1)}`))) return answer(400);
  if (body.some((statement) => known.has(statement.id))) return answer(409);
  store.statements.push(...body);
  return answer(200, body.map((statement) => statement.id));
}

async function send(address, wish) {
  const url = new URL(address);
  asked.push([wish.method, url.pathname, url.searchParams.get("stateId") ?? url.searchParams.get("profileId") ?? "", wish.headers?.Authorization ?? ""]);
  if (url.pathname === "/token") {
    store.tokens += 1;
    return answer(200, store.tokens > 1 || refuse.has("token") ? { "error-code": "1", "error-text": "used" } : { "auth-token": "geheim" });
  }
  if (refuse.has("network")) throw new TypeError("gone");
  if (refuse.has("503")) return answer(503);
  if (refuse.has("403") && wish.method !== "GET") return answer(403);
  if (url.pathname.endsWith("/agents/profile")) return refuse.has("profile") ? answer(403) : answer(404);
  if (url.pathname.endsWith("/activities/state")) {
    if (url.searchParams.get("stateId") === "LMS.LaunchData") return data ? answer(200, data) : answer(404);
    if (wish.method === "GET") return store.state ? answer(200, store.state) : answer(404);
    store.state = JSON.parse(wish.body);
    return answer(204);
  }
  if (wish.method === "GET") {
    return answer(store.statements.some((statement) => statement.id === url.searchParams.get("statementId")) ? 200 : 404);
  }
  const told = post(JSON.parse(wish.body));
  if (refuse.has("answers")) throw new TypeError("the answer got lost");
  return told;
}

let now = Date.UTC(2026, 10, 25, 9);
let timers = [];
const clock = {
  now: () => now,
  later: (action, ms) => { const timer = { at: now + ms, action }; timers.push(timer); return timer; },
  never: (timer) => { timers = timers.filter((other) => other !== timer); },
};
const settle = () => new Promise((go) => setImmediate(go));
const states = [];
const told = (state, problem) => states.push(problem ? `${state} ${problem}` : state);

const query = new URLSearchParams({
  endpoint: "https://lrs.example/xapi", fetch: "https://lms.example/token", registration: "0e9ab4b8-4a0f-4c4f-9e2b-5d8a1c9f6a11",
  activityId: "https://lms.example/au/7", actor: JSON.stringify({ objectType: "Agent", account: { homePage: "https://lms.example", name: "7" } }),
});
let line = null;
let fault = "";
let memory = null;
let session = null;
const report = { status: "incomplete", place: "p0", suspended: "1|x", score: null, progress: 0 };
const steps = {
  open: async () => {
    try {
      line = await open(launchIn(`?${query}`), send);
    } catch (error) {
      fault = `${error.name} ${error.message}`;
    }
    session = new Session(line, told, clock);
    memory = session.open();
  },
  put: (change, at) => session.put({ ...report, ...change }, at === "now"),
  wait: async (ms) => {
    const until = now + ms;
    for (;;) {
      const next = timers.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = next.at;
      next.action();
      await settle();
    }
    now = until;
  },
  refuse: (...what) => what.forEach((one) => refuse.add(one)),
  accept: () => refuse.clear(),
  flush: () => session.flush(),
  end: () => session.end(),
  answer: (interaction) => session.putInteractions([{ ...interaction, at: new Date(now) }]),
  // A new window: the store keeps what it has, the LMS gives a new token and a new session.
  again: async () => {
    store.tokens = 0;
    data.contextTemplate.extensions["https://w3id.org/xapi/cmi5/context/extensions/sessionid"] += "+";
    await steps.open();
  },
};
for (const [name, ...words] of story.steps) {
  await steps[name](...words);
  await settle();
}
console.log(JSON.stringify({ asked, store, states, memory, fault, returnTo: session.returnTo }));
