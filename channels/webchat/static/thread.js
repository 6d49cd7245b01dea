// The conversation as a list of messages.
import { fill, h, icon } from "./dom.js";

const TYPING_MS = 20_000; // Longer than any turn of the bot.
const WRITING_MS = 6_000; // A person who goes on writing is announced again before.
const GROUP_MS = 3 * 60_000; // Messages this close together carry one time.

const STEP = /^(\d+)(?: · (.+))?$/; // As the steps of a scale are called: "2 · difficult".
const FEWEST_STEPS = 5;

export class Thread {
  // `actions`: press(payload, title) for a button, read(source) for an article, again(id, text, title) for a message that
  // was refused, rewrite(text, why) for one that must be shorter.
  constructor(config, connection, actions) {
    this._words = config.words;
    this._locale = config.locale;
    this._origin = config.origin;
    this._connection = connection;
    this._actions = actions;
    this._own = new Map(); // Messages of this page that were not taken yet, by their own id.
    this._conversations = new Set(); // Of which something is shown.
    this._list = h("ol", { class: "messages" });
    // History is not read out, only what comes after it.
    this.element = h("div", { class: "log", role: "log", "aria-label": this._words.conversation, "aria-live": "off", tabindex: "0" }, this._list);
    connection.addEventListener("own", ({ detail }) => this._showOwn(detail.id, detail.title));
    connection.addEventListener("taken", ({ detail }) => this._showTaken(detail));
    connection.addEventListener("refused", ({ detail }) => this._showRefused(detail));
    connection.addEventListener("message", ({ detail }) => this._show(detail));
    connection.addEventListener("writing", ({ detail }) => this._showWriting(detail.name));
    connection.addEventListener("owner", ({ detail }) => detail.kind !== "bot" && this._stopTyping());
    connection.addEventListener("caught-up", () => this.element.setAttribute("aria-live", "polite"));
    connection.addEventListener("forgotten", () => this._clear());
    connection.addEventListener("released", () => this._own.forEach((item) => this._note(item, this._words.sending)));
    this._showUnsent();
  }

