// A phone: its bar with the time, the list of conversations, and the one that is open.
import { fill, h } from "../chat/dom.js";
import { icon } from "./icons.js";
import { Talk } from "./talk.js";
import { clockTime, day, prettyNumber } from "./writing.js";

export class Device {
  // `link`: {channel, number, text}, the conversation to open and what is written in it already.
  constructor(config, live, link) {
    this._config = config;
    this._words = config.words;
    this._live = live;
    this._link = link;
    this._clock = h("span", { class: "clock" });
    this._who = h("p", { class: "who" });
    this._rows = h("ul", { class: "threads" });
    this._inbox = h("div", { class: "inbox" }, h("header", { class: "inbox-head" }, h("h2", {}, this._words.conversations), this._who), this._rows);
    this._talk = new Talk(config, live, () => this._openInbox());
    this._state = h("p", { class: "lost", role: "status" });
    const bar = h("div", { class: "bar", "aria-hidden": "true" }, this._clock, h("span", {}, icon("signal"), icon("battery")));
    this.element = h("div", { class: "device" }, bar, this._state, h("div", { class: "screen" }, this._inbox, this._talk.element));
    this._talk.element.hidden = true;
    live.addEventListener("state", () => this._show());
    live.addEventListener("lost", () => (this._state.textContent = this._words.offline));
    setInterval(() => this._tick(), 5000);
  }

  _show() {
    this._state.textContent = "";
    this._tick();
    if (this._link) this._follow();
    const { chosen, threads } = this._live.state;
    if (chosen !== this._chosen) {
      this._chosen = chosen;
      // Another phone: the same conversation there, if there is one.
      if (!threads.some((thread) => isSame(thread, this._open))) this._openInbox(false);
    }
    this._showInbox();
    const open = threads.find((thread) => isSame(thread, this._open));
    if (open) this._talk.show(open);
  }

  _tick() {
    this._clock.textContent = clockTime(this._live.now(), this._config.dates);
  }

  // To the conversation of the address, on a phone that has such ones.
  _follow() {
    const { people, threads } = this._live.state;
    const { channel, number, text } = this._link;
    const fitting = threads.filter((thread) => thread.channel === channel);
    const able = people.find((one) => one.channels.includes(channel));
    if (!fitting.length && able) return this._live.pick(able.address);
    this._link = null;
    this._chosen = this._live.state.chosen;
    const there = fitting.find((thread) => thread.number === number) || fitting[0];
    if (there) this._openTalk(there, text);
  }

  _showInbox() {
    const { people, chosen, threads } = this._live.state;
    const person = people.find((one) => one.address === chosen);
    this._who.textContent = person ? [person.name, chosen.startsWith("+") ? prettyNumber(chosen) : this._words.hidden].filter((part, place) => place || part !== chosen).join(" · ") : "";
    const focused = document.activeElement?.closest?.(".thread-row")?.dataset.key;
    this._rows.replaceChildren(...threads.map((thread) => h("li", {}, this._row(thread))));
    if (focused) this._rows.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  _row(thread) {
    const last = thread.messages.at(-1);
    const at = last && new Date(last.at);
    const isToday = at?.toDateString() === this._live.now().toDateString();
    const time = last ? h("time", { datetime: last.at }, isToday ? clockTime(at, this._config.dates) : day(at, this._live.now(), this._config)) : null;
    const count = thread.unread ? h("span", { class: "count" }, h("span", { "aria-hidden": "true" }, thread.unread), h("span", { class: "visually-hidden" }, fill(this._words.unread, { count: thread.unread }))) : null;
    const row = h("button", { type: "button", class: "thread-row", "data-key": `${thread.channel}${thread.number}` },
      h("span", { class: `face face-${thread.channel}` }, icon(thread.channel)),
      h("span", { class: "row-words" }, h("span", { class: "row-name" }, h("b", {}, this._config.company), " ", h("span", { class: "row-channel" }, this._words[thread.channel])), h("span", { class: "row-last" }, last ? preview(last, this._words) : this._words.nothing_yet)),
      h("span", { class: "row-end" }, time, count));
    row.addEventListener("click", () => this._openTalk(thread));
    return row;
  }

  _openTalk(thread, draft = "") {
    this._open = { channel: thread.channel, number: thread.number };
    this._inbox.hidden = true;
    this._talk.element.hidden = false;
    this._talk.open(thread, draft);
  }

  _openInbox(isFocused = true) {
    const key = this._open && `${this._open.channel}${this._open.number}`;
    this._open = null;
    this._talk.close();
    this._talk.element.hidden = true;
    this._inbox.hidden = false;
    if (isFocused && key) this._rows.querySelector(`[data-key="${key}"]`)?.focus();
  }
}

function isSame(thread, other) {
  return other && thread.channel === other.channel && thread.number === other.number;
}

function preview(message, words) {
  if (message.body) return message.body.replace(/[*_~]/g, "");
  if (message.location) return words.location;
  const kind = message.media[0]?.type.split("/")[0];
  return kind === "image" ? words.picture : kind === "audio" ? words.voice : words.document;
}
