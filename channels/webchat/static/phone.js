// Going on by phone: a QR code or a link that opens the messenger, or a code by SMS.
import { fill, h, icon } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const TOUCH = "(pointer: coarse)"; // This is the phone: there is nothing to scan.
const NAMES = { whatsapp: "WhatsApp", sms: "SMS" };

export class Phone {
  // `actions`: done(), back to the conversation.
  constructor(config, connection, actions) {
    this._config = config;
    this._words = config.words;
    this._connection = connection;
    this._actions = actions;
    this._channels = Object.keys(NAMES).filter((channel) => config.phone?.[channel]);
    this._channel = this._channels[0];
    this._connected = [];
    this.element = h("section", { class: "by-phone", "aria-label": this._words.by_phone, tabindex: "-1" });
    connection.addEventListener("phones", ({ detail }) => this._showConnected(detail));
  }

  get isPossible() {
    return this._channels.length > 0;
  }

  open() {
    this._isOpen = true;
    this._fill();
    this.element.scrollTop = 0;
    this._heading.focus({ preventScroll: true });
  }

  close() {
    this._isOpen = false;
    clearTimeout(this._timer);
  }

  _fill() {
    this._heading = h("h2", { tabindex: "-1" }, this._words.by_phone);
    this._status = h("div", { class: "connected", role: "status" });
    this._way = h("div", { class: "way", "aria-live": "polite" });
    this.element.replaceChildren(this._heading, h("p", { class: "lead" }, this._words.by_phone_intro), this._status, this._choice() ?? "", this._way, this._textForm() ?? "");
    this._showConnected(this._connected);
    this._offer();
  }

  // Which messenger, if there are two.
  _choice() {
    if (this._channels.length < 2) return null;
    const options = this._channels.map((channel) => {
      const input = h("input", { type: "radio", name: "handrail-channel", value: channel, checked: channel === this._channel });
      input.addEventListener("change", () => {
        this._channel = channel;
        this._offer();
      });
      return h("label", {}, input, h("span", {}, NAMES[channel]));
    });
    return h("fieldset", { class: "messengers" }, h("legend", { class: "visually-hidden" }, this._words.messenger), options);
  }

  async _offer() {
    clearTimeout(this._timer);
    const channel = this._channel;
    this._way.replaceChildren(h("p", { class: "loading" }, this._words.loading));
    try {
      const offer = await this._ask("continue", { channel });
      if (channel !== this._channel || !this._isOpen) return; // Another one was chosen meanwhile.
      this._way.replaceChildren(...this._ways(offer));
      this._timer = setTimeout(() => this._showExpired(), offer.minutes * 60_000);
    } catch (error) {
      this._way.replaceChildren(h("p", { class: "error", role: "alert" }, error.message), this._again(this._words.try_again));
    }
  }

  _ways({ link, qr, code, number, minutes }) {
    const messenger = NAMES[this._channel];
    const isPhone = matchMedia(TOUCH).matches;
    const go = h("a", { class: `button ${isPhone ? "" : "button-quiet button-small"}`, href: link, target: link.startsWith("http") ? "_blank" : null, rel: "noopener" }, icon("phone"), fill(this._words.open_messenger, { messenger }));
    const hand = h("p", { class: "by-hand" }, fill(this._words.send_code, { number }), " ", h("strong", { class: "code" }, code));
    const ends = h("p", { class: "small" }, fill(this._words.code_valid, { minutes }));
    if (isPhone) return [h("p", {}, fill(this._words.how_here, { messenger })), go, hand, ends];
    return [h("div", { class: "scan" }, drawing(qr, this._words.qr), h("div", {}, h("p", {}, this._words.how_scan), hand, ends, go))];
  }

  _showExpired() {
    this._way.replaceChildren(h("p", {}, this._words.code_expired), this._again(this._words.new_code));
  }

  _again(word) {
    return h("button", { type: "button", class: "button button-quiet button-small", onclick: () => this._offer() }, icon("again"), word);
  }

