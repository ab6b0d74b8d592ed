// A tool that opens the return address inside its frame means the whole window.
if (window.top !== window.self) {
  window.top.location.assign(window.location.href);
}
