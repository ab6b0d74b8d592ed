// Marking by keyboard: Ctrl+Enter saves and goes on, snippets go into the comment. Without this file the form works too.

const form = document.querySelector("[data-marking]");
const comment = form.querySelector("textarea");

form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});

form.querySelectorAll("[data-snippets]").forEach((/** @type {Made} */ list) => {
  list.hidden = false;
});
form.querySelectorAll("[data-snippet]").forEach((/** @type {Made} */ button) => {
  button.addEventListener("click", () => {
    const before = comment.value.trimEnd();
    comment.value = before ? `${before}\n${button.textContent}` : button.textContent;
    comment.focus();
  });
});
