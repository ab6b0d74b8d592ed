// Closes the registration when the framed tool says so (LTI Dynamic Registration 1.0, 3.7).
const frame = document.getElementById("contentframe");

function subjectOf(data) {
  if (typeof data !== "string") {
    return data && data.subject;
  }
  try {
    return JSON.parse(data).subject;
  } catch {
    return undefined;
  }
}

window.addEventListener("message", (event) => {
  if (event.source === frame.contentWindow && subjectOf(event.data) === "org.imsglobal.lti.close") {
    window.location.assign(frame.dataset.closesTo);
  }
});
