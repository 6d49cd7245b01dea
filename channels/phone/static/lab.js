// Behind the phones: the time, what goes wrong, and what was posted to the server.
import { fill, h } from "../chat/dom.js";
import { icon } from "./icons.js";
import { exactTime } from "./writing.js";

const NAMES = { opted_out: "opted_out_fault" }; // Words whose key is taken.
const USUAL = 10; // Percent.

export class Lab {
  constructor(config, live) {
    this._config = config;
    this._words = config.words;
    this._live = live;
    this._telling = new Map(); // How often a fault is being told at this moment: what the server says of it is older.
    this._error = h("p", { class: "error", role: "alert" });
    this.element = h("aside", { class: "lab", "aria-label": this._words.controls }, this._error, this._time(), this._faults(), this._log());
    live.addEventListener("state", () => this._show());
    setInterval(() => live.state && this._showTime(), 5000);
  }

  _show() {
    this._showTime();
    this._showFaults();
    this._showMissed();
    if (this._live.state.webhooks) this._showLog(this._live.state.webhooks);
  }

  // True when it was taken.
  async _ask(what, given) {
    this._error.textContent = "";
    try {
      await this._live.ask(what, given, this._words.failed);
      return true;
    } catch (error) {
      this._error.textContent = error.message;
      return false;
    }
  }

  // Time.

  _time() {
    this._now = h("p", { class: "now" });
    this._ahead = h("p", { class: "soft" });
    this._windows = h("ul", { class: "windows soft" });
    const range = h("input", { type: "range", min: "1", max: "72", value: "24", id: "hours", "aria-label": this._words.time_slider });
    const pass = h("button", { type: "button", class: "button button-quiet button-small" });
    const say = () => {
      const said = { hours: range.value };
      pass.textContent = fill(this._words.pass, said);
      range.setAttribute("aria-valuetext", fill(this._words.hours, said));
    };
    range.addEventListener("input", say);
    pass.addEventListener("click", () => this._ask("forward", { hours: Number(range.value) }));
    say();
    return card(this._words.time, "clock", this._now, this._ahead, h("div", { class: "passing" }, range, pass), this._windows);
  }

  _showTime() {
    const { ahead, threads } = this._live.state;
    const now = this._live.now();
    const time = new Intl.DateTimeFormat(this._config.dates, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }).format(now);
    this._now.textContent = fill(this._words.time_now, { time });
    this._ahead.textContent = ahead ? fill(this._words.time_ahead, { hours: Math.round(ahead / 3600) }) : this._words.time_real;
    this._windows.replaceChildren(...threads.flatMap((thread) => this._window(thread, now)).map((line) => h("li", {}, line)));
  }

  _window({ channel, window: until, opted_out: isOut }, now) {
    if (channel === "sms") return isOut ? [this._words.opted_out] : [];
    const minutes = until ? Math.floor((Date.parse(until) - now) / 60000) : 0;
    if (minutes <= 0) return [this._words.window_closed];
    return [fill(this._words.window_open, { left: minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h` })];
  }

  // Faults.

  _faults() {
    this._rows = new Map(this._config.faults.map((name) => [name, this._fault(name)]));
    const list = h("ul", { class: "fault-rows" }, [...this._rows.values()].map(({ row }) => row));
    return card(this._words.faults, "alert", h("p", { class: "soft" }, this._words.faults_hint), list);
  }

  _fault(name) {
    const word = this._words[NAMES[name] || name];
    const isOn = h("input", { type: "checkbox", role: "switch", id: `fault-${name}` });
    const share = h("input", { type: "number", class: "input share", min: "1", max: "100", value: String(USUAL), "aria-label": fill(this._words.share, { name: word }) });
    const tell = async () => {
      this._telling.set(name, (this._telling.get(name) ?? 0) + 1);
      const isTaken = await this._ask("faults", { [name]: isOn.checked ? Math.min(100, Math.max(1, Number(share.value) || USUAL)) / 100 : 0 });
      this._telling.set(name, this._telling.get(name) - 1);
      if (isTaken) row.classList.toggle("is-on", isOn.checked);
      else this._showFaults();
    };
    isOn.addEventListener("change", tell);
    share.addEventListener("change", () => isOn.checked && tell());
    const row = h("li", { class: "fault" }, isOn, h("label", { for: `fault-${name}` }, word), h("span", { class: "percent" }, share, h("span", { "aria-hidden": "true" }, "%")));
    return { row, isOn, share };
  }

  _showFaults() {
    for (const [name, given] of Object.entries(this._live.state?.faults ?? {})) {
      if (this._telling.get(name)) continue;
      const { isOn, share, row } = this._rows.get(name);
      isOn.checked = given > 0;
      row.classList.toggle("is-on", given > 0);
      if (given > 0 && document.activeElement !== share) share.value = String(Math.round(given * 100));
    }
  }

  // Webhooks, and what did not arrive.

  _log() {
    this._missed = h("ul", { class: "missed" });
    this._missedBox = h("div", { class: "missed-box", hidden: true }, h("h3", {}, this._words.log_failed), this._missed);
    this._hooks = new Map();
    this._list = h("ul", { class: "hooks" });
    this._empty = h("p", { class: "soft" }, this._words.log_empty);
    const log = h("details", { class: "log-box" }, h("summary", {}, icon("go"), this._words.log), this._empty, this._list);
    log.addEventListener("toggle", () => (this._live.log = log.open));
    return h("section", { class: "lab-card" }, this._missedBox, log);
  }

  _showMissed() {
    const { failed } = this._live.state;
    this._missedBox.hidden = !failed.length;
    const latest = failed.slice(-5).reverse();
    this._missed.replaceChildren(...latest.map(({ channel, body, code, error }) =>
      h("li", {}, h("span", { class: "pill pill-bad" }, code), h("span", {}, `${this._words[channel]}: ${body}`, h("small", {}, error)))));
  }

  _showLog(webhooks) {
    this._empty.hidden = webhooks.length > 0;
    const rows = webhooks.map((one) => {
      if (!this._hooks.has(one.number)) this._hooks.set(one.number, this._hook(one));
      return this._hooks.get(one.number);
    });
    // Those that are there stay: one of them may be open.
    const kept = new Set(rows);
    [...this._list.children].forEach((row) => kept.has(row) || row.remove());
    rows.forEach((row, place) => this._list.children[place] !== row && this._list.insertBefore(row, this._list.children[place] || null));
  }

  _hook({ kind, at, url, status, ms, attempt, error, warning, params }) {
    const isGood = status >= 200 && status < 300 && !warning;
    const what = kind === "status" ? fill(this._words.kind_status, { status: params.MessageStatus }) : this._words.kind_message;
    const more = [attempt > 1 ? fill(this._words.attempt, { attempt }) : null, error || null, warning ? fill(this._words.warning, { code: warning }) : null].filter(Boolean);
    const summary = h("summary", {},
      h("span", { class: `pill ${isGood ? "pill-good" : "pill-bad"}` }, status ?? this._words.no_answer),
      h("span", { class: "hook-what" }, what, params.Body ? h("q", {}, params.Body) : null, more.length ? h("small", {}, more.join(" · ")) : null),
      h("span", { class: "hook-end" }, `${ms} ms`, h("small", {}, exactTime(new Date(at), this._config.dates))));
    const facts = Object.entries({ URL: url, ...params }).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value || "–")));
    return h("li", {}, h("details", { class: "hook" }, summary, h("dl", {}, facts)));
  }
}

function card(title, sign, ...parts) {
  return h("section", { class: "lab-card" }, h("h2", {}, icon(sign), title), parts);
}
