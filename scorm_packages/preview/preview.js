// The page around a package that is looked at: the package, what the run-time keeps, every call.

import { RunTime } from "./run_time.js";

const { start, edition } = document.documentElement.dataset;
const place = document.getElementById("place");
const runTime = new RunTime(edition ?? "", `preview ${location.pathname}`, (call) => {
  show(call);
  list();
  if (call.answer === "true" && call.does === "open") told("läuft");
  if (call.answer === "true" && call.does === "close") told("beendet");
});

/** @param {import("./run_time.js").Call} call */
function show({ name, words, answer, error }) {
  const line = document.createElement("li");
  line.textContent = `${name}(${words.join(", ")}) → ${answer}${error === "0" ? "" : ` [${error}]`}`;
  if (answer === "false") line.className = "refused";
  document.getElementById("calls").prepend(line);
}

function list() {
  const shown = Object.entries(runTime.kept).filter(([name]) => !name.includes("interactions"));
  document.getElementById("kept").replaceChildren(...shown.flatMap(([name, value]) => [made("dt", name), made("dd", value)]));
}

/** @param {string} name @param {string} text */
function made(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** @param {string} state */
function told(state) {
  document.getElementById("state").textContent = `Sitzung ${state}.`;
}

function open() {
  const frame = document.createElement("iframe");
  frame.title = "Paket";
  frame.src = start ?? "";
  place.replaceChildren(frame);
}

document.getElementById("leave").addEventListener("click", () => place.replaceChildren());
document.getElementById("return").addEventListener("click", open);
document.getElementById("refuse").addEventListener("change", (/** @type {Event} */ event) => {
  if (/** @type {HTMLInputElement} */ (event.target).checked) runTime.refuse.add("commit").add("close");
  else runTime.refuse.clear();
});
document.getElementById("forget").addEventListener("click", () => {
  place.replaceChildren();
  runTime.forget();
  list();
  open();
});
runTime.offer(window);
list();
open();
