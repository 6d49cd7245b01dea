// Pictures by paste, drop or choice: brought to the server, and put into the text with what they tell.
import { insert } from "./draft.js";
import { h } from "./facts.js";
import { body } from "./form.js";
import { send } from "./net.js";

const words = JSON.parse(document.querySelector("[data-pictures]").dataset.pictures);
const toolbar = document.querySelector("markdown-toolbar");
const dialog = makeDialog();
const form = dialog.querySelector("form");
const inserting = form.querySelector("[type=submit]");
const [state, shown, alternative, decoration] = ["state", "shown", "alternative", "decoration"].map((name) => dialog.querySelector(`[data-${name}]`));
let brought = null;
let caret = [0, 0];

function makeDialog() {
  const made = h("dialog", { class: "ask-dialog", "aria-labelledby": "picture-title" },
    h("form", { method: "dialog", class: "stack", novalidate: "" },
      h("h2", { id: "picture-title" }, words.picture),
      h("p", { class: "soft small" }, words.intro),
      h("div", { class: "brought-box", "data-shown": "" }),
      h("p", { role: "status", "data-state": "" }),
      h("div", { class: "field" },
        h("label", { for: "picture-alternative" }, words.alternative),
        h("input", { class: "input", id: "picture-alternative", maxlength: "500", autocomplete: "off", "aria-describedby": "picture-hint", "data-alternative": "" }),
        h("span", { class: "hint", id: "picture-hint" }, words.alternative_hint)),
      h("label", { class: "check" }, h("input", { type: "checkbox", "data-decoration": "" }), h("span", {}, words.decoration)),
      h("p", { class: "dialog-buttons" },
        h("button", { class: "button", type: "submit" }, words.insert),
        h("button", { class: "button button-quiet", type: "button", "data-cancel": "" }, words.cancel))));
  document.body.append(made);
  return made;
}

function picturesOf(data) {
  return [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}

async function bring(file) {
  brought = null;
  inserting.disabled = true; // Until it is there to be inserted.
  caret = [body.selectionStart, body.selectionEnd];
  form.reset();
  alternative.disabled = false;
  shown.replaceChildren();
  say(words.uploading);
  if (!dialog.open) dialog.showModal();
  alternative.focus();
  const sent = new FormData();
  sent.set("picture", file, file.name || "picture.png");
  try {
    brought = await send("POST", "/editor/api/pictures", sent);
    inserting.disabled = false;
    shown.replaceChildren(h("img", { src: brought.url, width: brought.width, height: brought.height, alt: words.preview }));
    say("");
  } catch (error) {
    say(error.message && error.status ? error.message : words.failed, true);
  }
}

function say(text, isBad = false) {
  state.textContent = text;
  state.classList.toggle("is-bad", isBad);
  state.hidden = !text;
}

function finish(event) {
  event.preventDefault();
  if (!brought) return;
  const told = alternative.value.trim().replace(/\s+/g, " ");
  if (!told && !decoration.checked) {
    say(words.say_something, true);
    alternative.focus();
    return;
  }
  close();
  const escaped = decoration.checked ? "" : told.replace(/[\\[\]`*_<&!]/g, "\\$&");
  body.setSelectionRange(...caret);
  insert(`![${escaped}](${brought.source})`);
}

function close() {
  dialog.close();
  body.focus();
}

function take(event, data) {
  const [first, second] = picturesOf(data);
  if (!first) return;
  event.preventDefault();
  bring(first).then(() => second && say(words.one_at_a_time, true));
}

function addButton() {
  const chooser = h("input", { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", hidden: "", "aria-label": words.choose });
  const button = h("button", { class: "tool", type: "button", "data-md-button": "", "data-tool": "picture", "aria-label": words.picture, title: words.picture });
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${document.body.dataset.sprite}#image"/></svg>`;
  button.addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    const [file] = chooser.files;
    chooser.value = "";
    if (file) bring(file);
  });
  toolbar.querySelector('[data-tool="link"]').after(button, chooser);
}

addButton();
form.addEventListener("submit", finish);
form.querySelector("[data-cancel]").addEventListener("click", close);
decoration.addEventListener("change", () => { alternative.disabled = decoration.checked; });
body.addEventListener("paste", (event) => take(event, event.clipboardData));
body.addEventListener("drop", (event) => take(event, event.dataTransfer));
body.addEventListener("dragover", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  body.classList.add("is-over");
});
for (const name of ["dragleave", "drop"]) body.addEventListener(name, () => body.classList.remove("is-over"));
