// The preview: what is typed, as customers will see it; and what goes into the text by paste, drop or picker.
import "./article-links.js";
import { fields, onChange, post } from "./draft.js";
import "./pictures.js";

const panel = document.querySelector("[data-preview]");
const words = JSON.parse(panel.dataset.words);
const tabs = [...panel.querySelectorAll("[data-show]")];
const state = panel.querySelector("[data-state]");
const notices = [panel.querySelector("[data-notices]"), ...placeInReview()];
const frame = panel.querySelector("iframe");
const CHOSEN = "handrail.preview";
let isStale = true;
let asked = 0;

// Where it is published, the same is said once more.
function placeInReview() {
  const place = panel.querySelector("[data-notices]").cloneNode();
  const heading = document.querySelector("#review > h2");
  heading?.after(place);
  return heading ? [place] : [];
}

function show(name, hasFocus = false) {
  for (const tab of tabs) {
    const isShown = tab.dataset.show === name;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
    panel.querySelector(`#shown-${tab.dataset.show}`).hidden = !isShown;
    if (isShown && hasFocus) tab.focus();
  }
  sessionStorage.setItem(CHOSEN, name);
}

function move(event) {
  const at = tabs.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  show(tabs[to % tabs.length].dataset.show, true);
}

// Only while somebody looks: each preview costs the server a rendering.
async function make() {
  isStale = true;
  if (!isSeen(panel) && !notices.some((one) => isSeen(one.parentElement))) return;
  isStale = false;
  const mine = ++asked;
  if (!frame.srcdoc) state.textContent = words.waiting;
  try {
    const given = await post(panel.dataset.preview, { fields: fields() });
    if (mine === asked) put(given);
  } catch (error) {
    if (mine === asked) state.textContent = error.message;
  }
}

function put({ page, tabs: shown, notices: said }) {
  state.textContent = "";
  putPage(page);
  for (const [name, html] of Object.entries(shown)) panel.querySelector(`#shown-${name}`).innerHTML = html;
  for (const place of notices) {
    place.hidden = !said.length;
    place.replaceChildren(heading(), list(said));
  }
}

function isSeen(element) {
  return element.offsetParent !== null;
}

// The page stays where it was scrolled to.
function putPage(page) {
  const at = frame.contentWindow?.scrollY ?? 0;
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, at), { once: true });
  frame.srcdoc = page;
}

function heading() {
  return Object.assign(document.createElement("strong"), { textContent: words.notices });
}

function list(said) {
  const element = document.createElement("ul");
  element.append(...said.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
  return element;
}

panel.lang = document.documentElement.lang;
panel.querySelector("[data-without-script]").parentElement.hidden = true;
const row = panel.querySelector("[role=tablist]");
row.hidden = false;
row.addEventListener("click", (event) => event.target.dataset.show && show(event.target.dataset.show));
row.addEventListener("keydown", move);
const chosen = sessionStorage.getItem(CHOSEN);
show(tabs.some((tab) => tab.dataset.show === chosen) ? chosen : "help");
onChange(make);
document.addEventListener("tab-shown", () => isStale && make());
make();
