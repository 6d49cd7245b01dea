// Must answer: all questions are asked of the text as it stands in the form; a broken one may be waived with a reason.
import { fields, flush, onChange, post } from "./draft.js";
import { send } from "./net.js";

const panel = document.querySelector("[data-checks]");
const [button, state, found] = ["run", "state", "found"].map((name) => panel.querySelector(`[data-${name}]`));
let asked = null; // The fields that were asked last.

async function run() {
  if (button.disabled) return;
  button.disabled = true;
  say(panel.dataset.running);
  asked = fields();
  try {
    found.innerHTML = (await post(panel.dataset.checks, { fields: asked })).html;
    sayWhetherStale();
  } catch (error) {
    asked = null;
    say(error.message, true);
  }
  button.disabled = false;
}

// A question that was just written must stand on the server before it can be waived.
async function waive(form) {
  const problem = form.querySelector("[data-problem]");
  const sent = new FormData(form);
  try {
    await flush();
    const { done } = await send("POST", form.action, sent);
    await run();
    say(done);
  } catch (error) {
    if (problem) Object.assign(problem, { hidden: false, textContent: error.message });
    else say(error.message, true);
  }
}

// Somebody may have gone on writing while the questions were asked.
function sayWhetherStale() {
  const isStale = JSON.stringify(fields()) !== JSON.stringify(asked);
  say(isStale ? panel.dataset.changed : "");
}

function say(text, isBad = false) {
  state.textContent = text;
  state.classList.toggle("is-bad", isBad);
}

button.addEventListener("click", (event) => {
  event.preventDefault();
  run();
});
found.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-waiver]")) return;
  event.preventDefault();
  waive(event.target);
});
panel.closest("[data-tab]").addEventListener("tab-shown", () => asked ?? run());
onChange(() => {
  if (asked && !button.disabled) sayWhetherStale();
});
