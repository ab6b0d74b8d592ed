// A learning platform as small as a test needs it, around the run-time of the preview: `lms.calls` are all calls,
// `lms.kept` what was committed, and what `lms.refuse` names is refused.

import { RunTime } from "./run_time.js";

const wishes = new URLSearchParams(location.search);
const [name, edition] = [wishes.get("package"), wishes.get("edition")];
const calls = [];
const runTime = new RunTime(edition, `kept ${name} ${edition}`, ({ does, words, answer, error }) => calls.push([does, ...words, answer, error]));
const address = `${name}/index.html`;
const frame = document.getElementById("sco");

window.lms = { calls, refuse: runTime.refuse, kept: runTime.kept, opened: () => open(address, "sco", "width=900,height=600") };
if (wishes.get("api") !== "none") runTime.offer(window);
if (wishes.get("place") === "nested") {
  frame.srcdoc = `<iframe title="Paket" width="100%" height="480" src="${address}"></iframe>`;
} else if (wishes.get("place") !== "window") {
  frame.src = address;
}
