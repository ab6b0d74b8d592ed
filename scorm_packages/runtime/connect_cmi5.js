// How a cmi5 package finds its LMS: by what stands in the address it was opened with. In this order, as cmi5 wants it: the
// token, which is given once; what the LMS laid down; what the learner prefers; then what was kept of an earlier session.

import { Lrs, Refused } from "./lrs.js";
import { hundredthsOf } from "./report.js";
import { decimal } from "./review.js";
import { STATE_ID } from "./session_cmi5.js";
import { Statements } from "./statements.js";

/** @typedef {import("./statements.js").Launch} Launch */

const WAITS = [500, 2000];
const LAUNCH_DATA = "LMS.LaunchData";

/**
 * @param {Course} course
 * @param {(line: any, problem?: "alone" | "launchAgain") => void} begin  gets null where nothing can be saved, and why
 */
export function connect(course, begin) {
  const launch = launchIn(location.search);
  if (!launch) {
    begin(null);
    return;
  }
  const say = (/** @type {string} */ words) => {
    const place = document.querySelector("[data-saved]");
    if (place) place.textContent = words;
  };
  say(course.words.connecting);
  open(launch, (address, wish) => fetch(address, wish)).then(
    (line) => {
      say("");
      if (line.preferences?.audioPreference === "off") mute();
      if (typeof line.data.masteryScore === "number") setBar(course, line.data.masteryScore);
      begin(line);
    },
    () => begin(null, "launchAgain"),
  );
}

/**
 * @param {string} query
 * @returns {?Launch}  null where nobody launched the module
 */
export function launchIn(query) {
  const words = new URLSearchParams(query);
  const [endpoint, fetch, actor, registration, activityId] = ["endpoint", "fetch", "actor", "registration", "activityId"].map((name) => words.get(name) ?? "");
  if (!/^https?:/.test(endpoint) || !/^https?:/.test(fetch) || !registration || !activityId) return null;
  try {
    return { endpoint, fetch, actor: JSON.parse(actor), registration, activityId };
  } catch {
    return null;
  }
}

/**
 * @param {Launch} launch
 * @param {(address: string, wish: any) => Promise<any>} send
 */
export async function open(launch, send) {
  const answer = await send(launch.fetch, { method: "POST", cache: "no-store", referrerPolicy: "no-referrer" });
  const token = (await answer.json())["auth-token"];
  if (typeof token !== "string" || !token) throw new Refused(answer.status);
  const lrs = new Lrs(launch, token, send);
  const data = await patiently(() => lrs.state(LAUNCH_DATA));
  if (!data?.contextTemplate) throw new Refused(404);
  const preferences = await patiently(() => lrs.preferences());
  const kept = await patiently(() => lrs.state(STATE_ID));
  return { lrs, data, preferences, kept, statements: new Statements(launch, data, salt()) };
}

/**
 * Asks again after a moment, as often as there are waits; a refusal stays one.
 *
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
async function patiently(action, waits = WAITS) {
  try {
    return await action();
  } catch (fault) {
    const hopeless = fault instanceof Refused && fault.status < 500 && fault.status !== 429;
    if (hopeless || waits.length === 0) throw fault;
    await new Promise((go) => setTimeout(go, waits[0]));
    return patiently(action, waits.slice(1));
  }
}

function salt() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
}

function mute() {
  document.querySelectorAll("audio, video").forEach((medium) => {
    /** @type {HTMLMediaElement} */ (medium).muted = true;
  });
}

/**
 * The LMS may have moved the bar; then it holds, and the pages say so.
 *
 * @param {Course} course
 * @param {number} score
 */
function setBar({ quiz, language }, score) {
  if (!quiz) return;
  const percent = (/** @type {string} */ share) => `${decimal(Math.floor(hundredthsOf(share) / 10) / 10, language)}\u00a0%`;
  const share = `${Math.round(score * 10000)}/10000`;
  const [old, now] = [percent(quiz.passShare), percent(share)];
  document.querySelectorAll("[data-bar]").forEach((place) => {
    place.textContent = (place.textContent ?? "").replace(old, now);
  });
  quiz.passShare = share;
}
