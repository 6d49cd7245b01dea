// The box to write in: a reply in one of the customer's channels, or a note; its limits, its draft, its files.
import { facts, fill, h, icon, nodes, words } from "./facts.js";
import { asSent, isSentAsItStands, segments } from "./gsm.js";
import { get, post } from "./net.js";
import { Picker } from "./picker.js";
import { span } from "./times.js";
import { toast } from "./toast.js";

const DRAFT_MS = 800;
const MOST_CHARS = 4000;
const IN_TEMPLATE = 500;
const MOST_FILES = 5;
const MOST_BYTES = 10_000_000;
const TYPING_MS = 3000;
const COUNT_MS = 150;

export class Compose {
  // `sent` is called when something was; `typing(kind)` while somebody writes.
  constructor(talk, { sent, typing }) {
    this._talk = talk;
    this._sent = sent;
    this._typing = typing;
    this._kept = new Map(); // What a draft says as the server has it.
    talk.addEventListener("opened", () => this._begin());
    talk.addEventListener("state", ({ detail }) => this._renew(detail.ways));
    talk.addEventListener("wrote", () => this._suggest());
    setInterval(() => this._showWindow(), 30_000);
    addEventListener("pagehide", () => this._keepNow(true));
    if (talk.state) this._begin();
  }

  focus(mode = this._mode) {
    if (!this._form) return;
    if (mode !== this._mode) this._turn(mode);
    this._box.focus();
    this._box.setSelectionRange(this._box.value.length, this._box.value.length);
  }

  get isEmpty() {
    return !this._form || !this._box.value.trim();
  }

  _begin() {
    this._keepNow();
    this._form = this._talk.element.querySelector(".compose");
    if (!this._form) return;
    const find = (selector) => this._form.querySelector(selector);
    this._id = this._talk.id;
    this._mode = "reply";
    this._box = find(".write");
    this._way = find(".way-select");
    this._hint = find(".way-hint");
    this._limits = find(".limits");
    this._warning = find(".compose-warn");
    this._send = find(".compose-send");
    this._strip = find(".attached-files");
    this._saved = find(".saved");
    this._seen = this._talk.state.customer_seq;
    this._files = [];
    this._texts = { ...this._talk.state.drafts };
    this._kept = new Map(Object.entries(this._talk.state.drafts));
    // Somebody may have begun to write before this script did.
    const isBegun = this._box.value !== this._box.defaultValue;
    if (isBegun) this._texts.reply = this._box.value;
    this._box.value = this._texts.reply;
    this._picker = new Picker(this._box, find(".picker"), this._talk, () => this._changed());
    this._listen();
    this._turn(!this._texts.reply && this._texts.note ? "note" : "reply");
    if (isBegun) this._keepSoon();
    this._suggest();
  }

