// The platform's half of LTI Platform Storage 1.0: what a tool puts here, only pages of the same origin get back, and only
// while this page is open.
const frame = document.getElementById("contentframe");
const kept = new Map();
const MOST_PER_ORIGIN = 50;
const LONGEST = 4096;

const answers = {
  "lti.capabilities": () => ({
    supported_messages: Object.keys(answers).map((subject) => ({ subject, frame: "_parent" })),
  }),
  "lti.put_data": (origin, { key, value }) => {
    if (typeof key !== "string" || !key) return refused("bad_request", "key is missing");
    const own = kept.get(origin) ?? new Map();
    if (value === undefined || value === null) {
      own.delete(key);
      return { key };
    }
    if (String(value).length > LONGEST || (own.size >= MOST_PER_ORIGIN && !own.has(key))) {
      return refused("storage_exhaustion", "no room left");
    }
    kept.set(origin, own.set(key, value));
    return { key, value };
  },
  "lti.get_data": (origin, { key }) => {
    if (typeof key !== "string" || !key) return refused("bad_request", "key is missing");
    return { key, value: kept.get(origin)?.get(key) };
  },
};

function refused(code, message) {
  return { error: { code, message } };
}

window.addEventListener("message", (event) => {
  const asked = event.data;
  if (event.source !== frame.contentWindow || typeof asked !== "object" || asked === null) return;
  const answer = Object.hasOwn(answers, asked.subject) ? answers[asked.subject] : null;
  if (!answer) return;
  const said = typeof asked.message_id === "string" ? answer(event.origin, asked) : refused("bad_request", "message_id is missing");
  event.source.postMessage({ subject: `${asked.subject}.response`, message_id: asked.message_id, ...said }, event.origin);
});
