// The page /desk: list, conversation and customer, kept right while others work on the same.
import { Acts } from "./acts.js";
import { Alerts } from "./alerts.js";
import { Compose } from "./compose.js";
import { facts, fill, words } from "./facts.js";
import { Keys, palette, showKeys } from "./keys.js";
import { Lane } from "./lane.js";
import { Live } from "./live.js";
import { presenceMenu } from "./presence.js";
import { showOthers, Talk } from "./talk.js";
import { keepTelling, tell } from "./times.js";
import { toast, undoLast } from "./toast.js";

document.documentElement.classList.add("has-script");
const SMALL = matchMedia("(max-width: 56.24em)");
const talk = new Talk();
const lane = new Lane((id) => open(id));
const live = new Live();
const alerts = new Alerts();
const compose = new Compose(talk, { sent: () => did(), typing: (kind) => live.typing(kind) });
const acts = new Acts(talk, did);
const offline = document.querySelector(".offline");
const search = document.querySelector(".lane-search input");
presenceMenu(document.getElementById("presence"), alerts);
keepTelling();
tell();
lane.mark(talk.id);
if (talk.id) live.look(talk.id);

async function open(id, { isPushed = true } = {}) {
  lane.mark(id);
  if (isPushed && location.pathname + location.search !== lane.path(id)) history.pushState({ id }, "", lane.path(id));
  try {
    await talk.open(id);
  } catch (error) {
    if (error.name === "AbortError") return;
    toast(error.message || words.failed_load, { isBad: true });
    lane.refresh([id]);
  }
}

talk.addEventListener("opened", () => {
  document.body.dataset.view = talk.id ? "talk" : "list";
  document.body.removeAttribute("data-card");
  live.look(talk.id);
  if (talk.id && !SMALL.matches) talk.element.querySelector(".log")?.focus({ preventScroll: true });
  else if (talk.id) talk.element.querySelector(".talk-back")?.focus({ preventScroll: true });
});

function back() {
  const id = talk.id;
  if (document.body.hasAttribute("data-card") && getComputedStyle(talk.card).position === "fixed") return toggleCard();
  if (!SMALL.matches) return lane.step(0);
  history.pushState({}, "", lane.path());
  talk.close();
  document.querySelector(`.lane-item[data-id="${id}"] a`)?.focus();
}

async function go(name, asked = new URLSearchParams()) {
  await lane.show(name, asked).catch((error) => toast(error.message || words.failed_load, { isBad: true }));
  history.pushState({}, "", lane.path(SMALL.matches ? "" : talk.id ?? ""));
  if (SMALL.matches && talk.id) talk.close();
  if (name !== "search") search.value = "";
}

// After something was done: the list and the conversation show it at once, whether or not the wire tells.
async function did(verb, id = talk.id) {
  const next = verb === "resolve" ? lane.after(id) : null;
  await Promise.all([lane.refresh([id]), id === talk.id ? talk.refresh().catch(() => talk.close()) : null]);
  if (next && id === talk.id && lane.name !== "closed" && !lane.has(id)) open(next);
}

live.addEventListener("news", async ({ detail: ids }) => {
  if (ids.includes(talk.id)) talk.refresh().catch((error) => error.status === 404 && gone());
  const before = lane.counts ?? {};
  const fresh = await lane.refresh(ids).catch(() => []); // The wire is away, too; it is all read again when it is back.
  alert(fresh, before);
});

function gone() {
  toast(words.not_there);
  talk.close();
  history.replaceState({}, "", lane.path());
}

function alert(fresh, before) {
  const { mine = 0, waiting = 0 } = lane.counts ?? {};
  if (before.mine !== undefined && mine > before.mine) alerts.call(words.notify_given, "mine");
  else if (before.waiting !== undefined && waiting > before.waiting) alerts.call(words.notify_waiting, "waiting");
  for (const annex of facts.annexes) alerts.rise(annex, before, lane.counts);
  if (fresh.length && document.hidden) document.querySelector(".lane-title").dataset.new = fresh.length;
}

