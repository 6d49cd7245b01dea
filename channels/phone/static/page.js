// The page /phone.
import { h } from "../chat/dom.js";
import { store } from "../chat/store.js";
import { Device } from "./device.js";
import { icon } from "./icons.js";
import { Lab } from "./lab.js";
import { Live } from "./live.js";
import { People } from "./people.js";

const config = JSON.parse(document.getElementById("config").textContent);
// Times as this browser's country writes them.
config.dates = navigator.languages.find((one) => one.startsWith(config.locale)) || config.locale;
const { words } = config;
const wanted = new URLSearchParams(location.search);
const live = new Live(config.locale, wanted.get("phone") || store.get("phone.person") || "");
const device = new Device(config, live, link());
const lab = new Lab(config, live);
const people = new People(config, live);

function link() {
  if (!wanted.has("channel") && !wanted.has("to")) return null;
  // A plus that was not encoded arrives as a space.
  const number = (wanted.get("to") || "").replace(/^whatsapp:/, "").trim();
  return { channel: wanted.get("channel") || "sms", number: number && !number.startsWith("+") ? `+${number}` : number, text: wanted.get("text") || "" };
}

function languages() {
  const links = Object.entries(config.languages).map(([code, name]) =>
    h("a", { href: `?locale=${code}`, lang: code, hreflang: code, "aria-current": code === config.locale ? "true" : null }, name));
  return h("nav", { class: "languages", "aria-label": Object.values(config.languages).join(" / ") }, links);
}

// On a small screen one thing is in sight: the phone, or what is behind it.
function swap() {
  const button = h("button", { type: "button", class: "button button-quiet button-small swap" });
  const show = (view) => {
    document.body.dataset.view = view;
    button.replaceChildren(icon(view === "phone" ? "controls" : "phone"), h("span", {}, view === "phone" ? words.controls : words.title));
  };
  button.addEventListener("click", () => show(document.body.dataset.view === "phone" ? "lab" : "phone"));
  show("phone");
  return button;
}

const top = h("header", { class: "top" }, h("h1", {}, words.title), h("p", { class: "intro" }, words.intro), languages(), swap());
const hand = h("section", { class: "hand", "aria-label": words.title }, people.element, device.element);
document.getElementById("main").replaceChildren(h("div", { class: "bench" }, top, hand, lab.element));
if (location.search) history.replaceState(null, "", wanted.has("locale") ? `?locale=${config.locale}` : location.pathname);
live.addEventListener("state", () => store.set("phone.person", live.state.chosen));
live.start();