  // A code by SMS, for who would rather type than scan.
  _textForm() {
    if (!this._config.phone.sms) return null;
    const number = field("tel", "tel", this._words.your_number, { name: "tel", placeholder: this._words.number_example });
    const code = field("text", "one-time-code", this._words.texted_code, { name: "code", inputmode: "numeric", maxlength: "12", pattern: "[0-9 ]*" });
    const send = h("button", { type: "submit", class: "button button-quiet" }, this._words.text_me);
    const check = h("button", { type: "submit", class: "button" }, this._words.connect);
    const first = h("form", { class: "texting", novalidate: true }, number.element, send);
    const second = h("form", { class: "texting", novalidate: true, hidden: true }, h("p", { role: "status" }), code.element, check);
    this._submits(first, number, send, async () => {
      await this._ask("text-code", { number: number.value });
      second.hidden = false;
      second.querySelector("[role=status]").textContent = fill(this._words.code_sent, { number: number.value.trim() });
      code.clear();
      code.focus();
    });
    this._submits(second, code, check, async () => {
      const { connected } = await this._ask("check-code", { code: code.value });
      this._showConnected(connected);
      this._back.focus();
    });
    return h("details", { class: "texted" }, h("summary", {}, this._words.or_text_me), first, second);
  }

  _submits(form, input, button, act) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.ariaBusy === "true") return;
      if (!input.value.trim()) return input.say(this._words.empty_field);
      button.ariaBusy = "true";
      input.say("");
      try {
        await act();
      } catch (error) {
        input.say(error.message);
      }
      button.ariaBusy = "false";
    });
  }

  _showConnected(phones) {
    const isNew = phones.some((phone) => !this._connected.includes(phone));
    this._connected = phones;
    if (!this._isOpen) return;
    const told = phones.join(", ");
    if (this._status.dataset.phones === told) return; // Somebody may be pressing the button this very moment.
    this._status.dataset.phones = told;
    if (!phones.length) return this._status.replaceChildren();
    this._back = h("button", { type: "button", class: "button button-small", onclick: () => this._actions.done() }, this._words.back_to_chat);
    this._status.replaceChildren(h("p", {}, icon("check"), h("span", {}, fill(this._words.connected_with, { number: told }))), this._back);
    if (!isNew) return;
    // Done: what asked for it goes.
    clearTimeout(this._timer);
    const hadFocus = this.element.contains(this.element.getRootNode().activeElement);
    this._way.replaceChildren();
    this.element.querySelectorAll(".messengers, .texted").forEach((part) => part.remove());
    if (hadFocus) this._back.focus({ preventScroll: true });
    this.element.scrollTop = 0;
  }

  async _ask(door, asked) {
    const session_id = await this._connection.session();
    let answer, body;
    try {
      answer = await fetch(`${this._config.origin}/widget/${door}`, { method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ session_id, locale: this._config.locale, ...asked }) });
      body = await answer.json();
    } catch {
      throw new Error(this._words.failed);
    }
    if (!answer.ok) throw new Error(body.error);
    return body;
  }
}

// A labelled field with its error beneath.
function field(type, autocomplete, label, attributes) {
  const id = `handrail-${attributes.name}`;
  const input = h("input", { id, type, autocomplete, class: "input", "aria-describedby": `${id}-error`, ...attributes });
  const error = h("p", { class: "error", id: `${id}-error`, role: "alert" });
  const element = h("div", { class: "field" }, h("label", { for: id }, label), input, error);
  return {
    element,
    get value() {
      return input.value;
    },
    clear: () => (input.value = ""),
    focus: () => input.focus(),
    say(text) {
      error.textContent = text;
      input.setAttribute("aria-invalid", text ? "true" : "false");
      if (text) input.focus();
    },
  };
}

// Made of elements: the page around us may allow no pictures from data.
function drawing({ size, path }, label) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["viewBox", `0 0 ${size} ${size}`], ["class", "qr"], ["role", "img"], ["aria-label", label], ["shape-rendering", "crispEdges"]]) svg.setAttribute(name, value);
  const ground = document.createElementNS(SVG, "rect");
  const dark = document.createElementNS(SVG, "path");
  for (const side of ["width", "height"]) ground.setAttribute(side, size);
  dark.setAttribute("d", path);
  svg.append(ground, dark);
  return svg;
}
