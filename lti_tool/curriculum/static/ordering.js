// Moves the things of an ordering question: by two buttons, or by choosing the place. The focus goes along.

/** @param {HTMLElement} list  the list, with `data-words-moved` */
export function startOrdering(list) {
  const items = () => [...list.querySelectorAll("[data-item]")];
  const said = list.parentElement?.querySelector("[data-moved]");

  const number = () => {
    const all = items();
    all.forEach((item, at) => {
      item.querySelector("select").value = `${at + 1}`;
      item.querySelector('[data-move="-1"]').disabled = at === 0;
      item.querySelector('[data-move="1"]').disabled = at === all.length - 1;
    });
  };

  /** @type {(item: any, to: number, from: any) => void} */
  const move = (item, to, from) => {
    const others = items().filter((other) => other !== item);
    const place = Math.max(0, Math.min(to, others.length));
    list.insertBefore(item, others[place] ?? null);
    number();
    const free = from.disabled ? item.querySelector("[data-move]:not(:disabled)") : from;
    free.focus();
    said.textContent = list.dataset.wordsMoved?.replace("PLACE", `${place + 1}`).replace("ALL", `${others.length + 1}`);
  };

  list.querySelectorAll("[data-move]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const item = button.closest("[data-item]");
      move(item, items().indexOf(item) + Number(button.dataset.move), button);
      item.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
  list.addEventListener("change", (event) => {
    const field = /** @type {HTMLSelectElement} */ (event.target);
    const item = field.closest("[data-item]");
    const place = Number(field.value) - 1;
    if (field.tagName === "SELECT" && items().indexOf(item) !== place) {
      move(item, place, field);
    }
  });
  list.addEventListener("restored", number);
  number();
}
