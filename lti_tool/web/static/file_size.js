// Says at once that a chosen file is too large, and does not send it: what stands beside it in the form is not lost.

/** @param {Made} field */
export function watchFileSize(field) {
  const place = document.getElementById(field.dataset.fault);
  const tooLarge = () => [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));
  const tell = () => {
    const wrong = tooLarge();
    place.hidden = !wrong;
    place.querySelector("[data-words]").textContent = wrong ? field.dataset.words : "";
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  field.addEventListener("change", tell);
  field.form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    if (!tooLarge()) return;
    event.preventDefault();
    tell();
    field.focus();
  });
}
