// Moments in this place's time, and spans that go on by themselves.
import { facts, fill, words } from "./facts.js";

const LOCALE = navigator.languages.find((one) => one.startsWith(facts.locale)) || facts.locale;
const DAY = 86_400_000;
const form = (options) => new Intl.DateTimeFormat(LOCALE, options);
const FORMS = {
  time: form({ timeStyle: "short" }),
  date: form({ dateStyle: "medium" }),
  dayTime: form({ weekday: "short", hour: "2-digit", minute: "2-digit" }),
  full: form({ dateStyle: "medium", timeStyle: "short" }),
  day: form({ weekday: "long", day: "numeric", month: "long" }),
};

export function span(from, to = Date.now()) {
  const minutes = Math.floor(Math.abs(to - from) / 60_000);
  if (minutes < 1) return words.now_short;
  if (minutes < 60) return fill(words.minutes_short, { count: minutes });
  if (minutes < 2880) return fill(words.hours_short, { count: Math.floor(minutes / 60) });
  return fill(words.days_short, { count: Math.floor(minutes / 1440) });
}

// Today as a time, in the next days as a weekday, else as a date.
export function moment(at) {
  if (new Date(at).toDateString() === new Date().toDateString()) return FORMS.time.format(at);
  return (Math.abs(at - Date.now()) < 6 * DAY ? FORMS.dayTime : FORMS.full).format(at);
}

export function dayName(at) {
  const day = new Date(at).toDateString();
  if (day === new Date().toDateString()) return words.today;
  return day === new Date(Date.now() - DAY).toDateString() ? words.yesterday : FORMS.day.format(at);
}

export function tell(root = document) {
  root.querySelectorAll("time[data-form]").forEach(write);
}

function write(time) {
  const at = Date.parse(time.dateTime);
  if (time.dataset.form === "zone") return show(time, new Intl.DateTimeFormat(LOCALE, { timeStyle: "short", timeZone: time.dataset.zone }).format(Date.now()));
  if (Number.isNaN(at)) return;
  if (time.dataset.form === "span") return show(time, span(at));
  show(time, time.dataset.form === "moment" ? moment(at) : FORMS[time.dataset.form].format(at));
  time.title = FORMS.full.format(at);
}

function show(time, text) {
  if (time.textContent !== text) time.textContent = text;
}

// A sentence of the server's in which moments stand between marks.
export function sentence(text) {
  return text.split("\ue000").map((part, number) => (number % 2 ? moment(Date.parse(part)) : part)).join("");
}

// What is on the screen goes on; what is not seen costs nothing.
export function keepTelling() {
  setInterval(() => document.hidden || document.querySelectorAll('time[data-form="span"], time[data-form="zone"]').forEach(write), 15_000);
  document.addEventListener("visibilitychange", () => document.hidden || tell());
}
