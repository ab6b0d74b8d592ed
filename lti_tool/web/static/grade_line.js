// Asks where the grade is until it has arrived or failed; less and less often, and not for ever.

const WAITS = [1000, 1000, 2000, 2000, 3000, 5000, 5000, 10000, 10000, 20000, 30000, 30000, 60000];

/** @param {Made} line */
export async function watchGrade(line) {
  const reload = line.querySelector("[data-grade-reload]");
  reload.hidden = true;
  for (const wait of WAITS) {
    await new Promise((done) => setTimeout(done, wait));
    const grade = await ask(line.dataset.gradeUrl);
    if (grade) show(line, grade);
    if (grade && grade.state !== "waiting") return;
  }
  reload.hidden = false;
}

/** @param {string} address */
async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10000) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** @param {Made} line @param {{state: string, text: string, advice: string}} grade */
function show(line, grade) {
  const text = line.querySelector("[data-grade-text]");
  if (text.textContent !== grade.text) text.textContent = grade.text;
  line.dataset.grade = grade.state;
  line.querySelectorAll("[data-grade-shape]").forEach((/** @type {Made} */ shape) => {
    shape.hidden = shape.dataset.gradeShape !== grade.state;
  });
  const advice = line.querySelector("[data-grade-advice]");
  advice.textContent = grade.advice;
  advice.hidden = !grade.advice;
}
