// What the server says of the phones, as soon as it changes, and what the page asks of it.
import { released } from "../chat/press.js";

const PAUSE_MS = 1000;

export class Live extends EventTarget {
  constructor(locale, person) {
    super();
    this._locale = locale;
    this._person = person;
    this._after = -1;
    this.state = null;
    this.isLogOpen = false;
  }

  // Begins to listen, or begins anew with what is now wanted.
  async start() {
    this._asking?.abort();
    const asking = (this._asking = new AbortController());
    this._after = -1;
    while (!asking.signal.aborted) {
      try {
        await this._listen(asking.signal);
      } catch {
        if (asking.signal.aborted) return;
        this.dispatchEvent(new Event("lost"));
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        this._after = -1;
      }
    }
  }

  async _listen(signal) {
    const asked = new URLSearchParams({ after: this._after, phone: this._person });
    if (this.isLogOpen) asked.set("log", "1");
    const response = await fetch(`/phone/api/state?${asked}`, { signal });
    if (!response.ok) throw new Error(response.statusText);
    const state = await response.json();
    await released();
    if (signal.aborted) return;
    this.state = state;
    this._after = this.state.version;
    this._person = this.state.chosen || "";
    this._skew = Date.parse(this.state.now) - Date.now();
    this.dispatchEvent(new Event("state"));
  }

  // The time on the phones.
  now() {
    return new Date(Date.now() + (this._skew || 0));
  }

  pick(person) {
    this._person = person;
    this.start();
  }

  set log(isOpen) {
    this.isLogOpen = isOpen;
    this.start();
  }

  // Raises an Error with a sentence; `otherwise` if the server has none.
  async ask(what, given, otherwise) {
    let said = {};
    try {
      const response = await fetch(`/phone/api/${what}?locale=${this._locale}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(given),
      });
      said = await response.json();
    } catch {
      throw new Error(otherwise);
    }
    if (!said.ok) throw new Error(said.error || otherwise);
  }
}
