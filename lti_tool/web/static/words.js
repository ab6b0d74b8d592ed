// Counts the words of a free text as it is written; advice, never a limit.

/** @param {Made} place */
export function countWords(place) {
  const text = place.closest(".field").querySelector("textarea");
  const tell = () => {
    const count = text.value.split(/\s+/).filter(Boolean).length;
    place.textContent = count ? place.dataset.wordCount.replace("COUNT", count) : "";
  };
  text.addEventListener("input", tell);
  tell();
}
