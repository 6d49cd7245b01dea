// The first thing a customer sees: a box to ask in, the articles that fit what is being typed, and the ones most read.
import { fill, h, icon } from "./dom.js";

const PAUSE_MS = 180;
const ENOUGH = 2; // Characters from which there is something to look for.

export class Home {
  // `actions`: ask(question), read(source), resume().
  constructor(config, actions) {
    this._config = config;
    this._words = config.words;
    this._actions = actions;
    this._input = h("input", { type: "search", name: "q", autocomplete: "off", enterkeyhint: "send", maxlength: config.message_chars, "aria-label": this._words.search, placeholder: this._words.search });
    const send = h("button", { type: "submit", class: "button send", "aria-label": this._words.ask }, icon("send"));
    const form = h("form", { class: "search", role: "search" }, icon("search"), this._input, send);
    this._shelf = h("div", { class: "shelf" });
    this._status = h("p", { class: "visually-hidden", role: "status" });
    this._resume = h("button", { type: "button", class: "resume card", hidden: true, onclick: () => actions.resume() }, icon("chat"), h("span", {}, this._words.continue), icon("go"));
    const hero = h("div", { class: "hero" }, h("h2", { tabindex: "-1" }, this._words.greeting), h("p", {}, this._words.intro), form);
    this.element = h("div", { class: "home" }, hero, this._resume, this._status, this._shelf);

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const question = this._input.value.trim();
      if (question) this._ask(question);
    });
    this._input.addEventListener("input", () => this._typed());
    form.addEventListener("keydown", (event) => event.key === "ArrowDown" && this._step(event, 0));
    this._shelf.addEventListener("keydown", (event) => this._move(event));
    this._showBest();
  }

  focus() {
    this._input.focus();
  }

  // What is written in the box.
  get question() {
    return this._input.value;
  }

  set question(text) {
    this._input.value = text;
    this._typed();
  }

  set canResume(can) {
    this._resume.hidden = !can;
  }

  _ask(question) {
    this._input.value = "";
    this._typed();
    this._actions.ask(question);
  }

  _typed() {
    clearTimeout(this._timer);
    this._looking?.abort();
    const typed = this._input.value.trim();
    if (typed.length < ENOUGH) return this._showBest();
    this._timer = setTimeout(() => this._look(typed), PAUSE_MS);
  }

  async _look(typed) {
    this._looking = new AbortController();
    try {
      const asked = new URLSearchParams({ q: typed.slice(0, 200), from: "widget" });
      const answer = await fetch(`${this._config.origin}/help/${this._config.locale}/suggest?${asked}`, { signal: this._looking.signal });
      if (answer.ok) this._showFound(typed, await answer.json());
    } catch (error) {
      // Overtaken by the next letter; or cut off: the question can be asked all the same.
      if (error.name !== "AbortError") this._showFound(typed, []);
    }
  }

  _showBest() {
    this._status.textContent = "";
    const best = this._config.best;
    this._shelf.replaceChildren(...(best.length ? [h("h3", {}, this._words.best), this._list(best)] : []));
  }

  _showFound(typed, found) {
    const ask = h("button", { type: "button", class: "row row-ask", onclick: () => this._ask(this._input.value.trim() || typed) }, icon("chat"), h("span", { dir: "auto" }, fill(this._words.ask_this, { question: typed })), icon("go"));
    const heading = h("h3", {}, found.length ? this._words.found : this._words.nothing_found);
    this._shelf.replaceChildren(heading, this._list(found, h("li", {}, ask)));
    this._status.textContent = `${heading.textContent}: ${found.length}`;
  }

  _list(articles, ...more) {
    return h("ul", { class: "rows" }, articles.map((article) => h("li", {}, this._row(article))), more);
  }

  _row(article) {
    const words = h("span", { dir: "auto" }, article.title, article.sentence ? h("small", {}, article.sentence) : null);
    const row = h("a", { class: "row", href: this._config.origin + article.url }, icon("article"), words, icon("go"));
    row.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this._actions.read(article);
    });
    return row;
  }

  // Arrow keys walk through the rows and back into the box.
  _move(event) {
    const at = [...this._shelf.querySelectorAll(".row")].indexOf(event.target.closest(".row"));
    if (event.key === "ArrowDown") this._step(event, at + 1);
    if (event.key === "ArrowUp") this._step(event, at - 1);
  }

  _step(event, to) {
    const rows = this._shelf.querySelectorAll(".row");
    event.preventDefault();
    if (to < 0) this.focus();
    else rows[Math.min(to, rows.length - 1)]?.focus();
  }
}
