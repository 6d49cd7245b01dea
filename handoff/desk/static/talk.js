// The conversation that is open: its head, its timeline, the customer beside it.
import { fill, h, node, nodes, words } from "./facts.js";
import { get } from "./net.js";
import { released } from "../chat/press.js";
import { dayName, tell } from "./times.js";

const GROUP_MS = 3 * 60_000; // What one says within three minutes stands under one name.
const NEAR_END = 160; // Pixels: whoever reads here wants to see what comes.

// Events: `opened` (another one is shown), `state` (it stands differently), `wrote` (the customer said something new).
export class Talk extends EventTarget {
  constructor() {
    super();
    this.element = document.querySelector(".talk");
    this.card = document.querySelector(".card-column");
    this.state = JSON.parse(document.getElementById("state").textContent);
    this._none = this.state ? null : this.element.firstElementChild;
    if (this.state) this._begin();
    this.element.addEventListener("click", (event) => {
      const what = event.target.closest("[data-do]")?.dataset.do;
      if (what === "earlier") this._fetchEarlier();
      if (what === "below") this.toEnd();
    });
  }

  get id() {
    return this.state?.id ?? null;
  }

  async open(id) {
    this._reading?.abort();
    const reading = (this._reading = new AbortController());
    this.element.setAttribute("aria-busy", "true");
    try {
      const given = await get(`/desk/api/conversations/${id}`, { signal: reading.signal });
      this._show(given);
    } finally {
      if (this._reading === reading) this.element.removeAttribute("aria-busy");
    }
  }

  close() {
    this._reading?.abort();
    this.state = null;
    this.element.replaceChildren(this._none ?? this._nothing());
    this.card.replaceChildren();
    this.dispatchEvent(new Event("opened"));
  }

  // What is new in it: how it stands, and the last entries as they are now.
  async refresh() {
    const id = this.id;
    if (!id || this._refreshing === id) {
      this._again = true;
      return;
    }
    this._refreshing = id;
    this._again = false;
    try {
      const last = this._list.lastElementChild?.dataset.cursor ?? "";
      const given = await get(`/desk/api/conversations/${id}/news?after=${encodeURIComponent(last)}`);
      await released();
      if (this.id === id) this._renew(given);
    } finally {
      this._refreshing = null;
    }
    if (this._again && this.id === id) await this.refresh();
  }

  toEnd() {
    this._log.scrollTop = this._log.scrollHeight;
    this._sayNothingBelow();
  }

  get lastText() {
    return [...this._list.querySelectorAll(".entry-customer .said")].at(-1)?.innerText ?? "";
  }

  _nothing() {
    return h("div", { class: "talk-none" }, h("p", {}, h("strong", {}, words.choose)), h("p", { class: "soft" }, words.choose_hint));
  }

  _show({ talk, card, state }) {
    this.state = state;
    this.element.replaceChildren(nodes(talk));
    this.card.replaceChildren(nodes(card));
    this._begin();
    this.dispatchEvent(new Event("opened"));
  }

  _begin() {
    this._log = this.element.querySelector(".log");
    this._list = this.element.querySelector(".entries");
    this._below = this.element.querySelector(".new-below");
    this._earlier = this.element.querySelector(".earlier");
    this._versions = new Map([...this._list.children].map((entry) => [entry.dataset.key, entry.outerHTML]));
    this._tidy(this._list.children);
    tell(this.element);
    tell(this.card);
    this.toEnd();
    this._log.addEventListener("scroll", () => this._isAtEnd() && this._sayNothingBelow(), { passive: true });
    // What is drawn later (pictures) must not push the end out of sight.
    this._list.addEventListener("load", () => this._wasAtEnd && this.toEnd(), true);
    this._wasAtEnd = true;
    this._log.addEventListener("scroll", () => (this._wasAtEnd = this._isAtEnd()), { passive: true });
    // Nor must the box that grows below.
    this._sizes?.disconnect();
    this._sizes = new ResizeObserver(() => this._wasAtEnd && this.toEnd());
    this._sizes.observe(this._log);
  }

  _renew({ head, brief, card, ways, state, entries }) {
    const before = this.state;
    this.state = state;
    this._replace("head", head);
    this._replace("brief", brief, (old) => old.querySelector("details")?.open);
    if (this._cardHtml !== card) {
      this.card.replaceChildren(nodes((this._cardHtml = card)));
      tell(this.card);
    }
    const wasAtEnd = this._isAtEnd();
    const fresh = entries.filter((entry) => this._put(entry));
    this._tidy(this._list.children);
    if (wasAtEnd) this.toEnd();
    else if (fresh.length) this._below.hidden = false;
    this.dispatchEvent(new CustomEvent("state", { detail: { ways } }));
    if (state.customer_seq > before.customer_seq) this.dispatchEvent(new Event("wrote"));
  }

