// The chat: a start page, a conversation and a reader in one panel.
import { Connection } from "./connection.js";
import { fill, h, icon } from "./dom.js";
import { Home } from "./home.js";
import { Phone } from "./phone.js";
import { Reader } from "./reader.js";
import { store } from "./store.js";
import { Thread } from "./thread.js";

const TOUCH = "(pointer: coarse)"; // There, a focused field brings up a keyboard that hides what was asked for.

export class Chat {
  // `isPage`: it is the whole page, not a window in another one. `closed` is called when the customer closes it.
  constructor(config, { isPage = false, closed = () => {} } = {}) {
    this._config = config;
    this._words = config.words;
    this._isPage = isPage;
    this._closed = closed;
    this._agreed = !config.privacy.consent || store.get("consent") === "yes";
    this._scrolled = {}; // How far down each view was left.
    this.connection = new Connection(config.origin, () => this._facts(), !this._agreed, config.identity);
    this._home = new Home(config, {
      ask: (question) => this.ask(question),
      read: (source) => this.read(source),
      resume: () => this.show("talk"),
    });
    this._thread = new Thread(config, this.connection, {
      press: (payload, title) => this._say(payload, title),
      read: (source) => this.read(source),
      again: (id, text, title) => {
        this.connection.sayAgain(id, text, title);
        this.focus();
      },
      rewrite: (text, why) => this._rewrite(text, why),
    });
    this._reader = new Reader(config, { ask: () => this.show("talk") });
    this._phone = new Phone(config, this.connection, { done: () => this.show("talk") });
    this.element = h("section", { class: "panel", "aria-label": `${config.company} ${this._words.title}` }, this._head(), this._stage(), this._foot());
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      this.escape();
    });
    this.connection.addEventListener("state", () => this._showState());
    this.connection.addEventListener("owner", () => this._arrange());
    this.connection.addEventListener("caught-up", () => (this._home.canResume = !this._thread.isEmpty));
    window.addEventListener("online", () => this._showState());
    window.addEventListener("offline", () => this._showState());
    this.show("home");
    if (this.connection.isReturning) this.connection.open();
  }

  // Opens what was open; the conversation once there is one.
  // Quietly: nothing is taken from what the customer does elsewhere.
  begin(isQuiet = false) {
    if (this._view === "home" && !this._thread.isEmpty && !this._home.question) this.show("talk", isQuiet);
    else if (!isQuiet) this.focus();
    const isComing = this._view === "home" && this.connection.isReturning && this.connection.state !== "live";
    if (isComing) this.connection.addEventListener("caught-up", () => this.begin(isQuiet), { once: true });
  }

  show(view, isQuiet = false) {
    const places = { home: this._home.element, talk: this._thread.element, read: this._reader.element, phone: this._phone.element };
    if (this._view) this._scrolled[this._view] = places[this._view].scrollTop;
    this._view = view;
    if (view !== "read") this._reader.close();
    if (view !== "phone") this._phone.close();
    for (const [name, place] of Object.entries(places)) place.hidden = name !== view;
    this._back.hidden = view === "home";
    this._home.canResume = !this._thread.isEmpty;
    this._arrange();
    if (view === "talk") {
      this.connection.open();
      this._thread.toEnd();
    }
    if (!isQuiet) this.focus();
  }

  // What stands at the foot of the conversation: the box to write in, or the question whether the customer agrees.
  _arrange() {
    const mustAgree = this.connection.isHeld && this.connection.unsent.length > 0;
    this._consent.hidden = this._view !== "talk" || !mustAgree;
    this._composer.hidden = this._view !== "talk" || mustAgree;
    this._byPhone.hidden = this._view !== "talk" || !this._phone.isPossible || !this._agreed;
    this._menuByPhone.hidden = !this._phone.isPossible || !this._agreed;
    this._showOwner(this.connection.owner);
  }

  // With whom one talks, where that is not the assistant: a person needs no asking for then.
  _showOwner({ kind, name }) {
    const words = { agent: fill(this._words.with_agent, { name: name || this._words.somebody }), queue: this._words.in_queue }[kind] ?? "";
    if (this._with.textContent !== words) this._with.replaceChildren(...(words ? [icon("person"), words] : []));
    this._with.hidden = this._view !== "talk";
    this._person.hidden = kind !== "bot";
  }

  focus() {
    if (!this.element.isConnected) return;
    const isTouch = matchMedia(TOUCH).matches;
    if (this._view === "read") this._reader.element.focus({ preventScroll: true });
    else if (this._view === "phone") this._phone.element.focus({ preventScroll: true });
    else if (!this._consent.hidden) this._consent.querySelector("button").focus();
    else if (this._view === "talk" && isTouch) this._thread.element.focus({ preventScroll: true });
    else if (this._view === "talk") this._box.focus({ preventScroll: true });
    else if (isTouch) this._home.element.querySelector("h2").focus({ preventScroll: true });
    else this._home.focus();
  }

  ask(question) {
    this.show("talk");
    this._say(question);
  }

  // What the visitor comes with from another page, said for them: {text, title}.
  bring({ text, title }) {
    this._say(text, title);
  }

  read(source) {
    this._comeFrom();
    if (this._view !== "read") this.show("read");
    return this._reader.open(source);
  }

  // Where the way back leads to, out of an article or the view of phones.
  _comeFrom() {
    if (this._view === "read" || this._view === "phone") return;
    this._cameFrom = { view: this._view, focused: this.element.getRootNode().activeElement };
  }

  // Signed by the page's own site; empty when nobody is signed in.
  identify(token) {
    this.connection.identify(token);
  }

  _goOnByPhone() {
    this._comeFrom();
    this.show("phone", true);
    this._phone.open();
  }

  // The question that is written but not asked yet.
  set draft(text) {
    if (this._thread.isEmpty) this._home.question = text;
    else this._box.value = text;
  }

  _say(text, title) {
    if (this._view !== "talk") this.show("talk");
    this._hint.textContent = "";
    this.connection.say(text, title);
    this._arrange();
    this.focus();
  }

  // Back into the box, with what is wrong with it.
  _rewrite(text, why) {
    if (this._view !== "talk") this.show("talk");
    this._box.value = text;
    this._hint.textContent = why;
    this.focus();
  }

  _facts() {
    const page = this._isPage ? {} : { url: location.href, title: document.title.slice(0, 200) };
    return { ...page, locale: this._config.locale, reading: this._reader.reading || this._config.reading, consent: this._agreed };
  }

  _head() {
    const { company, logo, origin } = this._config;
    this._back = h("button", { type: "button", class: "button button-icon", "aria-label": this._words.back, onclick: () => this._goBack() }, icon("back"));
    this._dot = h("span", { class: "dot", "aria-hidden": "true" });
    const face = logo ? h("img", { src: origin + logo, alt: "", class: "face" }) : null;
    const name = this._isPage ? h("a", { class: "name", href: `/help/${this._config.locale}/` }, face, h("span", {}, company)) : h("div", { class: "name" }, face, h("span", {}, company));
    const close = this._isPage ? null : h("button", { type: "button", class: "button button-icon", "aria-label": this._words.close, onclick: () => this._closed() }, icon("close"));
    return h("header", { class: "head" }, this._back, h(this._isPage ? "h1" : "div", { class: "title" }, name, this._dot), this._isPage ? this._languages() : null, this._menu(), close);
  }

  _languages() {
    const links = Object.entries(this._config.languages).map(([code, name]) => {
      const isThis = code === this._config.locale;
      return h("a", { href: `?locale=${code}`, lang: code, hreflang: code, "aria-current": isThis ? "true" : null }, name);
    });
    return h("nav", { class: "languages", "aria-label": Object.values(this._config.languages).join(" / ") }, links);
  }

  _menu() {
    const sound = h("span", {}, this._soundWord());
    const items = [
      [icon("phone"), this._words.by_phone, () => this._goOnByPhone()],
      [icon("again"), this._words.start_over, () => this._say("/start_over", this._words.start_over)],
      [icon("save"), this._words.copy, () => this._saveCopy()],
      [icon("sound"), sound, () => this._toggleSound(sound)],
    ];
    const list = h("div", { class: "menu-list" }, items.map(([sign, word, act]) => {
      const chosen = () => {
        menu.open = false;
        menu.querySelector("summary").focus();
        act();
      };
      return h("button", { type: "button", onclick: chosen }, sign, word);
    }));
    const menu = h("details", { class: "menu" }, h("summary", { class: "button button-icon", "aria-label": this._words.more }, icon("more")), list);
    menu.addEventListener("focusout", (event) => {
      if (!menu.contains(event.relatedTarget)) menu.open = false;
    });
    this._menuBox = menu;
    this._menuByPhone = list.firstElementChild;
    return menu;
  }

  _stage() {
    this._state = h("p", { class: "state", role: "status" });
    this._with = h("p", { class: "with", role: "status" });
    return h("div", { class: "stage" }, this._state, this._with, this._home.element, this._thread.element, this._reader.element, this._phone.element);
  }

  _foot() {
    this._box = h("textarea", { name: "text", rows: "1", maxlength: "100000", class: "box", "aria-label": this._words.label, placeholder: this._words.placeholder, enterkeyhint: "send" });
    const send = h("button", { type: "submit", class: "button send", "aria-label": this._words.send }, icon("send"));
    this._composer = h("form", { class: "composer" }, this._box, send);
    this._composer.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this._box.value.trim();
      if (!text) return;
      if (text.length > this._config.message_chars) return this._rewrite(text, this._words.too_long);
      this._box.value = "";
      this._say(text);
    });
    this._box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this._composer.requestSubmit();
    });
    this._person = h("button", { type: "button", class: "link", onclick: () => this._say("/wants_person", this._words.person) }, icon("person"), this._words.person);
    this._byPhone = h("button", { type: "button", class: "link", onclick: () => this._goOnByPhone() }, icon("phone"), this._words.by_phone);
    const { url } = this._config.privacy;
    const privacy = url ? h("a", { class: "link", href: url, target: "_blank", rel: "noopener" }, icon("lock"), this._words.privacy) : null;
    this._hint = h("p", { class: "hint", role: "alert" });
    this._consent = this._consentBox();
    return h("footer", { class: "foot" }, this._hint, this._consent, this._composer, h("div", { class: "foot-line" }, this._person, this._byPhone, privacy));
  }

  _consentBox() {
    const agree = h("button", { type: "button", class: "button" }, this._words.agree);
    agree.addEventListener("click", () => {
      this._agreed = true;
      store.set("consent", "yes");
      this.connection.release();
      this._arrange();
      this.focus();
    });
    return h("div", { class: "consent", hidden: true }, h("p", {}, this._words.consent), agree);
  }

  _goBack() {
    if (this._view !== "read" && this._view !== "phone") return this.show("home");
    if (this._view === "read" && this._reader.back()) return;
    const { view, focused } = this._cameFrom;
    this.show(view);
    const place = view === "home" ? this._home.element : this._thread.element;
    place.scrollTop = this._scrolled[view];
    if (focused?.isConnected) focused.focus({ preventScroll: true });
  }

  // One step back: out of the menu, out of an article, then out of the chat.
  escape() {
    if (this._menuBox.open) {
      this._menuBox.open = false;
      this._menuBox.querySelector("summary").focus();
    } else if (this._view === "read" || this._view === "phone") this._goBack();
    else this._closed();
  }

  _showState() {
    const state = navigator.onLine === false ? "offline" : this.connection.state;
    this.element.dataset.state = state;
    this._state.textContent = state === "offline" || state === "reconnecting" ? this._words[state] : "";
    this._dot.title = this._words[state] || "";
  }

  _soundWord() {
    return this._words[store.get("sound") === "on" ? "sound_off" : "sound_on"];
  }

  _toggleSound(label) {
    store.set("sound", store.get("sound") === "on" ? "off" : "on");
    label.textContent = this._soundWord();
    this.chime();
  }

  // Two soft tones, if the customer turned sound on.
  chime() {
    if (store.get("sound") !== "on") return;
    const audio = (this._audio ??= new AudioContext());
    [660, 880].forEach((pitch, number) => {
      const [tone, gain, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + number * 0.12];
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.06, at);
      gain.gain.exponentialRampToValueAtTime(0.001, at + 0.25);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.25);
    });
  }

  _saveCopy() {
    const file = new Blob([this._thread.transcript(this._config.company)], { type: "text/plain;charset=utf-8" });
    const link = h("a", { href: URL.createObjectURL(file), download: `${this._words.copy_name}-${new Date().toISOString().slice(0, 10)}.txt` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}
