// How a SCORM package finds its LMS.

import { Lms, apiName } from "./api.js";
import { findApi } from "./find_api.js";

/**
 * @param {Course} _course
 * @param {(lms: ?Lms, problem?: "alone" | "launchAgain") => void} begin  gets null where nothing can be saved, and why
 */
export function connect(_course, begin) {
  const api = findApi(window, apiName);
  begin(api && new Lms(api));
}
