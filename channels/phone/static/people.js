// Whose phone it is: the people in a row, and one more.
import { fill, h } from "../chat/dom.js";
import { icon } from "./icons.js";
import { prettyNumber } from "./writing.js";

export class People {
  constructor(config, live) {
    this._words = config.words;
    this._live = live;
    this._row = h("ul", { class: "people-row" });
    this._error = h("p", { class: "error", role: "alert" });
    this._dialog = this._form();
    this.element = h("nav", { class: "people", "aria-label": this._words.people }, this._row, this._dialog);
    live.addEventListener("state", () => this._show());
  }

  _show() {
    const { people, chosen } = this._live.state;
    const key = JSON.stringify([people, chosen]);
    if (key === this._shown) return;
    this._shown = key;
    const focused = this._row.contains(document.activeElement) ? document.activeElement.dataset.address : null;
    this._row.replaceChildren(...people.map((one) => h("li", {}, this._button(one, chosen))), h("li", {}, this._adding()));
    if (focused) this._row.querySelector(`[data-address="${CSS.escape(focused)}"]`)?.focus();
  }

  _button({ address, name, unread }, chosen) {
    const badge = unread ? h("span", { class: "count" }, h("span", { "aria-hidden": "true" }, unread), h("span", { class: "visually-hidden" }, fill(this._words.unread, { count: unread }))) : null;
    const button = h("button", { type: "button", class: "person", "data-address": address, "aria-pressed": String(address === chosen), title: address.startsWith("+") ? prettyNumber(address) : this._words.hidden },
      h("span", { class: "initial", "aria-hidden": "true" }, /\p{L}/u.test(name) ? name[0] : name.slice(-2)), h("span", { class: "person-name" }, name.startsWith("+") ? `…${name.slice(-4)}` : name), badge);
    button.addEventListener("click", () => this._live.pick(address));
    return button;
  }

  _adding() {
    const open = () => {
      this._error.textContent = "";
      this._dialog.showModal();
    };
    return h("button", { type: "button", class: "person", "data-address": "", onclick: open },
      h("span", { class: "initial initial-add", "aria-hidden": "true" }, icon("plus")), h("span", { class: "person-name" }, this._words.add));
  }

  _form() {
    const number = h("input", { class: "input", id: "new-number", name: "address", type: "tel", required: true, autocomplete: "off", "aria-describedby": "new-number-hint" });
    const name = h("input", { class: "input", id: "new-name", name: "name", autocomplete: "off", maxlength: "60" });
    const form = h("form", { class: "add-form" },
      h("h2", {}, this._words.add),
      h("div", { class: "field" }, h("label", { for: "new-number" }, this._words.number), number, h("span", { class: "hint", id: "new-number-hint" }, this._words.number_hint)),
      h("div", { class: "field" }, h("label", { for: "new-name" }, this._words.name), name, this._error),
      h("div", { class: "add-actions" },
        h("button", { type: "button", class: "button button-quiet", onclick: () => this._dialog.close() }, this._words.cancel),
        h("button", { class: "button" }, this._words.save)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._add(form, number.value, name.value);
    });
    return h("dialog", { class: "add", "aria-label": this._words.add }, form);
  }

  async _add(form, address, name) {
    try {
      await this._live.ask("phones", { address, name }, this._words.failed);
    } catch (error) {
      this._error.textContent = error.message;
      return;
    }
    form.reset();
    this._dialog.close();
    const digits = address.replace(/[ \-()/]/g, "").replace(/^00/, "+");
    this._live.pick(digits);
  }
}
