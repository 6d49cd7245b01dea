// The keys of the page. Where somebody writes, letters are letters.
import { flush } from "./draft.js";
import { words } from "./facts.js";
import { body, form } from "./form.js";
import { show } from "./tabs.js";
import { use } from "./toolbar.js";

const SHOWN = [["Ctrl B", "bold"], ["Ctrl I", "italic"], ["Ctrl K", "link"], ["Ctrl Z", "undo"], ["Ctrl S", "key_save"], ["Ctrl Enter", "key_publish"], ["?", "key_help"]];
const IN_TEXT = { b: "bold", i: "italic", k: "link" };
const REVIEW = "review";

function pressed(event) {
  if (event.isComposing || event.defaultPrevented) return;
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) withControl(event, key);
  else if (key === "?" && !isWriting(event.target)) showKeys();
}

function withControl(event, key) {
  if (key === "s") flush().catch(() => {});
  else if (key === "enter") show(REVIEW, true);
  else if (IN_TEXT[key] && event.target === body) use(IN_TEXT[key]);
  else return;
  event.preventDefault();
}

function isWriting(target) {
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === "INPUT" && !["checkbox", "radio"].includes(target.type));
}

function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-label", words.keys);
  const list = document.createElement("dl");
  for (const [keys, name] of SHOWN) {
    const term = document.createElement("dt");
    term.append(...keys.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
    list.append(term, Object.assign(document.createElement("dd"), { textContent: words[name] }));
  }
  const close = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: words.close });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(Object.assign(document.createElement("h2"), { textContent: words.keys }), list, close);
  document.body.append(dialog);
  dialog.showModal();
}

const opener = document.getElementById("show-keys");
opener.hidden = false;
opener.addEventListener("click", showKeys);
document.addEventListener("keydown", pressed);
// With scripts the button saves in place; only where two have written at once the form goes to the page that shows both.
form.addEventListener("submit", (event) => {
  if (!document.getElementById("conflict").hidden) return;
  event.preventDefault();
  flush().catch(() => {});
});
