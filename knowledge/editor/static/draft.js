// The draft that is being written: its fields, its place on the server, and what the panels are told of both.
import { article, facts, fill, time, words } from "./facts.js";
import { asHeld, body, changed, fields, form, put, same } from "./form.js";
import { Kept } from "./kept.js";
import { Refusal, send } from "./net.js";

export { article, fields };

const PAUSE_MS = 1000;
const TOLD_MS = 400;
const AGAIN_MS = 5000;
const KEEPALIVE_BYTES = 60_000; // Browsers let no more outlive its page.
const ADDRESS = `/editor/api/drafts/${article.locale}/${article.id.split("/").map(encodeURIComponent).join("/")}`;

const kept = new Kept(facts.user, article);
const listeners = [];
const state = document.getElementById("save-state");
const problem = document.getElementById("problem");
let seenNow = facts.seen;
let stored = asHeld(facts.fields); // As it stands on the server: somebody may have typed before this script was there.
let isStuck = false; // Until somebody has decided between theirs and mine.
let trouble = ""; // Why it could not be saved.
let sending = null;
let pausing = 0;
let telling = 0;

export function seen() {
  return seenNow;
}

// `fn` is called with the fields whenever something has changed and typing has paused.
export function onChange(fn) {
  listeners.push(fn);
}

