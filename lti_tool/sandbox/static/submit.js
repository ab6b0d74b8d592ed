// Sends the form of a launch at once; without script the button „Weiter“ does it.
document.querySelector("form[data-submit-at-once]").submit();