  _replace(name, html, wasOpen = () => null) {
    const place = this.element.querySelector(`[data-piece="${name}"]`);
    if (!place || place.dataset.html === html) return;
    if (place.querySelector("details[open].menu")) return; // Somebody is choosing there; the next news renews it.
    const isOpen = wasOpen(place);
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.ask ?? document.activeElement.dataset.verb : null;
    place.replaceChildren(nodes(html));
    place.dataset.html = html;
    const details = place.querySelector("details");
    if (isOpen === false && details) details.open = false;
    if (focused) place.querySelector(`[data-ask="${focused}"], [data-verb="${focused}"]`)?.focus();
    tell(place);
  }

  // Puts an entry where it belongs, if it is new or says something else now. Whether it is new.
  _put({ key, html }) {
    const made = node(html);
    const version = made.outerHTML; // As the page itself was read: the same text says the same.
    if (this._versions.get(key) === version) return false;
    this._versions.set(key, version);
    const old = this._list.querySelector(`[data-key="${key}"]`);
    tell(made);
    if (old) {
      if (old.querySelector("details[open]")) made.querySelector("details")?.setAttribute("open", "");
      old.replaceWith(made);
      return false;
    }
    const at = Date.parse(made.dataset.at);
    const before = [...this._list.querySelectorAll(".entry")].reverse().find((entry) => Date.parse(entry.dataset.at) <= at);
    if (before) before.after(made);
    else this._list.prepend(made);
    made.classList.add("is-new");
    return true;
  }

  async _fetchEarlier() {
    const first = this._list.querySelector(".entry");
    if (!first || this._isFetching) return;
    this._isFetching = true;
    try {
      const { entries, has_earlier } = await get(`/desk/api/conversations/${this.id}/entries?before=${encodeURIComponent(first.dataset.cursor)}`);
      const height = this._log.scrollHeight - this._log.scrollTop;
      const made = entries.map(({ key, html }) => {
        const entry = node(html);
        this._versions.set(key, entry.outerHTML);
        return entry;
      });
      this._list.prepend(...made);
      made.forEach(tell);
      this._earlier.hidden = !has_earlier;
      this._tidy(this._list.children);
      this._log.scrollTop = this._log.scrollHeight - height;
      this._earlier.querySelector("button").focus({ preventScroll: true });
    } finally {
      this._isFetching = false;
    }
  }

  // Days stand between the entries, and a name stands once over what was said in one go.
  _tidy(entries) {
    let [day, by, at, line] = ["", "", 0, null];
    for (const entry of [...entries]) {
      if (entry.classList.contains("day")) {
        line?.remove();
        line = entry;
        continue;
      }
      const moment = Date.parse(entry.dataset.at);
      const today = new Date(moment).toDateString();
      const name = today === day ? "" : dayName(moment);
      // A line that stands where it belongs stays: nothing is drawn again that says the same.
      if (line?.textContent !== name) {
        line?.remove();
        if (name) entry.before(h("li", { class: "day" }, h("span", {}, name)));
      }
      line = null;
      const follows = today === day && entry.dataset.by && entry.dataset.by === by && moment - at < GROUP_MS;
      entry.classList.toggle("is-following", Boolean(follows));
      [day, by, at] = [today, entry.dataset.by ?? "", moment];
    }
    line?.remove();
  }

  _sayNothingBelow() {
    if (!this._below.hidden) this._below.hidden = true; // Setting it again would be a change of the page.
  }

  _isAtEnd() {
    return this._log.scrollHeight - this._log.scrollTop - this._log.clientHeight < NEAR_END;
  }
}

// Who else is here, below the timeline.
export function showOthers(others) {
  const place = document.querySelector(".others");
  if (!place) return;
  const writing = others.filter((one) => one.doing !== "looking").map((one) => one.name);
  const looking = others.filter((one) => one.doing === "looking").map((one) => one.name);
  const said = [
    writing.length && fill(words.typing, { names: writing.join(", ") }),
    looking.length && fill(words[looking.length > 1 ? "looking_many" : "looking"], { names: looking.join(", ") }),
  ];
  const text = said.filter(Boolean).join(" · ");
  if (place.textContent !== text) place.textContent = text;
}
