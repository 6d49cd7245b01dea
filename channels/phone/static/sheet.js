// What comes up from the lower edge of a phone: things to choose from.
import { h } from "../chat/dom.js";
import { icon } from "./icons.js";

export class Sheet {
  constructor(config) {
    this._words = config.words;
    this._title = h("h2", { id: "sheet-title" });
    this._rows = h("ul", { class: "sheet-rows" });
    const close = h("button", { type: "button", class: "button button-icon", "aria-label": this._words.close, onclick: () => this.close() }, icon("close"));
    this._box = h("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": "sheet-title" }, h("div", { class: "sheet-head" }, this._title, close), this._rows);
    this.element = h("div", { class: "sheet-back", hidden: true }, this._box);
    this.element.addEventListener("click", (event) => event.target === this.element && this.close());
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
  }

  // `rows`: {title, hint, sign}; `chosen` is called with the place of one of them.
  choose(title, rows, chosen) {
    this._title.textContent = title;
    this._rows.replaceChildren(...rows.map((row, index) => h("li", {}, this._row(row, () => {
      this.close();
      chosen(index);
    }))));
    this._opener = document.activeElement;
    this.behind.inert = true; // All there is now is the sheet.
    this.element.hidden = false;
    this._rows.querySelector("button").focus();
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.behind.inert = false;
    this._opener?.focus?.();
  }

  _row({ title, hint, sign }, act) {
    return h("button", { type: "button", class: "sheet-row", onclick: act }, sign ? icon(sign) : null, h("span", {}, title, hint ? h("small", {}, hint) : null));
  }
}
