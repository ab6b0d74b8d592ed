// Saves an answer when it is given, says so quietly, and says loudly when it could not.

import { Unsent } from "./unsent.js";

export function startAnswering(form) {
  const words = form.dataset;
  const saved = form.querySelector("[data-saved]");
  const alarm = form.querySelector("[data-alarm]");
  const question = words.question;

  const unsent = new Unsent(words, (event, details) => {
    if (event === "saved") {
      quiet(alarm);
      saved.textContent = details.text;
      markAnswered(form, details.question, details.answer.length > 0);
    } else {
      saved.textContent = "";
      loud(alarm, words[`words${event[0].toUpperCase()}${event.slice(1)}`]);
    }
  });

  restore(form, unsent.answerTo(question));
  if (!unsent.empty) unsent.flush();

  form.addEventListener("change", (event) => {
    if (event.target.name !== "answer") return;
    saved.textContent = words.wordsSaving;
    unsent.put(question, chosen(form));
  });

  // Leave only when the server has everything; a form that went off without a line would end on the browser's own
  // error page, and the answer with it.
  let free = false;
  form.addEventListener("submit", async (event) => {
    if (free || (unsent.empty && navigator.onLine)) return;
    event.preventDefault();
    if (!navigator.onLine) {
      loud(alarm, words.wordsOffline);
      return;
    }
    if (await unsent.flush()) {
      free = true;
      form.requestSubmit(event.submitter);
    }
  });
}

// The page before handing in: whatever was left behind goes first.
export function sendLeftovers(place) {
  const alarm = place.querySelector("[data-alarm]");
  const unsent = new Unsent(place.dataset, (event) => {
    if (event !== "saved") loud(alarm, place.dataset.wordsOffline);
  });
  const sendAndLookAgain = async () => {
    if (await unsent.flush()) location.reload(); // the list of open questions has changed
  };
  if (!unsent.empty) sendAndLookAgain();
  const form = document.querySelector("[data-hand-in]");
  form.addEventListener("submit", (event) => {
    if (unsent.empty && navigator.onLine) return;
    event.preventDefault();
    loud(alarm, place.dataset.wordsOffline);
    if (!unsent.empty) sendAndLookAgain();
  });
}

function chosen(form) {
  return [...form.querySelectorAll("input[name=answer]:checked")].map((input) => input.value);
}

function restore(form, answer) {
  if (!answer) return;
  form.querySelectorAll("input[name=answer]").forEach((input) => {
    input.checked = answer.includes(input.value);
  });
}

function markAnswered(form, question, answered) {
  const number = form.querySelector(`.overview__number[data-question="${CSS.escape(question)}"]`);
  if (!number) return;
  number.classList.toggle("overview__number--answered", answered);
  number.querySelector("[data-state]").textContent = answered ? form.dataset.wordsAnswered : form.dataset.wordsOpen;
}

function loud(alarm, words) {
  if (alarm.textContent !== words) alarm.textContent = words;
  alarm.hidden = false;
}

function quiet(alarm) {
  alarm.hidden = true;
  alarm.textContent = "";
}
