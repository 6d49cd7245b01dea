// The list: its rows, which one is open, what changes in it, and more of it on scrolling.
import { facts, fill, h, node, words } from "./facts.js";
import { get } from "./net.js";
import { released } from "../chat/press.js";
import { tell } from "./times.js";

const NEAR_END = 600; // Pixels before the end at which the next page is fetched.

export class Lane {
  // `open(id)` is called for the row that is chosen.
  constructor(open) {
    this.element = document.querySelector(".lane");
    this._rows = this.element.querySelector(".lane-rows");
    this._scroll = this.element.querySelector(".lane-scroll");
    this._empty = this.element.querySelector(".lane-empty");
    this._open = open;
    this._next = this._rows.dataset.next;
    this._more = this.element.querySelector(".lane-more");
    this._more?.remove();
    this.name = document.body.dataset.list;
    this.asked = new URLSearchParams(location.search);
    this.asked.delete("after");
    this._rows.addEventListener("click", (event) => this._clicked(event));
    this._scroll.addEventListener("scroll", () => this._nearEnd(), { passive: true });
    this.current = null;
    this._looks = 0;
    this._looked = new Map(); // At which look a row was asked for last.
  }

  get ids() {
    return [...this._rows.children].map((row) => row.dataset.id);
  }

  has(id) {
    return Boolean(this._row(id));
  }

  // The address of a conversation in this list.
  path(id = "") {
    const query = this.asked.toString();
    return `/desk/${this.name}${id ? `/${id}` : ""}${query ? `?${query}` : ""}`;
  }

  // Another list, or the same one with other filters.
  async show(name, asked = new URLSearchParams()) {
    this.name = name;
    this.asked = asked;
    this._reading?.abort();
    const reading = (this._reading = new AbortController());
    this.element.setAttribute("aria-busy", "true");
    try {
      const given = await get(`/desk/api/lists/${name}?${asked}`, { signal: reading.signal });
      this._fill(given);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      if (this._reading === reading) this.element.removeAttribute("aria-busy");
    }
  }

  _fill({ rows, next, counts }) {
    this._next = next;
    this._rows.replaceChildren(...rows.map(({ html }) => node(html)));
    this._scroll.scrollTop = 0;
    this.element.querySelector(".lane-title").textContent = facts.lists[this.name];
    document.body.dataset.list = this.name;
    this._say(counts);
    this._settle();
  }

  // Looks again at some rows, after something was said of these conversations. Returns the ids that are new in the list.
  async refresh(ids) {
    const asked = new URLSearchParams(this.asked);
    asked.set("ids", ids.slice(0, 100).join(","));
    const path = this.path();
    this._looks += 1;
    ids.forEach((id) => this._looked.set(id, this._looks));
    const { rows, counts } = await get(`/desk/api/lists/${this.name}/changes?${asked}`);
    await released();
    if (path !== this.path()) return []; // Another list was chosen meanwhile.
    const fresh = Object.entries(rows).filter(([id, row]) => this._put(id, row)).map(([id]) => id);
    this._say(counts);
    this._settle();
    return fresh;
  }

  // All of it anew, as after a broken connection; where one is in it stays.
  async renew() {
    const path = this.path();
    const looks = this._looks;
    const { rows, next, counts } = await get(`/desk/api/lists/${this.name}?${this.asked}`);
    await released();
    if (path !== this.path()) return;
    const isNewer = (id) => (this._looked.get(id) ?? 0) > looks; // It was asked for since, and may be known better.
    const seen = new Set(rows.map((row) => row.id));
    const last = rows.at(-1)?.position;
    for (const row of [...this._rows.children]) {
      const isWithin = !next || compare(row.dataset.position, last) <= 0;
      if (isWithin && !seen.has(row.dataset.id) && !isNewer(row.dataset.id)) row.remove();
    }
    rows.filter((row) => !isNewer(row.id)).forEach((row) => this._put(row.id, row));
    if (!next) this._next = "";
    if (looks === this._looks) this._say(counts);
    this._settle();
  }

  mark(id) {
    this.current = id;
    this._rows.querySelectorAll("[aria-current]").forEach((link) => link.removeAttribute("aria-current"));
    this._row(id)?.querySelector("a").setAttribute("aria-current", "true");
  }

