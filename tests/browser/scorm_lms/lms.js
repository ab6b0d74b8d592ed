// A learning platform as small as a test needs it: scorm-again is the run-time, this keeps what was committed in the
// browser's storage, writes down every call, and refuses what `lms.refuse` names.

const lms = { calls: [], refuse: new Set(), kept: {} };

function startLms() {
  const wishes = new URLSearchParams(location.search);
  const edition = wishes.get("edition");
  lms.key = `kept ${wishes.get("package")} ${edition}`;
  lms.kept = JSON.parse(localStorage.getItem(lms.key) ?? "{}");
  if (wishes.get("api") !== "none") offer(edition);
  const frame = document.getElementById("sco");
  if (wishes.get("place") === "nested") {
    frame.srcdoc = `<iframe title="Paket" width="100%" height="480" src="${wishes.get("package")}/index.html"></iframe>`;
  } else if (wishes.get("place") === "window") {
    lms.opened = () => open(`${wishes.get("package")}/index.html`, "sco", "width=900,height=600");
  } else {
    frame.src = `${wishes.get("package")}/index.html`;
  }
}

function offer(edition) {
  const old = edition === "1.2";
  const real = old ? new Scorm12API({ logLevel: 5 }) : new Scorm2004API({ logLevel: 5 });
  real.loadFromFlattenedJSON(Object.fromEntries(Object.entries(lms.kept).filter(([name]) => !/interactions|session_time|exit/.test(name))));
  const told = {};
  const names = old
    ? { LMSInitialize: "open", LMSGetValue: "get", LMSSetValue: "set", LMSCommit: "commit", LMSFinish: "close", LMSGetLastError: "", LMSGetErrorString: "", LMSGetDiagnostic: "" }
    : { Initialize: "open", GetValue: "get", SetValue: "set", Commit: "commit", Terminate: "close", GetLastError: "", GetErrorString: "", GetDiagnostic: "" };
  const last = old ? "LMSGetLastError" : "GetLastError";
  window[old ? "API" : "API_1484_11"] = Object.fromEntries(Object.entries(names).map(([name, does]) => [name, (...words) => {
    if (lms.refuse.has(does)) {
      lms.calls.push([does, ...words, "refused"]);
      return "false";
    }
    const answer = real[name](...words);
    if (does) {
      const error = `${real[last]()}`;
      lms.calls.push([does, ...words, `${answer}`, error]);
      if (does === "set" && `${answer}` === "true") told[words[0]] = words[1];
      if (does === "commit" || does === "close") keep(told);
    }
    return answer;
  }]));
}

function keep(told) {
  Object.assign(lms.kept, told);
  localStorage.setItem(lms.key, JSON.stringify(lms.kept));
}
