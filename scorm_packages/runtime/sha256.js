// SHA-256 of a text. Browsers have it built in only where the page comes by https, and many LMSs in town halls do not.

const ROOTS = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239,
  241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311];
/** @param {number} root */
const wordOf = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
const ROUNDS = ROOTS.map((prime) => wordOf(Math.cbrt(prime)));
const START = ROOTS.slice(0, 8).map((prime) => wordOf(Math.sqrt(prime)));

/** @param {number} word @param {number} by */
const turned = (word, by) => (word >>> by) | (word << (32 - by));

/**
 * @param {string} text
 * @returns {Uint8Array}
 */
export function sha256(text) {
  const bytes = padded(new TextEncoder().encode(text));
  const view = new DataView(bytes.buffer);
  const state = [...START];
  const words = new Int32Array(64);
  for (let block = 0; block < bytes.length; block += 64) {
    for (let at = 0; at < 16; at += 1) words[at] = view.getInt32(block + at * 4);
    for (let at = 16; at < 64; at += 1) words[at] = mixed(words, at);
    round(state, words);
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  state.forEach((word, at) => out.setInt32(at * 4, word));
  return digest;
}

/** @param {Uint8Array} data */
function padded(data) {
  const bytes = new Uint8Array(Math.ceil((data.length + 9) / 64) * 64);
  bytes.set(data);
  bytes[data.length] = 0x80;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, data.length * 8);
  return bytes;
}

/** @param {Int32Array} words @param {number} at */
function mixed(words, at) {
  const early = words[at - 15];
  const late = words[at - 2];
  const a = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
  const b = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
  return (words[at - 16] + a + words[at - 7] + b) | 0;
}

/** @param {number[]} state @param {Int32Array} words */
function round(state, words) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at += 1) {
    const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[at] + words[at]) | 0;
    const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => {
    state[at] = (state[at] + word) | 0;
  });
}
