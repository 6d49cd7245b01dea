// The page of an article: everything that a script adds to its form.
import "./tabs.js";
import { fields, onChange } from "./draft.js";
import "./toolbar.js";
import "./keys.js";
import "./others.js";
import { fill, words } from "./facts.js";
import { form } from "./form.js";

// The title above is the one that is typed; the short answer says how much room is left.
function showWritten({ title }) {
  document.getElementById("page-title").textContent = title.trim() || words.untitled;
}

function count() {
  const field = form.elements.short_answer;
  const most = Number(field.dataset.most);
  const length = [...field.value.replace(/\s+/g, " ").trim()].length;
  const place = form.querySelector('[data-count="short_answer"]');
  place.textContent = fill(words.count, { count: length, most });
  place.classList.toggle("is-over", length > most);
  field.setAttribute("aria-invalid", String(length > most));
}

form.elements.short_answer.addEventListener("input", count);
onChange(showWritten);
count();
showWritten(fields());
