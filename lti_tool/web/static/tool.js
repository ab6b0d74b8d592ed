// Everything works without this file; with it, answers are saved as they are given and the grade line keeps itself
// up to date. No libraries, nothing inline, nothing from elsewhere.

import { startAnswering, sendLeftovers } from "./answers.js";
import { startClock } from "./clock.js";
import { startOrdering } from "./ordering.js";
import { countWords } from "./words.js";
import { watchFileSize } from "./file_size.js";
import { watchGrade } from "./grade_line.js";
import { keepSizeKnown, moveFocusAfterStep, openInNewTab, openSideWhenWide } from "./frame.js";
import { foldTerm } from "./terms.js";

/** @param {string} selector @param {(element: Made) => void} start */
function each(selector, start) {
  document.querySelectorAll(selector).forEach((element) => start(element));
}

moveFocusAfterStep();
keepSizeKnown(document.body.dataset.frameOrigin);
each("[data-new-tab]", openInNewTab);
each("[data-side]", openSideWhenWide);
each("[data-ordering]", startOrdering);
each("[data-word-count]", countWords);
each("[data-most-bytes]", watchFileSize);
each("[data-seconds-left]", startClock);
each("[data-answering]", startAnswering);
each("[data-leftovers]", sendLeftovers);
each("[data-grade='waiting']", watchGrade);
each(".term", foldTerm);
