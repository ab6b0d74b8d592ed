// Saves an answer when it is given, says so quietly, and says loudly when it could not.

import { givenIn, isTyped, isWhole, numbersAreReadable, ours, restore } from "./given.js";
import { Unsent } from "./unsent.js";

const PAUSE = 1500; // what is being typed is saved when the typing rests

/** @param {Made} form */
export function startAnswering(form) {
  const words = form.dataset;
  const saved = form.querySelector("[data-saved]");
  const alarm = form.querySelector("[data-alarm]");
  const question = words.question;

  const unsent = new Unsent(words, (event, details) => {
    if (details) {
      quiet(alarm);
      saved.textContent = details.text;
      markAnswered(form, details.question, details.question === question ? isWhole(form, details.answer) : details.answer.some(Boolean));
    } else {
      saved.textContent = "";
      loud(alarm, words[`words${event[0].toUpperCase()}${event.slice(1)}`]);
    }
  });

  restore(form, unsent.answerTo(question));
  if (!unsent.empty) unsent.flush();

  const put = () => {
    if (!numbersAreReadable(form)) return;
    saved.textContent = words.wordsSaving;
    unsent.put(question, givenIn(form));
  };
  const pause = new Pause(put);
  form.addEventListener("change", (/** @type {Event} */ event) => {
    if (!ours(event.target)) return;
    if (!isTyped(event.target)) pause.begin();
    pause.end();
  });
  form.addEventListener("input", (/** @type {Event} */ event) => {
    if (isTyped(event.target)) pause.begin();
  });

  // Leave only when the server has everything; a form that went off without a line would end on the browser's own
  // error page, and the answer with it.
  let free = false;
  form.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
    pause.end();
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

/** The page before handing in: whatever was left behind goes first. @param {Made} place */
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
  form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    if (unsent.empty && navigator.onLine) return;
    event.preventDefault();
    loud(alarm, place.dataset.wordsOffline);
    if (!unsent.empty) sendAndLookAgain();
  });
}

/** @param {Made} form @param {string} question @param {boolean} answered */
function markAnswered(form, question, answered) {
  const number = form.querySelector(`.overview__number[data-question="${CSS.escape(question)}"]`);
  if (!number) return;
  number.classList.toggle("overview__number--answered", answered);
  number.querySelector("[data-state]").textContent = answered ? form.dataset.wordsAnswered : form.dataset.wordsOpen;
}

// Runs an action when nothing has been typed for a while, or at once when asked to; only if there was something.
class Pause {
  /** @param {() => void} action */
  constructor(action) {
    this.action = action;
    this.waiting = false;
  }

  begin() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), PAUSE);
    this.waiting = true;
  }

  end() {
    clearTimeout(this.timer);
    if (this.waiting) this.action();
    this.waiting = false;
  }
}

/** @param {HTMLElement} alarm @param {string} words */
function loud(alarm, words) {
  if (alarm.textContent !== words) alarm.textContent = words;
  alarm.hidden = false;
}

/** @param {HTMLElement} alarm */
function quiet(alarm) {
  alarm.hidden = true;
  alarm.textContent = "";
}
