// The toolbar above the text: GitHub's toolbar for plain text fields, and what it lacks.
import "../vendor/markdown-toolbar-element-2.2.3.js";
import { insert } from "./draft.js";
import { words } from "./facts.js";
import { body } from "./form.js";

const toolbar = document.querySelector("markdown-toolbar");
const menu = document.getElementById("callouts");
const opener = toolbar.querySelector('[data-tool="callout"]');

const TOOLS = {
  table: () => insertBlock(`| ${words.column} | ${words.column} |\n| --- | --- |\n|  |  |`),
  callout: () => toggle(menu.hidden),
  undo: () => command("undo"),
  redo: () => command("redo"),
};

// Presses a tool, as a key does.
export function use(name) {
  toolbar.querySelector(`[data-tool="${name}"]`).click();
}

// A block of its own: with an empty line before and after it.
function insertBlock(markdown) {
  const before = body.value.slice(0, body.selectionStart);
  const after = body.value.slice(body.selectionEnd);
  const gap = before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
  insert(`${gap}${markdown}${after.startsWith("\n") ? "\n" : "\n\n"}`);
}

function command(name) {
  body.focus();
  document.execCommand(name);
}

function toggle(isOpen) {
  menu.hidden = !isOpen;
  opener.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) menu.firstElementChild.focus();
}

function move(event) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items[to % items.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") {
    toggle(false);
    opener.focus();
  } else return;
  event.preventDefault();
}

toolbar.hidden = false;
toolbar.addEventListener("click", (event) => TOOLS[event.target.closest("button[data-tool]")?.dataset.tool]?.());
menu.addEventListener("keydown", move);
menu.addEventListener("click", (event) => {
  const kind = event.target.closest("[data-callout]")?.dataset.callout;
  if (!kind) return;
  toggle(false);
  insertBlock(`> [!${kind}]\n> ${words.callout_text}`);
});
document.addEventListener("pointerdown", (event) => !menu.hidden && !event.target.closest(".callouts, [data-tool=callout]") && toggle(false));
