// What was said, as bubbles: with their day, time and ticks, buttons, pictures and places.
import { h } from "../chat/dom.js";
import { icon } from "./icons.js";
import { Player } from "./voice.js";
import { clockTime, day, written } from "./writing.js";

const NEAR_END = 120; // Pixels: someone who reads further up is not torn away.

export class Bubbles {
  // `actions`: choose(message, index) for a button, list(message) to open a list.
  constructor(config, live, actions) {
    this._config = config;
    this._words = config.words;
    this._live = live;
    this._actions = actions;
    this._shown = new Map(); // By sid: the element, and what it was made of.
    this._list = h("ol", { class: "bubbles" });
    this.element = h("div", { class: "talk-log", role: "log", "aria-label": this._words.thread, "aria-live": "off", tabindex: "0" }, this._list);
  }

  clear() {
    this._shown.clear();
    this._list.replaceChildren();
    this.element.setAttribute("aria-live", "off"); // What was said before is not read out.
  }

  show(thread) {
    const log = this.element;
    const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    const isFirst = !this._shown.size;
    thread.messages.forEach((message, place) => this._put(message, thread, thread.messages[place - 1]));
    this._list.dataset.empty = thread.messages.length ? "" : this._words.nothing_yet;
    if (wasAtEnd || isFirst) this.toEnd();
    requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  _put(message, thread, before) {
    const at = new Date(message.at);
    const isNewDay = !before || new Date(before.at).toDateString() !== at.toDateString();
    const date = isNewDay ? day(at, this._live.now(), this._config) : "";
    const made = JSON.stringify([{ ...message, status: null }, date]);
    const known = this._shown.get(message.sid);
    if (known?.made === made) return this._restate(known.item, message, at);
    const item = this._bubble(message, thread, date);
    const focused = known?.item.contains(document.activeElement);
    if (known) known.item.replaceWith(item);
    else this._list.append(item);
    if (focused) this.element.focus({ preventScroll: true });
    this._shown.set(message.sid, { item, made });
  }

  // How far it came is told in place: a button of it may have the focus, or be pressed right now.
  _restate(item, message, at) {
    if (item.dataset.status === message.status) return;
    item.dataset.status = message.status;
    item.querySelector(".balloon-foot").replaceWith(this._foot(message, at));
    item.querySelector(".failed-line")?.remove();
    item.append(this._failure(message) ?? "");
  }

  _bubble(message, { channel }, date) {
    const at = new Date(message.at);
    const isOwn = message.author === "customer";
    const who = isOwn ? this._words.you : message.author === "carrier" ? this._words.carrier : this._config.company;
    const inside = [
      message.author === "carrier" ? h("span", { class: "carrier-line", "aria-hidden": "true" }, who) : null,
      message.answered ? h("span", { class: "answered" }, message.answered) : null,
      ...message.media.map((medium) => this._medium(medium)),
      ...message.media_urls.map((url) => h("a", { class: "file", href: url, target: "_blank", rel: "noopener" }, icon("picture"), this._words.picture)),
      message.location ? this._location(message.location) : null,
      message.body ? h("span", { class: "said", dir: "auto" }, written(message.body, channel)) : null,
      this._foot(message, at),
    ];
    return h("li", { class: `said-by said-by-${message.author}`, "data-sid": message.sid, "data-status": message.status },
      date ? h("p", { class: "day" }, h("span", {}, date)) : null,
      h("span", { class: "visually-hidden" }, `${who}: `),
      h("div", { class: "balloon" }, inside),
      this._buttons(message),
      this._failure(message));
  }

  _failure(message) {
    return message.status === "failed" && message.author === "customer" ? h("p", { class: "failed-line" }, this._words.failed_hint) : null;
  }

  _foot(message, at) {
    const time = h("time", { datetime: message.at }, clockTime(at, this._config.dates));
    return h("span", { class: "balloon-foot" }, time, message.author === "customer" ? this._tick(message.status) : null);
  }

  _tick(status) {
    const sign = { sent: "check", delivered: "checks", read: "checks" }[status] || "alert";
    return h("span", { class: `tick tick-${status}` }, icon(sign), h("span", { class: "visually-hidden" }, this._words[`status_${status}`]));
  }

  _buttons(message) {
    const isOver = message.pressed !== null;
    if (message.items.length) {
      const open = h("button", { type: "button", class: "reply", disabled: isOver, onclick: () => this._actions.list(message) }, icon("list"), isOver ? message.items[message.pressed].item : message.list_button);
      return h("div", { class: "replies" }, open);
    }
    if (!message.buttons.length) return null;
    const buttons = message.buttons.map((title, index) =>
      h("button", { type: "button", class: "reply", disabled: isOver, "data-pressed": message.pressed === index, onclick: () => this._actions.choose(message, index) }, icon(message.pressed === index ? "check" : "reply"), title));
    return h("div", { class: "replies" }, buttons);
  }

  _medium({ token, type, name }) {
    const url = `/phone/media/${token}`;
    if (type.startsWith("image/")) {
      const picture = h("img", { class: "picture", src: url, alt: name || this._words.picture });
      picture.addEventListener("load", () => this._list.lastElementChild?.contains(picture) && this.toEnd());
      return picture;
    }
    if (type.startsWith("audio/")) return new Player(this._words, url).element;
    return h("a", { class: "file", href: url, download: name || true }, icon("document"), name || this._words.document);
  }

  _location({ latitude, longitude, label, address }) {
    const where = `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
    return h("span", { class: "place" }, h("span", { class: "place-map", "aria-hidden": "true" }, icon("location")), h("b", {}, label || this._words.location), h("small", {}, [address, where].filter(Boolean).join(" · ")));
  }
}

