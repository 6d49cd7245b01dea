// Voice notes: recorded, and played.
import { fill, h } from "../chat/dom.js";
import { icon } from "./icons.js";

export class Recorder {
  // `done` is called with the sound as a file.
  constructor(words, done) {
    this._words = words;
    this._done = done;
    this._line = h("span", { class: "recording-line", role: "status" });
    this._cancel = h("button", { type: "button", class: "button button-icon", "aria-label": words.cancel, onclick: () => this.cancel() }, icon("close"));
    this._stop = h("button", { type: "button", class: "button send", "aria-label": words.stop, onclick: () => this._recorder?.stop() }, icon("send"));
    this._file = h("input", { type: "file", accept: "audio/*", hidden: true });
    this._browse = h("button", { type: "button", class: "button button-quiet button-small", onclick: () => this._file.click() }, words.choose_file);
    this._file.addEventListener("change", () => this._choose());
    this.element = h("div", { class: "recording", hidden: true }, this._cancel, this._line, this._browse, this._stop, this._file);
  }

  async start() {
    this.element.hidden = false;
    this._cancel.focus();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (this.element.hidden) return release(stream); // Cancelled while the browser was asking.
      this._begin(stream);
    } catch {
      this._show(false);
    }
  }

  cancel() {
    if (this._recorder) this._recorder.onstop = null;
    this._end();
  }

  _begin(stream) {
    const parts = [];
    const type = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"].find((one) => MediaRecorder.isTypeSupported(one));
    this._stream = stream;
    this._recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
    this._recorder.ondataavailable = ({ data }) => parts.push(data);
    this._recorder.onstop = () => {
      const kind = this._recorder.mimeType.split(";")[0];
      this._end();
      this._done(new File(parts, `voice.${kind.split("/")[1]}`, { type: kind }));
    };
    this._recorder.start();
    this._show(true);
    let seconds = 0;
    const tick = () => (this._line.textContent = `${this._words.recording} 0:${String(seconds++).padStart(2, "0")}`);
    tick();
    this._timer = setInterval(() => (seconds < 60 ? tick() : this._recorder.stop()), 1000);
  }

  _show(isRecording) {
    this._stop.hidden = !isRecording;
    this._browse.hidden = isRecording;
    if (!isRecording) this._line.textContent = this._words.no_microphone;
    (isRecording ? this._stop : this._browse).focus();
  }

  _choose() {
    const [file] = this._file.files;
    this._file.value = "";
    this._end();
    if (file) this._done(file);
  }

  _end() {
    clearInterval(this._timer);
    if (this._recorder?.state === "recording") this._recorder.stop();
    release(this._stream);
    this._recorder = this._stream = null;
    this.element.hidden = true;
  }
}

function release(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

// Through Web Audio: no element of the page may load sound.
export class Player {
  constructor(words, url) {
    this._words = words;
    this._url = url;
    this._line = h("span", { class: "wave", "aria-hidden": "true" }, Array.from({ length: 18 }, () => h("i")));
    this._length = h("small", {});
    this._button = h("button", { type: "button", class: "button button-icon", "aria-label": fill(words.play, { seconds: "…" }), onclick: () => this._toggle() }, icon("play"));
    this.element = h("span", { class: "voice" }, this._button, this._line, this._length);
    this._load();
  }

  async _load() {
    try {
      const bytes = await (await fetch(this._url)).arrayBuffer();
      this._sound = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(bytes);
    } catch {
      this._length.textContent = this._words.no_sound;
      this._button.disabled = true;
      return;
    }
    const seconds = Math.max(1, Math.round(this._sound.duration));
    this._length.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this._button.setAttribute("aria-label", fill(this._words.play, { seconds }));
    this._draw();
  }

  // The loudness of each of its parts, as one of five heights.
  _draw() {
    const samples = this._sound.getChannelData(0);
    const bars = [...this._line.children];
    const part = Math.floor(samples.length / bars.length) || 1;
    const loud = bars.map((_, place) => samples.subarray(place * part, (place + 1) * part).reduce((most, one) => Math.max(most, Math.abs(one)), 0));
    const most = Math.max(...loud, 0.01);
    bars.forEach((bar, place) => (bar.className = `loud-${Math.max(1, Math.round((loud[place] / most) * 5))}`));
  }

  _toggle() {
    if (this._source) return this._source.stop();
    this._context ||= new AudioContext();
    this._source = this._context.createBufferSource();
    this._source.buffer = this._sound;
    this._source.connect(this._context.destination);
    this._source.addEventListener("ended", () => {
      this._source = null;
      this._button.replaceChildren(icon("play"));
    });
    this._source.start();
    this._button.replaceChildren(icon("pause"));
  }
}