  _listen() {
    this._form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this._box.addEventListener("input", () => this._changed());
    this._box.addEventListener("keydown", (event) => {
      if (event.isComposing || this._picker.key(event)) return;
      if (event.key === "Enter" && isSending(event)) {
        event.preventDefault();
        this.send();
      }
      if (event.key === "Escape") this._box.blur();
    });
    this._box.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this._take(event.clipboardData.files);
    });
    this._way.addEventListener("change", () => this._showLimits());
    const input = this._form.querySelector('input[type="file"]');
    input.addEventListener("change", () => {
      this._take(input.files);
      input.value = "";
    });
    this._form.querySelector(".modes").addEventListener("click", (event) => event.target.dataset.mode && this.focus(event.target.dataset.mode));
    this._form.querySelector('[data-do="insert"]').addEventListener("click", () => this._picker.openAt());
    for (const happened of ["dragover", "dragleave", "drop"]) this._form.addEventListener(happened, (event) => this._drag(event));
  }

  _drag(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    this._form.classList.toggle("is-dropping", event.type === "dragover");
    if (event.type === "drop") this._take(event.dataTransfer.files);
  }

  _turn(mode) {
    this._texts[this._mode] = this._box.value;
    this._mode = mode;
    this._form.dataset.mode = mode;
    this._form.querySelectorAll(".modes button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.mode === mode)));
    this._box.value = this._texts[mode] ?? "";
    const isNote = mode === "note";
    const isClosed = this._talk.state.owner === "closed";
    this._box.setAttribute("aria-label", words[isNote ? "write_note" : "write_reply"]);
    this._box.placeholder = words[isNote ? "placeholder_note" : isClosed ? "placeholder_closed" : "placeholder_reply"];
    this._send.lastElementChild.textContent = words[isNote ? "add_note" : "send"];
    this._picker.mode = mode;
    this._warn();
    this._showLimits();
  }

  _changed() {
    this._texts[this._mode] = this._box.value;
    this._showLimits();
    this._keepSoon();
    const now = Date.now();
    if (this._box.value && now - (this._told ?? 0) > TYPING_MS) {
      this._told = now;
      this._typing(this._mode);
    }
  }

  get _isBySms() {
    return this._way.selectedOptions[0]?.dataset.channel === "sms";
  }

  // The channel's limits, as they are while one writes.
  _showLimits() {
    const text = this._box.value;
    const tooMany = [...text].length - (this._mode === "note" ? 10_000 : MOST_CHARS);
    this._limits.classList.toggle("is-over", tooMany > 0);
    clearTimeout(this._counting);
    if (tooMany > 0) this._limits.textContent = fill(words.over_limit, { count: tooMany });
    else if (this._mode === "reply" && this._isBySms && (text || this._files.length)) this._showSegments(text);
    else this._limits.textContent = text.length > 500 ? fill(words.characters, { count: [...text].length }) : "";
    this._showWindow();
  }

  // A text that is sent as it stands is counted here; of any other the server knows what will be sent.
  _showSegments(text) {
    if (!this._files.length && isSentAsItStands(text.trim())) this._showCounted(segments(asSent(text.trim())));
    else this._counting = setTimeout(() => this._askForSegments(text), COUNT_MS);
  }

  async _askForSegments(text) {
    const [id, form] = [this._id, new URLSearchParams({ text })];
    for (const { name } of this._files) form.append("file", name);
    const counted = await post(`/desk/api/conversations/${id}/as-sms`, form).catch(() => segments(asSent(text)));
    if (this._id === id && this._mode === "reply" && this._box.value === text && this._isBySms) this._showCounted(counted);
  }

  _showCounted({ encoding, units, count }) {
    this._limits.textContent = `${fill(words.segments, { count })} · ${units} ${encoding}`;
  }

  _showWindow() {
    const way = this._form?.isConnected ? this._way.selectedOptions[0] : null;
    if (!this._form) return;
    this._offerTemplates(false);
    this._send.disabled = !way && this._mode === "reply";
    this._hint.className = "way-hint";
    if (this._mode === "note") this._hint.textContent = words.notes_for;
    else if (!way) this._hint.textContent = words.no_address;
    else if (way.dataset.channel === "whatsapp") this._showWhatsApp(way);
    else this._hint.textContent = way.dataset.page ? words[`page_${way.dataset.page}`] : "";
  }

  _showWhatsApp(way) {
    const until = Date.parse(way.dataset.window ?? "");
    if (until > Date.now()) {
      this._hint.textContent = fill(words.window_open, { time: span(Date.now(), until) });
      return;
    }
    const { instead } = way.dataset;
    this._hint.classList.add("way-hint-closed");
    this._offerTemplates(instead === "template");
    const isTooLong = instead === "template" && this._box.value.length > IN_TEMPLATE;
    this._hint.textContent = words[{ template: "window_closed", sms: "window_sms" }[instead] ?? "window_none"];
    this._limits.classList.toggle("is-over", isTooLong);
    if (instead === "template") this._limits.textContent = `${this._box.value.length} / ${IN_TEMPLATE}`;
    this._send.disabled = !instead || isTooLong;
  }

  // After WhatsApp's 24 hours: in which language's approved template the text goes.
  _offerTemplates(isOffered) {
    const label = this._form.querySelector(".template");
    if (label) label.hidden = !isOffered;
  }

  _renew(ways) {
    if (!this._form?.isConnected) return;
    const chosen = this._way.value;
    const isTouched = chosen !== [...this._way.options].find((option) => option.defaultSelected)?.value;
    this._way.replaceChildren(nodes(ways));
    if (isTouched && [...this._way.options].some((option) => option.value === chosen)) this._way.value = chosen;
    this._adoptDrafts(this._talk.state.drafts);
    this._showWindow();
  }

  // What was written in another browser meanwhile, unless something else was begun here.
  _adoptDrafts(drafts) {
    for (const [kind, text] of Object.entries(drafts)) {
      const isUntouched = (this._texts[kind] ?? "") === (this._kept.get(kind) ?? "");
      if (!isUntouched || document.activeElement === this._box) continue;
      this._kept.set(kind, text);
      this._texts[kind] = text;
      if (kind === this._mode) this._box.value = text;
    }
  }

  async send(although = {}) {
    if (this._send.disabled || this._isSending) return;
    const text = this._box.value.trim();
    if (!text && !this._files.length) return this._box.focus();
    this._isSending = true;
    clearTimeout(this._keeping);
    this._form.setAttribute("aria-busy", "true");
    try {
      await (this._mode === "note" ? post(`/desk/conversations/${this._id}/note`, { text }) : this._reply(text, although));
      this._clear();
      this._sent();
    } catch (error) {
      this._refused(error, although);
    } finally {
      this._isSending = false;
      this._form.removeAttribute("aria-busy");
    }
  }

  // `although`: the customer wrote meanwhile (`anyway`), or a colleague has it (`take_over`).
  _reply(text, although) {
    const way = this._way.selectedOptions[0].dataset;
    const form = new FormData();
    for (const [name, value] of Object.entries({ text, channel: way.channel, address_id: way.address, seen_seq: this._seen })) form.set(name, value);
    form.set("key", this._key(text, way.address));
    const template = this._form.querySelector(".template:not([hidden]) select");
    if (template) form.set("template", template.value);
    for (const name of Object.keys(although)) form.set(name, "yes");
    for (const file of this._files) form.append("files", file, file.name);
    return post(`/desk/conversations/${this._id}/reply`, form);
  }

  // The same for the same reply: where only the answer to it was lost, it does not go twice.
  _key(text, address) {
    if (this._tried?.text !== text || this._tried.address !== address) this._tried = { text, address, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
    return this._tried.key;
  }

  _clear() {
    this._tried = null;
    this._box.value = "";
    this._texts[this._mode] = "";
    this._kept.set(this._mode, "");
    this._files = [];
    this._showFiles();
    this._warn();
    this._saved.textContent = "";
  }

  _refused(error, although = {}) {
    const again = h("button", { type: "button", class: "button button-small" }, words.send_anyway);
    const edit = h("button", { type: "button", class: "button button-quiet button-small" }, words.edit);
    again.addEventListener("click", () => this.send({ ...although, [error.reason === "taken" ? "take_over" : "anyway"]: true }));
    edit.addEventListener("click", () => {
      this._seen = this._talk.state.customer_seq;
      this._warn();
      this._box.focus();
    });
    if (error.reason === "meanwhile" || error.reason === "taken") {
      this._talk.refresh();
      const said = error.reason === "taken" ? fill(words.taken, { name: error.given.name }) : words.meanwhile;
      this._warn(said, again, edit);
      again.focus();
    } else this._warn(error.message || words.not_sent);
  }

  _warn(text = "", ...more) {
    this._warning.hidden = !text;
    this._warning.replaceChildren(...(text ? [h("p", {}, text), ...(more.length ? [h("p", { class: "warn-foot" }, ...more)] : [])] : []));
  }

  // Seen is what stood there when the box was used last.
  see() {
    if (this._form?.isConnected) this._seen = this._talk.state.customer_seq;
  }

  _keepSoon() {
    clearTimeout(this._keeping);
    this._keeping = setTimeout(() => this._keepNow(), DRAFT_MS);
  }

  async _keepNow(isLeaving = false) {
    clearTimeout(this._keeping);
    if (!this._id || !this._texts || this._isSending) return;
    const [id, kept] = [this._id, this._kept];
    for (const kind of ["reply", "note"]) {
      const text = this._texts[kind] ?? "";
      if (text === (kept.get(kind) ?? "")) continue;
      try {
        await post(`/desk/api/conversations/${id}/draft`, { kind, text }, { keepalive: isLeaving });
        kept.set(kind, text);
        if (this._id === id) this._saved.textContent = text ? words.saved : "";
      } catch {
        kept.set(kind, null); // Once more with the next change.
      }
    }
  }

  _take(files) {
    for (const file of files) {
      if (file.size > MOST_BYTES) toast(fill(words.too_big, { name: file.name }), { isBad: true });
      else if (this._files.length >= MOST_FILES) toast(words.too_many_files, { isBad: true });
      else this._files.push(file);
    }
    if (this._files.length && this._mode === "note") this._turn("reply");
    this._showFiles();
    this._box.focus();
  }

  _showFiles() {
    this._showLimits();
    this._strip.hidden = !this._files.length;
    this._strip.replaceChildren(...this._files.map((file) => {
      const remove = h("button", { type: "button", class: "chip-x", "aria-label": fill(words.remove, { name: file.name }) }, icon("x"));
      remove.addEventListener("click", () => {
        this._files = this._files.filter((one) => one !== file);
        this._showFiles();
        this._box.focus();
      });
      return h("li", { class: "chip" }, icon("paperclip"), `${file.name} · ${Math.max(1, Math.round(file.size / 1000))} kB`, remove);
    }));
  }

  // Articles that may answer what the customer said last.
  async _suggest() {
    const [id, place] = [this._talk.id, this._form?.querySelector(".suggestions")];
    if (!place || this._talk.state.owner === "closed") return;
    const { articles } = await get(`/desk/api/conversations/${id}/insert?q=`).catch(() => ({ articles: [] }));
    if (this._talk.id !== id || !place.isConnected) return;
    this._suggested = articles.slice(0, 3);
    place.hidden = !this._suggested.length;
    place.replaceChildren(h("span", { class: "visually-hidden" }, words.suggestions), ...this._suggested.map((article, number) => {
      const about = article.internal ? { "aria-label": fill(words.internal_open, { title: article.title }) } : {};
      const button = h("button", { type: "button", class: "suggestion", title: article.sentence, ...about, ...(number ? {} : { "aria-keyshortcuts": "Alt+1" }) }, icon(article.internal ? "lock" : "book-open"), h("span", {}, article.title), h("kbd", {}, `Alt ${number + 1}`));
      button.addEventListener("click", () => this._take(article));
      return button;
    }));
  }

  insertSuggestion(number) {
    const article = this._suggested?.[number];
    if (article) this._take(article);
    return Boolean(article);
  }

  // What is for staff alone opens beside the desk; of it nothing goes into a reply.
  _take(article) {
    if (article.internal) window.open(article.url, "_blank", "noopener");
    else this.insert(article.text);
  }

  insert(text) {
    if (this._mode !== "reply") this._turn("reply");
    const { selectionStart: from, selectionEnd: to, value } = this._box;
    const before = value.slice(0, from);
    const gap = before && !/\s$/.test(before) ? "\n\n" : "";
    this._box.setRangeText(gap + text, from, to, "end");
    this._changed();
    this._box.focus();
  }
}

// Ctrl + Enter always sends; Enter alone where somebody has chosen so.
function isSending({ ctrlKey, metaKey, shiftKey, altKey }) {
  return ctrlKey || metaKey || (facts.settings.enter_sends && !shiftKey && !altKey);
}
