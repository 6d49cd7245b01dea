// What calls somebody back who looks elsewhere: the title's number, a sound, a notification; the last two by choice.
import { facts, fill, words } from "./facts.js";

const TITLE = document.title;

export class Alerts {
  constructor() {
    document.addEventListener("desk:counts", ({ detail }) => this._count(detail));
  }

  // Two soft tones, and a line of the system's if the page is not seen.
  call(text, id) {
    if (facts.settings.sound) this.chime();
    if (!document.hidden || !facts.settings.notifications || !("Notification" in window) || Notification.permission !== "granted") return;
    const note = new Notification(document.title, { body: text, tag: id });
    note.addEventListener("click", () => {
      focus();
      note.close();
    });
  }

  // Beside the desk's own lists: there are more of them, or more that are late.
  rise(annex, before, counts) {
    const grew = (name) => before[name] !== undefined && counts[name] > before[name];
    if (grew(`${annex.name}_late`)) this.call(annex.late, annex.name);
    else if (grew(annex.name)) this.call(annex.new, annex.name);
  }

  _count({ mine, waiting, ...counts }) {
    // Beside the desk's own lists: what is late.
    const open = mine + waiting + facts.annexes.reduce((sum, { name }) => sum + (counts[`${name}_late`] ?? 0), 0);
    document.title = open ? `(${open}) ${TITLE}` : TITLE;
  }

  chime() {
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
