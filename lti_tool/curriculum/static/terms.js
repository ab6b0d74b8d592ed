// Explained words. Without this file the explanation stands in brackets behind the word; with it, the word unfolds it.

/** @param {HTMLElement} term */
export function foldTerm(term) {
  const [name, text] = /** @type {any} */ (term.children);
  const button = document.createElement("button");
  button.type = "button";
  button.className = name.className;
  button.append(...name.childNodes);
  name.replaceWith(button);
  /** @param {boolean} open */
  const show = (open) => {
    button.setAttribute("aria-expanded", String(open));
    text.hidden = !open;
  };
  show(false);
  button.addEventListener("click", () => show(text.hidden));
}
