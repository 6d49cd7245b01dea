// The keys of the desk. Where somebody writes, they are letters.
import { facts, h, words } from "./facts.js";
import { choose, showSheet } from "./sheet.js";

const GO_MS = 1200;
const SHOWN = [
  ["j", "next"], ["k", "previous"], ["Enter", "open"], ["Esc", "back"], ["c", "claim"], ["r", "reply"], ["n", "note"], ["t", "transfer"], ["s", "snooze"], ["e", "resolve"], ["b", "give_back"], ["p", "priority"], ["l", "tag"], ["o", "reopen"], ["u", "undo"], ["i", "customer"],
  ["/", "search"], ["Ctrl K", "palette"], ["g m", "go_mine"], ["g w", "go_waiting"], ["g a", "go_all"], ["g c", "go_closed"], ["g s", "go_snoozed"], ["g @", "go_mentions"], ["/", "insert"], ["Alt 1", "suggestion"], ["?", "help"],
];
const SENDING = { true: [["Enter", "send"], ["Shift Enter", "new_line"]], false: [["Ctrl Enter", "send"], ["Enter", "new_line"]] };
const GO = { m: "mine", w: "waiting", a: "all", c: "closed", s: "snoozed", "@": "mentions", b: "bot" };

export class Keys {
  // `does`: what each key does, by its name in words.
  constructor(does) {
    this._does = does;
    document.addEventListener("keydown", (event) => this._pressed(event));
  }

  _pressed(event) {
    if (event.isComposing || event.defaultPrevented) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((event.ctrlKey || event.metaKey) && key === "k") return this._do("palette", event);
    if (event.altKey && !event.ctrlKey && /^Digit[1-3]$/.test(event.code)) return this._do("suggestion", event, Number(event.code.at(-1)) - 1);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || isWriting(event.target)) return;
    if (this._isGoing) {
      clearTimeout(this._isGoing);
      this._isGoing = null;
      if (GO[key]) return this._do("go", event, GO[key]);
      const annex = facts.annexes.find((one) => one.key === key);
      if (annex) return this._do("visit", event, annex.name);
    }
    if (key === "g") {
      event.preventDefault();
      this._isGoing = setTimeout(() => (this._isGoing = null), GO_MS);
      return;
    }
    const name = { j: "next", k: "previous", Escape: "back", c: "claim", r: "reply", n: "note", t: "transfer", s: "snooze", e: "resolve", b: "give_back", p: "priority", l: "tag", o: "reopen", u: "undo", i: "customer", "/": "search", "?": "help" }[key];
    if (name) this._do(name, event);
  }

  _do(name, event, value) {
    event.preventDefault();
    this._does[name]?.(value);
  }
}

export function isWriting(target) {
  // The field of a dialog that was closed this very moment has the focus for one more frame.
  return target instanceof HTMLElement && !target.closest("dialog:not([open])") && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === "INPUT" && !["checkbox", "radio", "file", "button"].includes(target.type)));
}

export function showKeys() {
  const own = [...SHOWN, ...SENDING[facts.settings.enter_sends]].map(([keys, name]) => [keys, facts.keys[name]]);
  const beside = facts.annexes.map(({ key, go }) => [`g ${key}`, go]);
  listKeys([...own, ...beside]);
}

// A list of keys ([keys, what they do]), in a sheet.
export function listKeys(listed) {
  const rows = listed.map(([keys, text]) => h("div", { class: "key-row" }, h("dt", {}, ...keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, text)));
  showSheet(words.keyboard_title, h("dl", { class: "keys" }, rows), "sheet-keys");
}

// All that can be done now, found by typing.
export async function palette(acts, does) {
  const verbs = ["claim", "transfer", "snooze", "wake", "resolve", "reopen", "give_back", "release", "priority", "tag", "block", "unblock"].filter((verb) => acts.may(verb));
  const keys = Object.fromEntries(SHOWN.map(([key, name]) => [name, key]));
  const doors = [...document.querySelectorAll(".talk-actions .menu-body a")];
  const options = [
    ...verbs.map((verb) => ({ value: () => acts.ask(verb), label: facts.keys[verb] ?? words[verb], keys: keys[verb], group: words.actions })),
    ...doors.map((door) => ({ value: () => door.click(), label: door.textContent.trim(), group: words.actions })),
    ...["mine", "waiting", "mentions", "snoozed", "all", "bot", "closed"].map((name) => ({ value: () => does.go(name), label: facts.lists[name], keys: keys[`go_${name}`], group: words.lists })),
    ...facts.annexes.map(({ name, key, label }) => ({ value: () => does.visit(name), label, keys: `g ${key}`, group: words.lists })),
    ...["search", "reply", "note", "help"].map((name) => ({ value: () => does[name](), label: facts.keys[name], keys: keys[name], group: words.palette })),
  ];
  const chosen = await choose(words.palette, options, { placeholder: words.palette_search });
  chosen?.value();
}
