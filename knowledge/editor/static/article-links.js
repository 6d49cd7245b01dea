// Links to articles: chosen by a search, or made of an address of ours that is pasted. They survive a new name.
import { article, insert } from "./draft.js";
import { h } from "./facts.js";
import { body } from "./form.js";

const words = JSON.parse(document.querySelector("[data-preview]").dataset.words);
const OURS = /^\/help\/(?:en|de)\/articles\/([^?#]+)(#[^\s]*)?$/;
const WAIT_MS = 200;
const dialog = makeDialog();
const [input, results, state] = ["input", "results", "state"].map((name) => dialog.querySelector(`[data-${name}]`));
let caret = [0, 0];
let waiting = 0;
let asked = 0;
let found = [];
let at = 0;

function makeDialog() {
  const made = h("dialog", { class: "ask-dialog", "aria-labelledby": "article-link-title" },
    h("div", { class: "stack" },
      h("h2", { id: "article-link-title" }, words.article_link),
      h("div", { class: "field" },
        h("label", { for: "article-link" }, words.find),
        h("input", { class: "input", id: "article-link", role: "combobox", "aria-expanded": "true", "aria-controls": "article-links", "aria-autocomplete": "list", autocomplete: "off", "aria-describedby": "article-link-hint", "data-input": "" }),
        h("span", { class: "hint", id: "article-link-hint" }, words.find_hint)),
      h("p", { class: "soft small", role: "status", "data-state": "" }),
      h("ul", { class: "found", id: "article-links", role: "listbox", "aria-label": words.article_link, "data-results": "" }),
      h("p", { class: "dialog-buttons" }, h("button", { class: "button button-quiet", type: "button", "data-cancel": "" }, words.cancel))));
  document.body.append(made);
  return made;
}

export function open() {
  caret = [body.selectionStart, body.selectionEnd];
  input.value = body.value.slice(...caret).trim().slice(0, 80);
  dialog.showModal();
  input.select();
  find();
}

async function find() {
  const mine = ++asked;
  const query = new URLSearchParams({ q: input.value, locale: article.locale });
  const answer = await fetch(`/editor/api/articles?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
  const given = answer?.ok ? await answer.json() : [];
  if (mine !== asked) return;
  found = given.filter((one) => one.id !== article.id);
  at = 0;
  state.textContent = found.length ? "" : words.found_none;
  results.replaceChildren(...found.map(option));
  mark();
}

function option({ title, category }, number) {
  const element = h("li", { role: "option", id: `article-link-${number}` }, h("span", {}, title), h("span", { class: "soft small" }, category));
  element.addEventListener("click", () => choose(number));
  return element;
}

function mark() {
  [...results.children].forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
  if (found.length) input.setAttribute("aria-activedescendant", `article-link-${at}`);
  else input.removeAttribute("aria-activedescendant");
  results.children[at]?.scrollIntoView({ block: "nearest" });
}

function choose(number) {
  if (!found[number]) return;
  dialog.close();
  const text = body.value.slice(...caret);
  body.setSelectionRange(...caret);
  insert(`[${text}](${addressOf(found[number].id)})`);
}

// As Markdown takes it for one address.
function addressOf(id, heading = "") {
  return `article:${id.split("/").map((part) => encodeURIComponent(part).replace(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)).join("/")}${heading}`;
}

function key(event) {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
  if (to !== undefined && found.length) at = (to + found.length) % found.length;
  else if (event.key === "Enter") choose(at);
  else return;
  event.preventDefault();
  mark();
}

// The article that an address of this installation leads to, as a link by its id.
function ownLink(text) {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const named = url.origin === location.origin && OURS.exec(url.pathname + url.hash);
  if (!named) return null;
  const heading = named[2] ? decodeURIComponent(named[2]).replace("#section-", "#") : "";
  return addressOf(decodeURIComponent(named[1]), heading);
}

function paste(event) {
  const address = ownLink(event.clipboardData.getData("text/plain").trim());
  if (!address) return;
  event.preventDefault();
  const [from, to] = [body.selectionStart, body.selectionEnd];
  const isAddress = /\]\(\s*$/.test(body.value.slice(0, from));
  insert(isAddress ? address : `[${body.value.slice(from, to)}](${address})`);
  const told = document.getElementById("told");
  told.hidden = false;
  told.textContent = words.pasted;
}

function addButton() {
  const button = h("button", { class: "tool", type: "button", "data-md-button": "", "data-tool": "article-link", "aria-label": words.article_link, title: `${words.article_link} (Ctrl Shift K)` });
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${document.body.dataset.sprite}#book-open"/></svg>`;
  button.addEventListener("click", open);
  document.querySelector('markdown-toolbar [data-tool="link"]').after(button);
}

addButton();
input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, WAIT_MS);
});
input.addEventListener("keydown", key);
dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => body.focus());
body.addEventListener("paste", paste);
body.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  open();
});
