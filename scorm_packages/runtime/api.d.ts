// Every edition brings its own; all of them are told and asked the same.
export { Lms, apiName } from "./api_scorm12.js";
