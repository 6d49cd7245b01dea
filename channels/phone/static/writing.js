// How texts, numbers and times are written.
import { h } from "../chat/dom.js";

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'*_~]/g;
// WhatsApp's own marks: at the edge of a word, and not around nothing.
const MARKS = [
  [/```([^`]+)```/, "code"],
  [/(?<![\p{L}\d*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\p{L}\d*])/u, "strong"],
  [/(?<![\p{L}\d_])_(?!\s)([^_\n]+?)(?<!\s)_(?![\p{L}\d_])/u, "em"],
  [/(?<![\p{L}\d~])~(?!\s)([^~\n]+?)(?<!\s)~(?![\p{L}\d~])/u, "s"],
];

// The text as nodes; WhatsApp has marks, SMS has none.
export function written(text, channel) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(...marked(text.slice(from, found.index), channel), h("a", { href: found[0], target: "_blank", rel: "noopener" }, found[0]));
    from = found.index + found[0].length;
  }
  return [...nodes, ...marked(text.slice(from), channel)];
}

function marked(text, channel) {
  if (channel !== "whatsapp") return text ? [text] : [];
  const first = MARKS.map(([mark, tag]) => ({ found: mark.exec(text), tag })).filter(({ found }) => found).sort((a, b) => a.found.index - b.found.index)[0];
  if (!first) return text ? [text] : [];
  const { found, tag } = first;
  const inner = tag === "code" ? [found[1]] : marked(found[1], channel);
  return [text.slice(0, found.index), h(tag, {}, inner), ...marked(text.slice(found.index + found[0].length), channel)].filter((node) => node !== "");
}

export function prettyNumber(number) {
  const parts = /^\+(1|49|43|41|44)(\d{3})(\d+)$/.exec(number);
  return parts ? `+${parts[1]} ${parts[2]} ${parts[3]}` : number;
}

export function clockTime(at, locale) {
  return new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(at);
}

export function exactTime(at, locale) {
  return new Intl.DateTimeFormat(locale, { timeStyle: "medium" }).format(at);
}

export function day(at, now, { dates, words }) {
  if (at.toDateString() === now.toDateString()) return words.today;
  const before = new Date(now);
  before.setDate(before.getDate() - 1);
  if (at.toDateString() === before.toDateString()) return words.yesterday;
  return new Intl.DateTimeFormat(dates, { weekday: "short", day: "numeric", month: "long" }).format(at);
}
