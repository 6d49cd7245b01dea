// The panel beside the text that is being written: a step is about what was saved last, and the panel follows the text.
import { flush, onChange, seen } from "./draft.js";
import { redraw, watch } from "./life-panel.js";

const place = document.querySelector(".life").parentElement;
const panel = () => place.querySelector(".life");

place.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-life]") || event.defaultPrevented) return;
  event.preventDefault();
  const { submitter } = event;
  try {
    await flush();
  } catch {
    return; // The page itself says what is wrong with the text.
  }
  form.elements.version.value = seen().version;
  if (submitter?.hasAttribute("formaction")) form.action = submitter.formAction;
  form.submit();
});

// Whoever writes on takes the review's word and the appointed time away.
onChange(async () => {
  const { stage } = panel().dataset;
  if (stage === "writing" || isTyped()) return;
  await flush().catch(() => {});
  const answer = await fetch(panel().dataset.panel).catch(() => null); // Without a connection it stays as it is.
  if (!answer?.ok || isTyped()) return;
  redraw(panel(), await answer.text());
});

function isTyped() {
  return [...panel().querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
}

watch(panel());
