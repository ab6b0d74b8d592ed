// Keeps a short text until the browser closes, also in a frame of another site: in the tab's storage, and where the
// browser denies that to frames, in a partitioned cookie that only this platform's pages and ours share.

const LONGEST_COOKIE = 3800;

/** @param {string} key @param {string} text */
export function keep(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    const value = encodeURIComponent(text);
    if (value.length <= LONGEST_COOKIE) setCookie(key, value, "");
  }
}

/** @param {string} key */
export function recall(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${key}=`));
    return found ? decodeURIComponent(found.slice(key.length + 1)) : null;
  }
}

/** @param {string} key */
export function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    if (recall(key) !== null) setCookie(key, "", "; Max-Age=0");
  }
}

/** @param {string} key @param {string} value @param {string} more */
function setCookie(key, value, more) {
  document.cookie = `${key}=${value}; Path=/l; Secure; SameSite=None; Partitioned${more}`;
}
