// Two versions side by side: what is put together by hand is kept in this browser, and so is what is chosen.
import { Kept } from "./kept.js";

const form = document.getElementById("compare");
const { article: id, locale, user } = form.dataset;
const kept = new Kept(user, { locale, id });
const LISTS = ["questions", "tags", "aliases", "must_answer", "must_not_answer"];

function value(name, text) {
  if (name === "internal") return text === "yes";
  return LISTS.includes(name) ? text.split("\n").map((line) => line.trim()).filter(Boolean) : text;
}

function chosen(name) {
  const choice = form.elements[`choice-${name}`].value;
  return value(name, form.elements[`${choice}-${name}`].value);
}

function keep() {
  const found = kept.find();
  if (!found) return;
  const names = [...form.querySelectorAll("[data-field]")].map((section) => section.dataset.field);
  const fields = Object.fromEntries(names.map((name) => [name, chosen(name)]));
  kept.keep({ ...found.fields, ...fields }, found.base, found.seen);
}

form.addEventListener("input", (event) => {
  const name = event.target.name.replace(/^by_hand-/, "");
  if (event.target.name.startsWith("by_hand-")) form.querySelector(`[name="choice-${name}"][value="by_hand"]`).checked = true;
  keep();
});
form.addEventListener("submit", keep);
