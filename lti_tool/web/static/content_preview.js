// The author's workbench: load anew when a file was saved. The browser keeps the place on the page.

import { startOrdering } from "./ordering.js";
import { foldTerm } from "./terms.js";

document.querySelectorAll(".term").forEach(foldTerm);
document.querySelectorAll("[data-ordering]").forEach(startOrdering);

const saves = new EventSource("/events");
saves.addEventListener("message", () => location.reload());
saves.addEventListener("error", () => {
  document.querySelector("[data-live]").textContent = "Die Vorschau ist beendet. Starten Sie sie neu.";
});
saves.addEventListener("open", () => {
  document.querySelector("[data-live]").textContent = "Lädt neu, sobald Sie speichern.";
});
