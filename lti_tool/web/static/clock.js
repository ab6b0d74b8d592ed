// Says how much time is left, by what the server said and not by this machine's clock; quietly, and not every second.

/** @param {Made} clock */
export function startClock(clock) {
  const ends = performance.now() + Number(clock.dataset.secondsLeft) * 1000;
  const said = clock.querySelector("[data-left]");
  const alarm = document.querySelector("[data-alarm]");
  const form = document.querySelector("[data-answering]");

  const tell = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    if (left <= 0) {
      said.textContent = "";
      alarm.textContent = form.dataset.wordsLate;
      alarm.hidden = false;
      return;
    }
    const minutes = Math.floor(left / 60);
    const words = minutes ? clock.dataset.wordsLeft.replace("MINUTES", minutes) : clock.dataset.wordsLast;
    if (said.textContent !== words && (minutes <= 5 || minutes % 5 === 0 || !said.textContent)) said.textContent = words;
    setTimeout(tell, 1000);
  };
  tell();
}
