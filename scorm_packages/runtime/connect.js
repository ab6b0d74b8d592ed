// How a SCORM package finds its LMS.

import { Lms, apiName } from "./api.js";
import { findApi } from "./find_api.js";

/**
 * @param {any} _course
 * @param {(lms: any) => void} begin
 */
export function connect(_course, begin) {
  const api = findApi(window, apiName);
  begin(api && new Lms(api));
}
