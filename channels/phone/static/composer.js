// The box to write in, with what goes along: pictures, documents, a voice note, a place.
import { fill, h } from "../chat/dom.js";
import { icon } from "./icons.js";
import { asBase64, smaller } from "./files.js";
import { Recorder } from "./voice.js";

const MOST_BYTES = 5_000_000;
const MOST_FILES = 10;
const PLACES = [
  { label: "Brandenburger Tor", address: "Pariser Platz, 10117 Berlin", latitude: 52.5163, longitude: 13.3777 },
  { label: "Hamburg Hauptbahnhof", address: "Hachmannplatz 16, 20099 Hamburg", latitude: 53.5528, longitude: 10.0067 },
  { label: "Naschmarkt", address: "1060 Wien", latitude: 48.1986, longitude: 16.3634 },
  { label: "King's Cross", address: "Euston Road, London N1 9AL", latitude: 51.5309, longitude: -0.1233 },
];

export class Composer {
  // `send` takes {body, media, location} and says whether it went.
  constructor(config, sheet, send) {
    this._words = config.words;
    this._sheet = sheet;
    this._send = send;
    this._files = []; // {name, type, data, url}
    this._box = h("textarea", { class: "box", rows: "1", maxlength: "4096", "aria-label": this._words.message, enterkeyhint: "send" });
    this._strip = h("ul", { class: "strip" });
    this._hint = h("p", { class: "hint", role: "alert" });
    this._input = h("input", { type: "file", multiple: true, hidden: true });
    this._attach = h("button", { type: "button", class: "button button-icon attach", "aria-label": this._words.attach, onclick: () => this._offer() }, icon("plus"));
    const go = h("button", { class: "button send", "aria-label": this._words.send }, icon("send"));
    this._form = h("form", { class: "composer" }, this._attach, this._box, go, this._input);
    this._recorder = new Recorder(this._words, (file) => this._record(file));
    this.element = h("div", {}, this._hint, this._strip, this._recorder.element, this._form);
    this._listen();
  }

  get text() {
    return this._box.value;
  }

  begin(channel, draft) {
    this._box.placeholder = this._words[`placeholder_${channel}`];
    this._box.value = draft;
    this._hint.textContent = "";
    this._files = [];
    this._showFiles();
  }

  end() {
    this._recorder.cancel();
  }

  focus() {
    if (matchMedia("(pointer: coarse)").matches) return; // There, a focused field brings up a keyboard.
    this._box.focus({ preventScroll: true });
    this._box.setSelectionRange(this._box.value.length, this._box.value.length);
  }

  _listen() {
    this._form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
    this._box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this._form.requestSubmit();
    });
    this._box.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this._take([...event.clipboardData.files]);
    });
    this._input.addEventListener("change", () => {
      this._take([...this._input.files]);
      this._input.value = "";
    });
  }

  async _submit() {
    const body = this._box.value.trim();
    if (!body && !this._files.length) return;
    const files = this._files;
    this._box.value = "";
    this._files = [];
    this._showFiles();
    if (await this._send({ body, media: files.map(({ name, type, data }) => ({ name, type, data })) })) return;
    // Back into the box, unless something else stands there.
    this._box.value ||= body;
    this._files = files;
    this._showFiles();
  }

  _offer() {
    const signs = [["picture", () => this._browse("image/*")], ["document", () => this._browse("")], ["voice", () => this._recorder.start()], ["location", () => this._locate()]];
    this._sheet.choose(this._words.attach, signs.map(([sign]) => ({ title: this._words[sign], sign })), (index) => signs[index][1]());
  }

  _browse(accept) {
    this._input.accept = accept;
    this._input.click();
  }

  _locate() {
    const rows = PLACES.map(({ label, address }) => ({ title: label, hint: address, sign: "location" }));
    this._sheet.choose(this._words.choose_location, rows, (index) => this._send({ body: "", location: PLACES[index] }));
  }

  async _record(file) {
    this._send({ body: "", media: [{ name: file.name, type: file.type, data: await asBase64(file) }] });
  }

  async _take(files) {
    this._hint.textContent = "";
    for (const file of files) {
      const taken = await smaller(file);
      if (taken.size > MOST_BYTES) this._hint.textContent = fill(this._words.too_big, { name: file.name });
      else if (this._files.length >= MOST_FILES) this._hint.textContent = this._words.too_many;
      else this._files.push({ name: file.name, type: taken.type || file.type, data: await asBase64(taken) });
    }
    this._showFiles();
    this._box.focus();
  }

  _showFiles() {
    this._strip.hidden = !this._files.length;
    this._strip.replaceChildren(...this._files.map((file, place) => h("li", {}, this._chip(file, place))));
  }

  _chip(file, place) {
    const isPicture = file.type.startsWith("image/");
    const shown = isPicture ? h("img", { src: `data:${file.type};base64,${file.data}`, alt: file.name }) : h("span", { class: "file" }, icon("document"), file.name);
    const remove = h("button", { type: "button", class: "remove", "aria-label": fill(this._words.remove, { name: file.name }) }, icon("close"));
    remove.addEventListener("click", () => {
      this._files.splice(place, 1);
      this._showFiles();
      this._box.focus();
    });
    return h("span", { class: "chip" }, shown, remove);
  }
}
