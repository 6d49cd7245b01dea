// A dialog in which something is chosen or asked.
import { h, icon, words } from "./facts.js";

function open(title, body, className = "") {
  const close = h("button", { type: "button", class: "button button-icon", "aria-label": words.close }, icon("x"));
  const dialog = h("dialog", { class: `sheet ${className}`, "aria-label": title }, h("div", { class: "sheet-head" }, h("h2", {}, title), close), body);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  // The browser gives the focus back as it closes; this event comes later, when a key may have moved it on.
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// One of `options` ({value, label, hint, icon, group, keys}), found by typing where there are many. Resolves to the chosen
// one or null. `extra`: an element beneath, such as a field for a note. `free`: what was typed may be chosen itself.
export function choose(title, options, { extra = null, free = null, placeholder = "" } = {}) {
  return new Promise((resolve) => {
    const list = h("ul", { class: "choose-list", role: "listbox", id: "choose-list", "aria-label": title });
    const field = h("input", { class: "input", type: "text", autocomplete: "off", role: "combobox", "aria-expanded": "true", "aria-controls": "choose-list", "aria-label": placeholder || title, placeholder });
    let shown = [];
    let at = 0;
    let result = null;
    const dialog = open(title, h("div", { class: "choose" }, field, extra, list), "sheet-choose");
    const pick = (option) => {
      result = option;
      dialog.close();
    };
    const mark = () => {
      [...list.querySelectorAll("[role=option]")].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
      const item = list.querySelectorAll("[role=option]")[at];
      if (item) field.setAttribute("aria-activedescendant", item.id);
      item?.scrollIntoView({ block: "nearest" });
    };
    const draw = () => {
      const typed = field.value.trim().toLowerCase();
      shown = options.filter((option) => `${option.label} ${option.hint || ""}`.toLowerCase().includes(typed));
      if (free && typed && !shown.some((option) => option.label.toLowerCase() === typed)) shown.push(free(field.value.trim()));
      at = 0;
      let group = "";
      list.replaceChildren(...shown.flatMap((option, number) => {
        const item = h("li", { role: "option", id: `choose-${number}`, class: "choose-item" }, option.icon ? icon(option.icon) : null, h("span", { class: "choose-label" }, option.label), option.hint ? h("small", {}, option.hint) : null, option.keys ? h("kbd", {}, option.keys) : null);
        item.addEventListener("click", () => pick(option));
        const head = option.group && option.group !== group ? [h("li", { class: "choose-group", role: "presentation" }, option.group)] : [];
        group = option.group || group;
        return [...head, item];
      }));
      mark();
    };
    field.addEventListener("input", draw);
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        at = (at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % Math.max(1, shown.length);
        mark();
      } else if (event.key === "Enter" && shown[at]) {
        event.preventDefault();
        pick(shown[at]);
      }
    });
    dialog.addEventListener("close", () => resolve(result));
    draw();
    field.focus();
  });
}

// Whether it shall be done.
export function confirm(title, text, label) {
  return new Promise((resolve) => {
    let isMeant = false;
    const yes = h("button", { type: "button", class: "button" }, label);
    const no = h("button", { type: "button", class: "button button-quiet" }, words.cancel);
    const dialog = open(title, h("div", { class: "sheet-body" }, h("p", {}, text), h("p", { class: "sheet-foot" }, no, yes)));
    yes.addEventListener("click", () => {
      isMeant = true;
      dialog.close();
    });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(isMeant));
    yes.focus();
  });
}

// A moment of one's own choice, or null.
export function when(title) {
  return new Promise((resolve) => {
    const local = (date) => new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    const field = h("input", { class: "input", type: "datetime-local", min: local(new Date()), value: local(new Date(Date.now() + 86_400_000)), "aria-label": title, required: true });
    let moment = null;
    const form = h("form", { class: "sheet-body" }, field, h("p", { class: "sheet-foot" }, h("button", { class: "button" }, words.ok)));
    const dialog = open(title, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      moment = new Date(field.value);
      dialog.close();
    });
    dialog.addEventListener("close", () => resolve(moment));
  });
}

export function showSheet(title, body, className) {
  return open(title, body, className);
}
