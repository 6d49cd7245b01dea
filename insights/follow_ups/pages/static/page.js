// Follow-ups: the list stays right while others work on it, and everything is within reach of the keyboard.
import { Alerts } from "../desk/alerts.js";
import { facts, nodes } from "../desk/facts.js";
import { isWriting, listKeys } from "../desk/keys.js";
import { Live } from "../desk/live.js";
import { presenceMenu } from "../desk/presence.js";
import { released } from "../chat/press.js";
import { keepTelling, tell } from "../desk/times.js";

const GO_MS = 1200;
const OWN = [["j", "next"], ["k", "previous"], ["Enter", "open"], ["Esc", "back"], ["c", "take"], ["r", "write"], ["e", "cause"], ["?", "help"]];
const GO = { m: "mine", w: "waiting", a: "all", c: "closed", s: "snoozed", "@": "mentions", b: "bot" };
document.documentElement.classList.add("has-script");
const alerts = new Alerts();
const live = new Live();
const offline = document.querySelector(".offline");
presenceMenu(document.getElementById("presence"), alerts);
keepTelling();
tell();

// As the rail has them: how many are in each list, and how many of those are late.
const numbers = (root) => Object.fromEntries([...root.querySelectorAll("[data-count]")].flatMap(({ dataset, textContent }) => [[dataset.count, Number(textContent) || 0], [`${dataset.count}_late`, Number(dataset.late) || 0]]));
const count = () => document.dispatchEvent(new CustomEvent("desk:counts", { detail: numbers(document) }));
count();

// The list and the numbers anew; what somebody writes beside them stays.
async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = nodes(await answer.text());
  await released();
  const before = numbers(document);
  const rows = document.querySelector('[data-piece="rows"]');
  const focused = rows.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const [made, rail] = [page.querySelector('[data-piece="rows"]'), page.querySelector(".rail")];
  if (!made || !rail) return;
  rows.replaceChildren(...made.childNodes);
  document.querySelector(".rail").replaceChildren(...rail.childNodes);
  tell(rows);
  if (focused) rows.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  count();
  for (const annex of facts.annexes) alerts.rise(annex, before, numbers(document));
}

let renewing;
function soon() {
  clearTimeout(renewing);
  renewing = setTimeout(() => renew().catch(() => {}), 250);
}
live.addEventListener("news", soon);
live.addEventListener("back", soon);
live.addEventListener("lost", () => (offline.hidden = false));
live.addEventListener("back", () => (offline.hidden = true));

function step(by) {
  const links = [...document.querySelectorAll(".lane-link")];
  const at = links.findIndex((link) => link === document.activeElement);
  const from = at >= 0 ? at : links.findIndex((link) => link.hasAttribute("aria-current"));
  links[Math.min(links.length - 1, Math.max(0, from + by))]?.focus();
}

function showKeys() {
  const lists = Object.entries(GO).filter(([, name]) => facts.keys[`go_${name}`]);
  const annexes = facts.annexes.map(({ key, go }) => [`g ${key}`, go]);
  listKeys([...OWN.map(([keys, name]) => [keys, facts.own_keys[name]]), ...lists.map(([key, name]) => [`g ${key}`, facts.keys[`go_${name}`]]), ...annexes]);
}
document.querySelector('[data-do="keys"]').addEventListener("click", showKeys);

let isGoing;
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      return menu.querySelector("summary").focus();
    }
    if (isWriting(event.target)) return event.target.blur();
    return document.querySelector(".talk-back")?.click();
  }
  if (isWriting(event.target)) return;
  const key = event.key.toLowerCase();
  if (isGoing) {
    clearTimeout(isGoing);
    isGoing = null;
    const name = GO[key] ?? facts.annexes.find((one) => one.key === key)?.name;
    if (name) return location.assign(`/desk/${name}`);
  }
  if (key === "g") return (isGoing = setTimeout(() => (isGoing = null), GO_MS));
  if (key === "?") return showKeys();
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  const place = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  if (!place) return;
  event.preventDefault();
  if (place.tagName === "SELECT") place.focus();
  else place.click();
});