talk.addEventListener("wrote", () => {
  const name = talk.state.name || fill(words.visitor, { mark: talk.state.mark });
  if (talk.state.is_own) alerts.call(fill(words.notify_wrote, { name }), talk.id);
  if (compose.isEmpty) compose.see();
});

live.addEventListener("others", ({ detail }) => showOthers(detail));
live.addEventListener("lost", () => (offline.hidden = false));
live.addEventListener("back", () => {
  offline.hidden = true;
  document.body.dataset.wire = "laid";
  lane.renew().catch(() => {});
  if (talk.id) talk.refresh().catch((error) => error.status === 404 && gone());
});

window.addEventListener("popstate", async () => {
  const [, , name, id] = location.pathname.split("/");
  const asked = new URLSearchParams(location.search);
  if (name !== lane.name || asked.toString() !== lane.asked.toString()) await lane.show(name, asked);
  if (id) open(id, { isPushed: false });
  else talk.close();
});

document.querySelector(".rail").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link?.dataset.list || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(link.dataset.list);
});

let searching;
search.addEventListener("input", () => {
  clearTimeout(searching);
  searching = setTimeout(runSearch, 180);
});
search.form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(searching);
  runSearch();
});
search.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") {
    event.preventDefault();
    lane.step(1);
  } else if (event.key === "Escape") {
    search.value = "";
    search.blur();
    if (lane.name === "search") go("mine");
  }
});

let cameFrom = "mine";
async function runSearch() {
  const query = search.value.trim();
  if (lane.name !== "search") cameFrom = lane.name;
  if (!query) return lane.name === "search" ? go(cameFrom) : undefined;
  const asked = new URLSearchParams({ q: query });
  await lane.show("search", asked);
  history.replaceState({}, "", lane.path(SMALL.matches ? "" : talk.id ?? ""));
}

const filters = document.querySelector(".filters");
filters.addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
  filters.open = false;
  filters.classList.toggle("is-set", [...asked.keys()].some((key) => key !== "q"));
  go(lane.name, asked);
});
filters.querySelector("a").addEventListener("click", (event) => {
  event.preventDefault();
  filters.querySelectorAll("select").forEach((select) => (select.value = ""));
  filters.querySelector("form").requestSubmit();
});
filters.open = false;
filters.classList.toggle("is-set", [...lane.asked.keys()].some((key) => key !== "q" && key !== "after"));

function toggleCard() {
  document.body.toggleAttribute("data-card");
  if (document.body.hasAttribute("data-card")) talk.card.querySelector("a, button, h2")?.focus?.();
}

document.addEventListener("click", (event) => {
  const what = event.target.closest("[data-do]")?.dataset.do;
  if (what === "keys") showKeys();
  if (what === "card") toggleCard();
  if (what === "back") {
    event.preventDefault();
    back();
  }
  for (const menu of document.querySelectorAll("[data-desk-menu][open], .filters[open]")) if (!menu.contains(event.target)) menu.open = false;
  const past = event.target.closest("[data-open]");
  if (past && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    open(past.dataset.open);
  }
  const fact = event.target.closest("[data-copy]");
  if (fact) navigator.clipboard?.writeText(fact.dataset.copy).then(() => fact.classList.add("is-copied"));
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("[data-desk-menu][open], .filters[open]");
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
}, true);

const does = {
  next: () => lane.step(1),
  previous: () => lane.step(-1),
  back,
  claim: () => acts.ask("claim"),
  reply: () => compose.focus("reply"),
  note: () => compose.focus("note"),
  transfer: () => acts.ask("transfer"),
  snooze: () => acts.ask("snooze"),
  resolve: () => acts.ask("resolve"),
  give_back: () => acts.ask("give_back"),
  priority: () => acts.ask("priority"),
  tag: () => acts.ask("tag"),
  reopen: () => acts.ask("reopen"),
  undo: () => undoLast(),
  customer: toggleCard,
  search: () => search.focus(),
  suggestion: (number) => compose.insertSuggestion(number),
  help: showKeys,
  visit: (name) => location.assign(`/desk/${name}`),
  palette: () => document.querySelector("dialog[open]") || palette(acts, does),
  go,
};
new Keys(does);
lane.renew().catch(() => {});
