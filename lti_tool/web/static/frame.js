// Living in somebody else's page: height, focus, a tab of one's own.

// Focus goes to the heading after a step within the tool, never at the first page: that focus belongs to the platform.
export function moveFocusAfterStep() {
  const arrival = document.querySelector("[data-arrival]");
  const cameFromUs = document.referrer.startsWith(`${location.origin}/l/`);
  if (!arrival || !cameFromUs || location.hash) return;
  arrival.tabIndex = -1;
  arrival.focus({ preventScroll: true });
}

/** `lti.frameResize` as platforms that listen expect it: a JSON text, to the platform's own origin only. @param {string | undefined} origin */
export function keepSizeKnown(origin) {
  document.body.classList.toggle("alone", window.parent === window);
  if (window.parent === window || !origin) return;
  const frame = document.querySelector(".frame");
  let told = 0;
  const tell = () => {
    const height = Math.ceil(frame.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    window.parent.postMessage(JSON.stringify({ subject: "lti.frameResize", height }), origin);
  };
  new ResizeObserver(tell).observe(frame);
}

/** One click instead of two: fetch the single-use code, then let a form carry it into the new tab. @param {Made} link */
export function openInNewTab(link) {
  if (window.top === window) {
    link.hidden = true;
    return;
  }
  link.addEventListener("click", async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const answer = await fetch(link.dataset.newTab, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRF-Token": link.dataset.csrf },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      postInNewTab(link.dataset.takeOver, (await answer.json()).code);
    } catch {
      location.assign(link.href);
    }
  });
}

/** @param {string} address @param {string} code */
function postInNewTab(address, code) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  form.target = "_blank";
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "code";
  field.value = code;
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}

/** @param {Made} side */
export function openSideWhenWide(side) {
  const wide = matchMedia("(min-width: 900px)");
  const summary = side.querySelector("summary");
  const fit = () => {
    side.open = wide.matches;
    summary.tabIndex = wide.matches ? -1 : 0;
  };
  wide.addEventListener("change", fit);
  fit();
}
