// The platform's storage (LTI Platform Storage 1.0): a login leaves a secret there, the launch reads it. Only the origin
// people sign in at is sent anything and believed, and nobody is waited for longer than a second.

const PATIENCE = 1000;

const leaving = document.querySelector("[data-leave-secret]");
const reading = document.querySelector("[data-read-secret]");
if (leaving) leave(leaving.dataset);
if (reading) read(reading);

/** @param {Made} words */
async function leave(words) {
  await ask(words, "lti.put_data", { key: words.key, value: words.leaveSecret });
  location.replace(words.onward);
}

/** @param {Made} place */
async function read(place) {
  const waiting = place.querySelector("[data-waiting]");
  waiting.hidden = false;
  const answer = await ask(place.dataset, "lti.get_data", { key: place.dataset.key });
  const opened = answer?.value ? await open(place.dataset, answer.value) : {};
  if (opened.landing && (await succeeds(opened.kept))) {
    location.replace(opened.landing);
    return;
  }
  waiting.hidden = true;
  if (opened.title) {
    explain(place.querySelector("[data-refused]"), opened);
  } else {
    offerNewTab(place.querySelector("[data-otherwise]"), opened.code);
  }
}

/**
 * The answer that fits the question, from the right origin; null for silence, an error, or no such frame.
 *
 * @param {Made} words
 * @param {string} subject
 * @param {Record<string, string>} fields
 * @returns {Promise<?{value?: string}>}
 */
function ask({ frame, origin }, subject, fields) {
  return new Promise((settle) => {
    const trusted = new URL(origin).origin;
    const question = { subject, message_id: crypto.randomUUID(), ...fields };
    const hear = (/** @type {MessageEvent} */ { origin: from, data }) => {
      const fits = data?.subject === `${subject}.response` && data.message_id === question.message_id;
      if (from !== trusted || !fits) return;
      removeEventListener("message", hear);
      settle(data.error ? null : data);
    };
    addEventListener("message", hear);
    setTimeout(settle, PATIENCE, null);
    frameNamed(frame).postMessage(question, trusted);
  }).catch(() => null); // no such frame, or a page of its own: its cookies are at home
}

/** @param {string} name @returns {Window} */
function frameNamed(name) {
  if (window.parent === window) throw new Error("not in a frame");
  return name === "_parent" ? window.parent : /** @type {any} */ (window.parent.frames)[name];
}

/** What the tool says: addresses and a code, or a problem document; nothing while it cannot be reached. @param {Made} words @param {string} secret */
async function open({ open: address, code }, secret) {
  try {
    const body = new URLSearchParams({ code, secret });
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return {};
  }
}

/** @param {string} address */
async function succeeds(address) {
  try {
    return (await fetch(address, { headers: { Accept: "application/json" } })).ok;
  } catch {
    return false;
  }
}

/** @param {Made} offer @param {string | undefined} code */
function offerNewTab(offer, code) {
  if (code) offer.querySelector("[name=code]").value = code; // the first one is used up
  offer.hidden = false;
}

/** @param {Made} place @param {Record<string, string>} problem */
function explain(place, problem) {
  place.querySelectorAll("[data-slot]").forEach((/** @type {Made} */ slot) => {
    slot.textContent = problem[slot.dataset.slot];
  });
  place.hidden = false;
}
