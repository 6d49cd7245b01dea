// How many segments a text takes as an SMS, counted as the server does (channels/sms/gsm.py; a test compares the two).

const ALPHABET = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENSION = new Set("\f^{}\\[~]|€");
const REPLACED = new Map();
for (const [chars, by] of [["‘’‚‛′´ʼ‹›", "'"], ["“”„‟″«»", '"'], ["‐‑‒–—―−⁃", "-"], ["•‣◦▪●·∙", "-"], ["\t\u2028\u2029", " "], ["\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\ufe0e\ufe0f", ""]]) {
  for (const char of chars) REPLACED.set(char, by);
}
for (const [char, by] of Object.entries({ "×": "x", "∗": "*", "∼": "~", "⁄": "/", "→": "->", "←": "<-", "⇒": "=>", "≤": "<=", "≥": ">=", "™": "(TM)", "®": "(R)", "©": "(C)", "ẞ": "SS" })) REPLACED.set(char, by);
// Ligatures, widths and spaces that mean what they are made of; a raised 2 does not (by Unicode's decompositions <compat>,
// <wide>, <narrow> and <noBreak>, as far as GSM has what they are made of).
const LOSES_NOTHING = /[\u00a0\u0132\u0133\u017f\u01c7-\u01cc\u01f1-\u01f3\u03f4\u03f9\u2002-\u200a\u2024-\u2026\u202f\u203c\u2047-\u2049\u205f\u20a8\u2100\u2101\u2105\u2106\u2116\u2121\u213b\u2160-\u217f\u2474-\u24b5\u2a74-\u2a76\u3000\ufb00-\ufb06\ufe4d-\ufe4f\uff01-\uff3f\uff41-\uff5e\uffe1\uffe5\u{1f100}-\u{1f10a}\u{1f110}-\u{1f129}]/u;

// What Markdown reads as more than letters: marks and links, lists and headings, empty lines, spaces side by side.
const CHANGES = /[[\]<>*_`~|\\&\t]|^\s|^(?:[-+=#]|\d+[.)])|\n\n| {2}|:\/\/|www\.|@/m;
const IN_ONE_PART = 1500;

// Whether nothing becomes of a text on its way but another alphabet: neither are its marks left out, nor its links shortened.
export function isSentAsItStands(text) {
  return text.length <= IN_ONE_PART && !CHANGES.test(text);
}

export function segments(text) {
  const chars = [...text];
  if (isGsm(chars)) return count("GSM-7", chars.map((char) => (EXTENSION.has(char) ? 2 : 1)), 160, 153);
  return count("UCS-2", chars.map((char) => char.length), 70, 67);
}

// The text in GSM characters where that loses nothing and is no dearer, otherwise untouched.
export function asSent(text) {
  const plain = [...text.normalize("NFC")].map((char) => REPLACED.get(char) ?? char).join("");
  const gsm = [...plain].map(plainChar).join("");
  return isGsm([...gsm]) && segments(gsm).count <= segments(text).count ? gsm : text;
}

function plainChar(char) {
  if (isGsm([char]) || !LOSES_NOTHING.test(char)) return char;
  const plain = char.normalize("NFKC");
  return isGsm([...plain]) ? plain : char;
}

function isGsm(chars) {
  return chars.every((char) => ALPHABET.has(char) || EXTENSION.has(char));
}

function count(encoding, sizes, alone, inSeries) {
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= alone) return { encoding, units, count: Math.min(1, sizes.length) };
  let [segment, room] = [1, inSeries];
  for (const size of sizes) {
    if (size > room) [segment, room] = [segment + 1, inSeries];
    room -= size;
  }
  return { encoding, units, count: segment };
}
