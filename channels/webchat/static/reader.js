// A help article, read without leaving the chat.
import { fill, h, icon } from "./dom.js";
import { articleOf } from "./thread.js";

export class Reader {
  // `actions`: ask() about the article that is open.
  constructor(config, actions) {
    this._config = config;
    this._words = config.words;
    this._actions = actions;
    this._before = []; // What was read on the way here.
    this.reading = null; // The id of the article that is open.
    this.element = h("article", { class: "reader", tabindex: "-1" });
  }

  async open(source) {
    if (this._source) this._before.push(this._source);
    await this._show(source);
  }

  // To the article read before; false if there is none.
  back() {
    const before = this._before.pop();
    this._source = null;
    this.reading = null;
    if (before) this._show(before);
    return before !== undefined;
  }

  close() {
    this._before = [];
    this._source = null;
    this.reading = null;
  }

  async _show(source) {
    this._source = source;
    this.element.replaceChildren(h("p", { class: "loading", role: "status" }, this._words.loading));
    this.element.focus({ preventScroll: true });
    try {
      const locale = source.locale || articleOf(source.url, this._config.origin)?.locale || this._config.locale;
      const answer = await fetch(`${this._config.origin}/help/${locale}/articles/${encodeURIComponent(source.id)}.json`);
      if (answer.status === 404 || answer.status === 410) return this._showGone();
      if (!answer.ok) throw new Error(answer.status);
      const article = await answer.json();
      if (this._source === source) this._fill(article);
    } catch {
      if (this._source === source) this._showFailure(source);
    }
  }

  _fill(article) {
    this.reading = article.id;
    const body = h("div", { class: "prose", html: article.html, lang: article.locale });
    body.querySelectorAll("a").forEach((link) => this._lead(link));
    body.querySelectorAll("img").forEach((image) => (image.src = new URL(image.getAttribute("src"), this._config.origin)));
    const date = new Intl.DateTimeFormat(this._config.locale, { dateStyle: "medium" }).format(new Date(article.updated));
    const heading = h("h2", { tabindex: "-1", lang: article.locale }, article.title);
    const page = h("a", { class: "button button-quiet button-small", href: this._config.origin + article.url, target: "_blank" }, icon("page"), this._words.whole_page);
    const ask = h("button", { type: "button", class: "button button-small", onclick: () => this._actions.ask() }, icon("chat"), this._words.ask_about);
    const related = (article.related || []).slice(0, 3).map((one) => {
      const link = h("a", { href: this._config.origin + one.url }, one.title);
      this._lead(link);
      return h("li", {}, link);
    });
    this.element.replaceChildren(
      heading,
      h("p", { class: "lead", lang: article.locale }, article.short_answer),
      body,
      h("p", { class: "updated" }, fill(this._words.updated, { date })),
      h("div", { class: "reader-actions" }, ask, page),
      ...(related.length ? [h("h3", {}, this._words.related), h("ul", { class: "related" }, related)] : []),
    );
    this.element.scrollTop = 0;
    heading.focus({ preventScroll: true });
  }

  _lead(link) {
    const source = articleOf(link.getAttribute("href"), this._config.origin);
    if (!source) return this._leadElsewhere(link);
    link.href = new URL(source.url, this._config.origin);
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.open(source);
    });
  }

  _leadElsewhere(link) {
    const href = link.getAttribute("href") || "";
    if (!href.startsWith("#")) return (link.target = "_blank");
    // The page around us doesn't see headings in here.
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.element.querySelector(`#${CSS.escape(decodeURIComponent(href.slice(1)))}`)?.scrollIntoView();
    });
  }

  _showFailure(source) {
    const again = h("button", { type: "button", class: "button button-quiet button-small", onclick: () => this._show(source) }, icon("again"), this._words.try_again);
    this.element.replaceChildren(h("p", { role: "alert" }, this._words.failed), again);
    again.focus();
  }

  _showGone() {
    const ask = h("button", { type: "button", class: "button button-small", onclick: () => this._actions.ask() }, icon("chat"), this._words.ask_chat);
    this.element.replaceChildren(h("p", { role: "alert" }, this._words.gone), ask);
    ask.focus();
  }
}
