// The picker while it is being used: the list follows the search, the tray says what is chosen. Without this file the
// buttons „Suchen“ and „Übernehmen“ do the same on the server.

const picker = document.querySelector("[data-picker]");
const words = picker.dataset;
const modules = [...picker.querySelectorAll("[data-modules] > li")];
const search = picker.querySelector("[data-find]");

/** @param {string} sentence @param {Record<string, number | string>} numbers */
function fill(sentence, numbers) {
  return Object.entries(numbers).reduce((text, [name, number]) => text.replace(`{${name}}`, `${number}`), sentence);
}

/** @param {HTMLElement} place @param {string} text */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function follow() {
  const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const tags = [...picker.querySelectorAll("[name=tag]:checked")].map((input) => input.value);
  const limit = Number(picker.querySelector("[name=minutes]:checked").value) || Infinity;
  for (const item of modules) {
    const own = item.dataset;
    item.hidden = !(
      wanted.every((/** @type {string} */ word) => own.words.includes(word)) &&
      (!tags.length || tags.some((tag) => own.tags.split(" ").includes(tag))) &&
      Number(own.minutes) <= limit
    );
  }
  const found = modules.filter((item) => !item.hidden).length;
  picker.querySelector("[data-none]").hidden = found > 0;
  say(picker.querySelector("[data-found]"), fill(words.wordsFound, { n: found, all: modules.length }));
}

function count() {
  const ticked = [...picker.querySelectorAll("[name=item]:checked")];
  const chosen = new Set(ticked.flatMap((input) => (input.dataset.choices ?? input.value).split(" ")));
  const sentence = [words.wordsNone, words.wordsOne][chosen.size] ?? words.wordsMany;
  say(picker.querySelector("[data-count]"), fill(sentence, { n: chosen.size }));
}

function grade() {
  const summary = picker.querySelector("[data-grading-words]");
  if (!summary) return;
  const graded = picker.querySelector("[name=graded]:checked").value === "yes";
  const maximum = picker.querySelector("[name=maximum]");
  maximum.disabled = !graded;
  say(summary, graded ? fill(words.wordsGraded, { n: maximum.value || "?" }) : words.wordsUngraded);
}

// A field in a closed part of the page cannot show what is wrong with it: open it first.
picker.addEventListener("invalid", (/** @type {Made} */ event) => event.target.closest("details")?.setAttribute("open", ""), true);
picker.addEventListener("input", () => {
  follow();
  count();
  grade();
});
search.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  if (event.key === "Enter") event.preventDefault(); // the list has followed already
});
picker.querySelector("[data-find-button]").hidden = true;
picker.querySelector("[data-count]").hidden = false;
follow();
count();
grade();
if ("focus" in search.dataset) search.focus({ preventScroll: true });