// Puts Markdown in at the caret of the text, where it can be undone.
export function insert(markdown) {
  body.focus();
  if (!document.execCommand("insertText", false, markdown)) {
    body.setRangeText(markdown, body.selectionStart, body.selectionEnd, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Sends JSON to a path of the editor; resolves to the JSON of its answer. Throws an Error with the server's sentence.
export function post(path, values) {
  return send("POST", path, values).catch((error) => {
    throw error instanceof Refusal && error.message ? error : Object.assign(error, { message: words.offline });
  });
}

// Saves now; resolves when everything is saved, and throws an Error with a sentence if it can't be.
export async function flush() {
  clearTimeout(pausing);
  while (sending || isUnsaved()) {
    await (sending ?? save());
    if (isUnsaved() && !sending && trouble) throw new Error(trouble);
  }
}

function isUnsaved() {
  return Object.keys(changed(fields(), stored)).length > 0;
}

function save(isLeaving = false) {
  clearTimeout(pausing);
  sending ??= sendChanges(isLeaving).finally(() => {
    sending = null;
    if (isUnsaved() && !isStuck && !trouble) saveSoon();
  });
  return sending;
}

async function sendChanges(isLeaving) {
  const mine = changed(fields(), stored);
  if (!Object.keys(mine).length) return kept.forget();
  const isKept = keepMine(mine);
  if (isStuck) return undefined;
  say(words.saving);
  const sent = JSON.stringify({ fields: mine, seen: seenNow });
  try {
    const keepalive = isLeaving && new Blob([sent]).size < KEEPALIVE_BYTES;
    saved(mine, await send("PUT", ADDRESS, { fields: mine, seen: seenNow }, { keepalive }));
  } catch (error) {
    failed(error, isKept);
  }
  return undefined;
}

function saved(mine, given) {
  seenNow = given.seen;
  stored = { ...stored, ...mine };
  if (isUnsaved()) keepMine(changed(fields(), stored));
  else kept.forget();
  form.dataset.saved = String(!isUnsaved());
  tellForm();
  say(fill(words.saved_at, { time: time(given.saved_at) }));
  problem.hidden = !given.problem;
  problem.textContent = given.problem ? fill(words.not_ready, { problem: given.problem }) : "";
  document.dispatchEvent(new CustomEvent("draft-saved", { detail: given }));
}

function failed(error, isKept) {
  if (error.status === 409) return weigh(error.given);
  if (error instanceof Refusal && error.status < 500 && error.status !== 401) return sayBad(fill(words.kept_only, { problem: error.message }));
  pausing = setTimeout(save, AGAIN_MS);
  return sayBad(error.status === 401 ? words.signed_out : isKept ? words.offline : words.leave_unsaved);
}

// Somebody else has saved: what they alone changed is taken in; what both changed, somebody must decide.
function weigh({ theirs, seen: seenByThem, by }) {
  const mine = changed(fields(), stored);
  const new_ = changed(Object.fromEntries(Object.keys(stored).map((name) => [name, theirs[name]])), stored);
  const both = Object.keys(mine).filter((name) => name in new_ && !same(new_[name], mine[name]));
  const name = by ?? words.somebody;
  if (both.length) return disagree(both, name);
  const taken = Object.keys(new_).filter((one) => !(one in mine));
  stored = { ...stored, ...new_ };
  seenNow = seenByThem;
  put(Object.fromEntries(taken.map((one) => [one, new_[one]])));
  tellForm();
  told(fill(words.taken_in, { name, fields: named(taken) }), taken.length > 0);
  tellSoon();
  saveSoon(0);
  return undefined;
}

// The form goes to the page that shows both, with what was seen before: there somebody decides.
function disagree(both, name) {
  isStuck = true;
  const button = Object.assign(document.createElement("button"), { type: "submit", className: "button button-small", textContent: words.compare });
  button.setAttribute("form", form.id);
  const place = document.getElementById("conflict");
  place.hidden = false;
  trouble = fill(words.conflict, { name, fields: named(both) });
  place.replaceChildren(Object.assign(document.createElement("p"), { textContent: trouble }), button);
  place.scrollIntoView({ block: "nearest" });
  say("");
}

function named(names) {
  return names.map((name) => facts.names[name]).join(", ");
}

function told(text, isWorthIt) {
  const place = document.getElementById("told");
  if (!isWorthIt) return;
  place.hidden = false;
  place.textContent = text;
}

function keepMine(mine) {
  return kept.keep(mine, Object.fromEntries(Object.keys(mine).map((name) => [name, stored[name]])), seenNow);
}

// The plain form says what was seen, too: it is what is sent where somebody decides.
function tellForm() {
  form.elements.seen_revision.value = seenNow.revision_id ?? "";
  form.elements.seen_version.value = seenNow.version;
}

function say(text) {
  if (!isStuck) trouble = "";
  state.classList.remove("is-bad");
  state.textContent = text;
}

function sayBad(text) {
  trouble = text;
  state.textContent = text;
  state.classList.add("is-bad");
}

function saveSoon(wait = PAUSE_MS) {
  clearTimeout(pausing);
  pausing = setTimeout(save, wait);
}

function tellSoon() {
  clearTimeout(telling);
  telling = setTimeout(() => listeners.forEach((fn) => fn(fields())), TOLD_MS);
}

function typed() {
  form.dataset.saved = String(!isUnsaved());
  const mine = changed(fields(), stored);
  if (Object.keys(mine).length) keepMine(mine);
  if (!isStuck) saveSoon();
  tellSoon();
}

// What was kept when the page was left: put in again where nobody has changed it since.
function takeUp() {
  const found = kept.find();
  if (!found) return;
  const now = stored;
  const mine = changed(Object.fromEntries(Object.entries(found.fields).filter(([name]) => name in now)), now);
  if (!Object.keys(mine).length) return kept.forget();
  put(mine);
  const both = Object.keys(mine).filter((name) => !same(found.base[name], now[name]));
  if (both.length) {
    stored = { ...now, ...found.base };
    seenNow = found.seen;
    tellForm();
    return disagree(both, words.somebody);
  }
  told(words.sent_again, true);
  return saveSoon(0);
}

// Panels have controls of the form, too: they lie elsewhere in the page and name it.
function isOurs(event) {
  return event.target.form === form;
}

document.addEventListener("input", (event) => isOurs(event) && typed());
document.addEventListener("change", (event) => isOurs(event) && typed());
document.addEventListener("focusout", (event) => isOurs(event) && isUnsaved() && !isStuck && save());
addEventListener("online", () => save());
addEventListener("pagehide", () => isUnsaved() && save(true));
document.addEventListener("visibilitychange", () => document.hidden && isUnsaved() && save(true));
addEventListener("beforeunload", (event) => {
  if (isUnsaved() && !kept.find()) event.preventDefault();
});
takeUp();
if (isUnsaved()) typed();
