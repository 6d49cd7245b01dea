// What calls somebody back who looks elsewhere: the title's number, a sound, a notification; the last two by choice.
import { facts, fill, h, icon, words } from "./facts.js";
import { post } from "./net.js";
import { toast } from "./toast.js";

const TITLE = document.title;

export class Alerts {
  constructor() {
    this.settings = facts.settings;
    document.addEventListener("desk:counts", ({ detail }) => this._count(detail));
  }

  // Two soft tones, and a line of the system's if the page is not seen.
  call(text, id) {
    if (this.settings.sound) this._chime();
    if (!document.hidden || !this.settings.notifications || !("Notification" in window) || Notification.permission !== "granted") return;
    const note = new Notification(document.title, { body: text, tag: id });
    note.addEventListener("click", () => {
      focus();
      note.close();
    });
  }

  element() {
    return h("div", {}, ["sound", "notifications"].map((name) => {
      const box = h("input", { type: "checkbox", checked: this.settings[name] || null });
      box.addEventListener("change", () => this._set(name, box));
      return h("label", { class: "alert-choice" }, icon(name === "sound" ? "volume-2" : "bell"), h("span", {}, words[name]), box);
    }));
  }

  async _set(name, box) {
    if (name === "notifications" && box.checked && (await Notification.requestPermission()) !== "granted") {
      box.checked = false;
      return toast(words.notifications_denied, { isBad: true });
    }
    this.settings[name] = box.checked;
    if (name === "sound" && box.checked) this._chime();
    await post("/desk/api/settings", { [name]: box.checked ? "yes" : "no" });
  }

  _count({ mine, waiting }) {
    const open = mine + waiting;
    document.title = open ? `(${open}) ${TITLE}` : TITLE;
  }

  _chime() {
    const audio = (this._audio ??= new AudioContext());
    [523, 784].forEach((pitch, number) => {
      const [tone, gain, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + number * 0.13];
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.05, at);
      gain.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    });
  }
}

export function waitingSays(name) {
  return name ? fill(words.notify_wrote, { name }) : words.notify_waiting;
}
