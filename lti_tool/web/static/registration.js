// Pages for the people who connect an LMS: close the LMS's frame, copy values, send a form once.

const CLOSE = { subject: "org.imsglobal.lti.close" };

/** LTI Dynamic Registration 1.0, 3.7. A message whose target is not the surrounding page is dropped by the browser. @param {Made} bar */
function offerClosing(bar) {
  const platform = window.opener || window.parent;
  if (platform === window) return;
  bar.hidden = false;
  bar.querySelector("button").addEventListener("click", () => {
    for (const origin of bar.dataset.closeTo.split(" ")) platform.postMessage(CLOSE, origin);
  });
}

/** @param {Made} button */
function offerCopying(button) {
  const value = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[data-copy-words]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    words.textContent = (await copied(value)) ? button.dataset.wordsCopied : button.dataset.wordsSelected;
  });
}

/** Within a frame the clipboard is often closed; then the value is at least selected. @param {HTMLElement} element */
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    return true;
  } catch {
    window.getSelection()?.selectAllChildren(element);
    return false;
  }
}

/** @param {Made} form */
function sendOnce(form) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
}

document.querySelectorAll("[data-close-to]").forEach(offerClosing);
document.querySelectorAll("[data-copy]").forEach(offerCopying);
document.querySelectorAll("form[data-once]").forEach(sendOnce);