  get isEmpty() {
    return !this._list.firstElementChild;
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  // The conversation as plain text, for the customer to keep.
  transcript(company) {
    const lines = [...this._list.querySelectorAll(".message")].map((item) => {
      const at = new Date(Number(item.dataset.at)).toLocaleString(this._locale);
      const who = item.dataset.who;
      const sources = [...item.querySelectorAll(".source")].map((card) => `→ ${card.href}`);
      const via = item.querySelector(".via")?.textContent;
      const attached = [...item.querySelectorAll(".attached")].map((one) => `[${one.textContent}]`);
      const files = [...item.querySelectorAll(".file")].map((file) => `[${file.dataset.name}] ${file.href}`);
      return [`${at}  ${who}${via ? ` (${via})` : ""}`, (item.querySelector(".bubble")?.innerText ?? "").trim(), ...attached, ...files, ...sources].filter(Boolean).join("\n");
    });
    return `${company} · ${this._words.conversation}\n\n${lines.join("\n\n")}\n`;
  }

  _showUnsent() {
    this._connection.unsent.forEach(([id, { title }]) => this._showOwn(id, title));
  }

  _clear() {
    this._list.replaceChildren();
    this._own.clear();
    this._conversations = new Set();
    this.element.setAttribute("aria-live", "off");
    this._showUnsent();
  }

  _show(message) {
    this._divide(message);
    if (message.author === "customer") {
      const item = this._bubble("customer", message.at);
      this._fillOwn(item, message);
      this._dropChoices(message.thread);
      return this._append(item);
    }
    this._stopTyping();
    this._dropChoices(message.thread);
    const item = message.author === "agent" ? this._bubble("agent", message.at, message.name) : this._bubble("bot", message.at);
    const { html, sources, files } = message;
    const bubble = item.querySelector(".bubble");
    if (message.locale) bubble.lang = message.locale;
    bubble.classList.add("prose");
    bubble.append(...h("div", { html: html || "" }).childNodes);
    bubble.querySelectorAll("a").forEach((link) => this._lead(link));
    if (!html) bubble.remove();
    (files || []).forEach((file) => item.append(this._file(file)));
    (sources || []).forEach((source) => item.append(this._card(source)));
    this._mark(item, message);
    if (message.quick_replies?.length) item.append(this._choices(message.quick_replies, message.thread));
    this._append(item);
  }

  _fillOwn(item, { text, attachments, ...message }) {
    const bubble = item.querySelector(".bubble");
    bubble.textContent = text;
    for (const { kind } of attachments || []) bubble.before(h("p", { class: "attached" }, icon("clip"), this._words[`attached_${kind}`] ?? this._words.attached_file));
    if (!text) bubble.remove();
    this._mark(item, message);
  }

  // Where it was said, if not here.
  _mark(item, { channel }) {
    const way = this._words[`via_${channel}`];
    if (way) item.append(h("p", { class: "via" }, icon("phone"), way));
  }

  _showOwn(id, title) {
    if (this._own.has(id)) return;
    const item = this._bubble("customer");
    item.querySelector(".bubble").textContent = title;
    this._own.set(id, item);
    this._note(item, this._words[this._connection.isHeld ? "held" : "sending"]);
    this._dropChoices();
    this._append(item, true);
  }

  _showTaken(taken) {
    const item = this._own.get(taken.own);
    this._own.delete(taken.own);
    if (!item) return;
    this._list.querySelectorAll(".note-delivered").forEach((note) => note.remove());
    this._note(item, this._words.delivered, "note-delivered");
    this._divide(taken, item);
    this._dropChoices(taken.thread, item);
    if (taken.isLatest && !taken.silent && this._connection.owner.kind === "bot") this._startTyping();
  }

  _showRefused({ id, text, title, error, reason }) {
    const item = this._own.get(id);
    this._stopTyping();
    if (!item) return;
    if (reason === "too_long") {
      item.remove();
      return this._actions.rewrite(text, error);
    }
    item.classList.add("refused");
    const again = h("button", { type: "button", class: "link" }, this._words.again);
    again.addEventListener("click", () => {
      item.classList.remove("refused");
      this._note(item, this._words.sending);
      this._actions.again(id, text, title);
    });
    this._keepingEnd(() => this._note(item, error, "", again));
  }

  // A line where a new conversation begins; what answers the question of an ended one begins none.
  _divide(message, before = null) {
    if (this._conversations.size && !this._conversations.has(message.thread)) {
      const line = h("li", { class: "divider" }, this._words.new_conversation);
      if (before) before.before(line);
      else this._list.append(line);
    }
    this._conversations.add(message.thread);
  }

  // `name`: of the person who wrote it, shown above the first of several in a row.
  _bubble(author, at = new Date().toISOString(), name = "") {
    const said = name || this._words[{ customer: "you", bot: "bot", agent: "somebody" }[author]];
    const time = new Date(at);
    const last = [...this._list.querySelectorAll(".message")].at(-1);
    const isShown = author === "agent" && last?.dataset.who !== said;
    const who = h("span", { class: isShown ? "who" : "visually-hidden" }, isShown ? icon("person") : null, said, h("span", { class: "visually-hidden" }, ": "));
    const item = h("li", { class: `message message-${author}`, "data-at": time.getTime(), "data-who": said }, who, h("div", { class: "bubble", dir: "auto" }));
    if (!last || time.getTime() - Number(last.dataset.at) > GROUP_MS) item.prepend(this._time(time));
    return item;
  }

  _time(time) {
    const isToday = time.toDateString() === new Date().toDateString();
    const form = isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
    const text = new Intl.DateTimeFormat(this._locale, form).format(time);
    return h("time", { datetime: time.toISOString() }, text);
  }

  _note(item, text, kind = "", ...more) {
    item.querySelector(".note")?.remove();
    item.append(h("p", { class: `note ${kind}` }, text, ...(more.length ? [" ", ...more] : [])));
  }

  // A link in an answer: to an article, opened here; to another site, in a new tab.
  _lead(link) {
    const source = articleOf(link.getAttribute("href"), this._origin);
    if (source) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this._actions.read(source);
      });
      link.href = new URL(link.getAttribute("href"), this._origin);
    } else {
      link.target = "_blank";
    }
  }

  // What a person sends along: a picture is seen, anything else can be fetched.
  _file({ name, url, kind, size }) {
    const href = this._origin + url;
    const attributes = { href, target: "_blank", rel: "noopener", "data-name": name };
    if (kind === "picture") {
      const image = h("img", { src: href, alt: name });
      const wasAtEnd = this._isAtEnd;
      image.addEventListener("load", () => wasAtEnd && this.toEnd());
      return h("a", { class: "file picture", ...attributes }, image);
    }
    const words = h("span", { class: "source-words", dir: "auto" }, name, h("small", {}, this._size(size)));
    return h("a", { class: "file source", download: name, ...attributes }, icon("clip"), words, icon("save"));
  }

  _size(bytes) {
    const [value, unit] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
    return new Intl.NumberFormat(this._locale, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  }

  _card(source) {
    const words = h("span", { class: "source-words" }, h("small", {}, this._words.source), h("span", { dir: "auto" }, source.title));
    const card = h("a", { class: "source", href: this._origin + source.url }, icon("article"), words, icon("go"));
    card.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return; // A new tab was wanted.
      event.preventDefault();
      this._actions.read({ ...source, ...articleOf(source.url, this._origin) });
    });
    return card;
  }

  _choices(options, thread) {
    const steps = options.map(({ title }) => STEP.exec(title));
    const isScale = options.length >= FEWEST_STEPS && steps.every(Boolean);
    const row = h("div", { class: isScale ? "choices scale" : "choices" });
    options.forEach((option, at) => {
      const button = h("button", { type: "button", class: "choice" }, ...(isScale ? stepOf(steps[at]) : [option.title]));
      button.addEventListener("click", () => {
        row.remove();
        this._actions.press(option.payload, option.title);
      });
      row.append(button);
    });
    if (isScale) {
      row.dataset.thread = thread;
      row.style.setProperty("--steps", options.length);
      // Where there is room for numbers alone, it is said what the first and the last one mean.
      row.append(h("div", { class: "scale-ends", "aria-hidden": "true" }, h("span", {}, steps[0][2]), h("span", {}, steps.at(-1)[2])));
    }
    return row;
  }

  // What is said in a conversation leaves nothing in it to choose from. A scale of another one still waits, and all other
  // choices were for the moment; `item`: only what stands above it.
  _dropChoices(thread = null, item = null) {
    for (const row of this._list.querySelectorAll(".choices")) {
      const isMeant = item ? row.dataset.thread === thread && isAbove(row, item) : !row.dataset.thread || row.dataset.thread === thread;
      if (isMeant) row.remove();
    }
  }

  _startTyping() {
    this._stopTyping();
    this._showDots(h("span", { class: "visually-hidden" }, this._words.typing), TYPING_MS);
  }

  // Said once, however long it takes.
  _showWriting(name) {
    const words = fill(this._words.writing, { name: name || this._words.somebody });
    const shown = this._list.querySelector(".typing .who");
    if (shown?.textContent !== words) {
      this._stopTyping();
      return this._showDots(h("span", { class: "who" }, words), WRITING_MS);
    }
    clearTimeout(this._typing);
    this._typing = setTimeout(() => this._stopTyping(), WRITING_MS);
  }

  _showDots(words, milliseconds) {
    const dots = h("div", { class: "bubble", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    this._append(h("li", { class: "typing" }, words, dots));
    this._typing = setTimeout(() => this._stopTyping(), milliseconds);
  }

  _stopTyping() {
    clearTimeout(this._typing);
    this._list.querySelectorAll(".typing").forEach((item) => item.remove());
  }

  _append(item, isOwn = false) {
    this._keepingEnd(() => {
      const typing = this._list.querySelector(".typing");
      if (typing) typing.before(item);
      else this._list.append(item);
    });
    if (isOwn) this.toEnd();
  }

  // Someone who reads further up is not torn away.
  _keepingEnd(change) {
    const wasAtEnd = this._isAtEnd;
    change();
    if (wasAtEnd) this.toEnd();
  }

  get _isAtEnd() {
    const log = this.element;
    return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  }
}

// {id, locale, url} if an address is that of an article's page on this installation.
export function articleOf(address, origin) {
  try {
    const url = new URL(address || "", origin);
    const found = url.origin === origin && /^\/help\/([a-z]{2})\/articles\/(.+)$/.exec(url.pathname);
    return found ? { locale: found[1], id: decodeURIComponent(found[2]), url: url.pathname } : null;
  } catch {
    return null; // No address at all.
  }
}

function isAbove(one, other) {
  return Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function stepOf([, number, meaning]) {
  const words = meaning ? [h("span", { class: "step-words" }, h("span", { class: "visually-hidden" }, " · "), meaning)] : [];
  return [h("span", { class: "step" }, number), ...words];
}
