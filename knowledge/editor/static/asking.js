// Ask it: a question to the text as it stands in the form, answered as the bot would; the next one may go on from it.
import { fields, post } from "./draft.js";
import { fill } from "./facts.js";

const panel = document.querySelector("[data-ask]");
const question = panel.querySelector("#ask-question");
const [button, state, answer, before] = ["send", "state", "answer", "before"].map((name) => panel.querySelector(`[data-${name}]`));
let context = {};

async function ask() {
  if (button.disabled) return;
  button.disabled = true;
  say(panel.dataset.asking);
  try {
    show(await post(panel.dataset.ask, { fields: fields(), question: question.value, ...context }));
    say("");
  } catch (error) {
    say(error.message, true);
  }
  button.disabled = false;
}

function show({ question: asked, articles, html }) {
  answer.innerHTML = html;
  goOnFrom({ previous_question: asked, previous_articles: articles });
  question.select();
}

function goOnFrom(now) {
  context = now;
  before.hidden = !now.previous_question;
  before.querySelector("span").textContent = fill(panel.dataset.follows, { question: now.previous_question ?? "" });
}

function say(text, isBad = false) {
  state.textContent = text;
  state.classList.toggle("is-bad", isBad);
}

button.addEventListener("click", (event) => {
  event.preventDefault();
  ask();
});
question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  ask();
});
panel.querySelector("[data-anew]").addEventListener("click", () => {
  goOnFrom({});
  answer.replaceChildren();
  question.value = "";
  question.focus();
});
