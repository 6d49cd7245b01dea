// One conversation on a phone: who it is with, what was said, and the box to write in.
import { h } from "../chat/dom.js";
import { Bubbles } from "./bubbles.js";
import { Composer } from "./composer.js";
import { icon } from "./icons.js";
import { Sheet } from "./sheet.js";
import { prettyNumber } from "./writing.js";

export class Talk {
  constructor(config, live, leave) {
    this._config = config;
    this._words = config.words;
    this._live = live;
    this._drafts = new Map();
    this._face = h("span", { class: "face" });
    this._line = h("span", { class: "talk-line" });
    const back = h("button", { type: "button", class: "button button-icon", "aria-label": this._words.back, onclick: leave }, icon("back"));
    const head = h("header", { class: "talk-head" }, back, this._face, h("h2", { class: "talk-name" }, config.company, this._line));
    this._sheet = new Sheet(config);
    this._bubbles = new Bubbles(config, live, {
      choose: (message, index) => this._choose(message, index),
      list: (message) => this._pickFrom(message),
    });
    this._composer = new Composer(config, this._sheet, (message) => this._send(message));
    this._error = h("p", { class: "hint", role: "alert" });
    this._body = h("div", { class: "talk-body" }, head, this._bubbles.element, h("footer", { class: "talk-foot" }, this._error, this._composer.element));
    this.element = h("div", { class: "talk" }, this._body, this._sheet.element);
    this._sheet.behind = this._body;
    document.addEventListener("visibilitychange", () => this._read());
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
      event.preventDefault();
      leave();
    });
  }

  open(thread, draft = "") {
    this._turnTo(thread, draft);
    this._composer.focus();
  }

  close() {
    this._keepDraft();
    this._sheet.close();
    this._composer.end();
    this._thread = this._shownKey = null;
  }

  show(thread) {
    if (this._key(thread) !== this._shownKey) return this._turnTo(thread);
    this._thread = thread;
    this._bubbles.show(thread);
    this._read();
  }

  // To another conversation, or to the same one on another phone.
  _turnTo(thread, draft = "") {
    this._keepDraft();
    this._shownKey = this._key(thread);
    this.element.dataset.channel = thread.channel;
    this._face.className = `face face-${thread.channel}`;
    this._face.replaceChildren(icon(thread.channel));
    this._line.textContent = `${this._words[thread.channel]} · ${prettyNumber(thread.number)}`;
    this._error.textContent = "";
    this._bubbles.clear();
    this._sheet.close();
    this._composer.begin(thread.channel, draft || this._drafts.get(this._shownKey) || "");
    this.show(thread);
  }

  _key(thread) {
    return `${this._live.state.chosen} ${thread.channel} ${thread.number}`;
  }

  _keepDraft() {
    if (this._shownKey) this._drafts.set(this._shownKey, this._composer.text);
  }

  _where() {
    return { phone: this._live.state.chosen, channel: this._thread.channel, to: this._thread.number };
  }

  // What is in sight has been seen.
  _read() {
    if (this._thread?.unread && !document.hidden) this._live.ask("read", this._where()).catch(() => {});
  }

  // True when it went.
  async _ask(what, given) {
    this._error.textContent = "";
    try {
      await this._live.ask(what, { ...this._where(), ...given }, this._words.failed);
      return true;
    } catch (error) {
      this._error.textContent = error.message;
      return false;
    }
  }

  _send(message) {
    this._bubbles.toEnd();
    return this._ask("send", message);
  }

  _choose(message, index) {
    this._ask("choose", { sid: message.sid, index });
    this._composer.focus();
  }

  _pickFrom(message) {
    const rows = message.items.map(({ item, description }) => ({ title: item, hint: description }));
    this._sheet.choose(message.list_button, rows, (index) => this._choose(message, index));
  }
}