  // The row after (1) or before (-1) the one that has the focus, or is open.
  step(by) {
    const rows = [...this._rows.children];
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    const at = focused >= 0 ? focused : rows.findIndex((row) => row.dataset.id === this.current);
    const row = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    row?.querySelector("a").focus();
    row?.scrollIntoView({ block: "nearest" });
    return row?.dataset.id;
  }

  get focused() {
    return document.activeElement?.closest?.(".lane-item")?.dataset.id ?? null;
  }

  // The id that stands after this one: what one goes on with when it is closed.
  after(id) {
    const row = this._row(id);
    return (row?.nextElementSibling ?? row?.previousElementSibling)?.dataset.id ?? null;
  }

  _row(id) {
    return id ? this._rows.querySelector(`[data-id="${CSS.escape(id)}"]`) : null;
  }

  // Puts a row where it stands now, and keeps the scroll and the focus. Whether it is new.
  _put(id, row) {
    const old = this._row(id);
    if (!row) {
      if (old?.contains(document.activeElement)) this.step(old.nextElementSibling ? 1 : -1);
      old?.remove();
      return false;
    }
    const made = node(row.html);
    const hadFocus = old?.contains(document.activeElement);
    // What lies on a page that was not fetched yet comes with it.
    const next = this._place(row.position, old);
    if (!next && this._next && compare(row.position, this._next) > 0) {
      old?.remove();
      return false;
    }
    if (old && (old.nextElementSibling === next || old === next)) old.replaceWith(made);
    else {
      old?.remove();
      this._rows.insertBefore(made, next);
    }
    if (hadFocus) made.querySelector("a").focus({ preventScroll: true });
    tell(made);
    return !old;
  }

  _place(position, old) {
    for (const row of this._rows.children) {
      if (row !== old && compare(row.dataset.position, position) > 0) return row;
    }
    return null;
  }

  _clicked(event) {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this._open(link.closest(".lane-item").dataset.id);
  }

  async _nearEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this._scroll;
    if (!this._next || this._fetching || scrollHeight - scrollTop - clientHeight > NEAR_END) return;
    this._fetching = true;
    const asked = new URLSearchParams(this.asked);
    asked.set("after", this._next);
    try {
      const name = this.name;
      const { rows, next } = await get(`/desk/api/lists/${name}?${asked}`);
      if (name !== this.name) return;
      this._next = next;
      rows.filter(({ id }) => !this._row(id)).forEach(({ html }) => {
        const made = node(html);
        tell(made);
        this._rows.append(made);
      });
      this.mark(this.current);
    } finally {
      this._fetching = false;
    }
  }

  _say(counts) {
    if (!counts) return;
    for (const [name, count] of Object.entries(counts)) {
      const place = document.querySelector(`[data-count="${name}"]`);
      if (!place) continue;
      place.textContent = count || "";
      place.hidden = !count;
      const late = counts[`${name}_late`];
      if (late) place.dataset.late = late;
      else delete place.dataset.late;
    }
    for (const { name, overdue } of facts.annexes) {
      const place = document.querySelector(`[data-overdue="${name}"]`);
      place.textContent = fill(overdue, { count: counts[`${name}_overdue`] ?? 0 });
      place.hidden = !counts[`${name}_overdue`];
    }
    this.counts = counts;
    document.dispatchEvent(new CustomEvent("desk:counts", { detail: counts }));
  }

  _settle() {
    const isEmpty = !this._rows.firstElementChild;
    const isNarrowed = [...this.asked.keys()].some((key) => key !== "q");
    const query = this.asked.get("q");
    this._empty.hidden = !isEmpty;
    this._empty.textContent = this.name === "search" && query ? fill(words.found_none, { query }) : isNarrowed ? words.empty_filtered : words[`empty_${this.name}`];
    tell(this._rows);
    this.mark(this.current);
    document.querySelectorAll(".rail a").forEach((link) => {
      if (link.dataset.list === this.name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }
}

// Positions: numbers that grow down the list, and the id.
export function compare(one, other) {
  const [left, right] = [one.split(","), other.split(",")];
  for (let at = 0; at < left.length - 1; at += 1) {
    const [a, b] = [Number(left[at]), Number(right[at])];
    if (a !== b) return a < b ? -1 : 1;
  }
  return left.at(-1) < right.at(-1) ? -1 : left.at(-1) > right.at(-1) ? 1 : 0;
}
