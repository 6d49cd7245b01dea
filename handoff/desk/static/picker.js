// What opens while one writes: after `/` canned replies and articles, after `@` colleagues.
import { facts, h, icon, words } from "./facts.js";
import { get } from "./net.js";

const PATIENCE_MS = 120;
const BLUR_MS = 150;

export class Picker {
  constructor(box, place, talk, changed) {
    this._box = box;
    this._place = place;
    this._talk = talk;
    this._changed = changed;
    this.mode = "reply";
    this._options = [];
    this._at = 0;
    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("input", () => this._look());
    // Unless one comes right back, as by the button that opens it.
    box.addEventListener("blur", () => setTimeout(() => document.activeElement === box || this.close(), BLUR_MS));
  }

  get isOpen() {
    return !this._place.hidden;
  }

  // Opens it as if `/` were typed where the cursor stands.
  openAt() {
    const { selectionStart: at, value } = this._box;
    this._box.focus();
    this._box.setRangeText(at && !/\s/.test(value[at - 1]) ? " /" : "/", at, at, "end");
    this._look();
  }

  close() {
    clearTimeout(this._timer);
    this._asked = null; // What is being fetched opens it no more.
    if (!this.isOpen) return;
    this._place.hidden = true;
    this._box.removeAttribute("aria-activedescendant");
    this._box.removeAttribute("aria-controls");
  }

  // Whether it made something of a key.
  key(event) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this._mark((this._at + step + this._options.length) % Math.max(1, this._options.length));
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
      if (!this._options.length) return false;
      this._pick(this._options[this._at]);
    } else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  _look() {
    const before = this._box.value.slice(0, this._box.selectionStart);
    const slash = this.mode === "reply" && /(?:^|\s)\/([^\n/]{0,60})$/.exec(before);
    const at = this.mode === "note" && /(?:^|\s)@([^\s@]{0,30})$/.exec(before);
    clearTimeout(this._timer);
    if (slash) {
      this._from = this._box.selectionStart - slash[1].length - 1;
      this._timer = setTimeout(() => this._fetch(slash[1]), this.isOpen ? PATIENCE_MS : 0);
    } else if (at) {
      this._from = this._box.selectionStart - at[1].length - 1;
      this._show(this._people(at[1].toLowerCase()));
    } else this.close();
  }

  async _fetch(typed) {
    const asked = (this._asked = `${this._talk.id} ${typed}`);
    const { canned, articles } = await get(`/desk/api/conversations/${this._talk.id}/insert?q=${encodeURIComponent(typed)}`).catch(() => ({ canned: [], articles: [] }));
    if (this._asked !== asked) return;
    this._show([
      ...canned.map((one) => ({ group: words.insert_canned, sign: "zap", label: one.title, hint: `/${one.shortcut}`, text: one.text, more: one.text })),
      ...articles.map((one) => ({ group: words.insert_articles, sign: one.internal ? "lock" : "book-open", label: one.title, hint: one.internal ? words.internal : "", text: one.text, more: one.sentence, page: one.internal ? one.url : "" })),
    ]);
  }

  _people(typed) {
    const fits = facts.colleagues.filter((one) => one.id !== facts.me.id && one.name.toLowerCase().split(" ").some((word) => word.startsWith(typed)));
    return fits.slice(0, 8).map((one) => ({ group: "", sign: "user-round", label: one.name, hint: "", text: `@${one.name} ` }));
  }

  _show(options) {
    this._options = options;
    this._place.hidden = false;
    let group = "";
    const items = options.flatMap((option, number) => {
      const item = h("li", { role: "option", id: `pick-${number}`, class: "pick" }, icon(option.sign), h("span", { class: "pick-words" }, h("span", {}, option.label), option.more ? h("small", {}, option.more) : null), option.hint ? h("kbd", {}, option.hint) : null);
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this._pick(option);
      });
      const head = option.group && option.group !== group ? [h("li", { class: "choose-group", role: "presentation" }, option.group)] : [];
      group = option.group;
      return [...head, item];
    });
    const list = h("ul", { role: "listbox", id: "pick-list", "aria-label": words.insert_title }, items);
    this._place.replaceChildren(options.length ? list : h("p", { class: "soft" }, words.insert_none));
    this._box.setAttribute("aria-controls", "pick-list");
    this._mark(0);
  }

  _mark(at) {
    this._at = at;
    this._place.querySelectorAll("[role=option]").forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    const item = this._place.querySelectorAll("[role=option]")[at];
    if (!item) return;
    this._box.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  // What is for staff alone opens beside the desk; of it nothing goes into a reply.
  _pick(option) {
    if (option.page) window.open(option.page, "_blank", "noopener");
    this._box.setRangeText(option.text, this._from, this._box.selectionStart, "end");
    this.close();
    this._changed();
    this._box.focus();
  }
}
