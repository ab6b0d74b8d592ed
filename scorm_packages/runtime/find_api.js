// Finds what the LMS offers, as the standard says: in the windows around this one, then around the one that opened it.

const FURTHEST = 20;

/**
 * @param {Window} start
 * @param {string} name  "API" or "API_1484_11"
 */
export function findApi(start, name) {
  return around(start, name) ?? around(opener(topOf(start)), name) ?? around(opener(start), name);
}

/** @param {any} from @param {string} name @returns {any} */
function around(from, name) {
  let place = from;
  for (let steps = 0; place && steps < FURTHEST; steps += 1) {
    const api = look(() => place[name]);
    if (api) return api;
    const above = look(() => place.parent);
    if (!above || above === place) return null;
    place = above;
  }
  return null;
}

/** @param {any} place */
const opener = (place) => (place ? look(() => place.opener) : null);
/** @param {any} place */
const topOf = (place) => look(() => place.top) ?? place;

// A window of another origin throws when it is looked into; then nothing of it is ours.
/** @param {() => any} at @returns {any} */
function look(at) {
  try {
    return at() ?? null;
  } catch {
    return null;
  }
}
