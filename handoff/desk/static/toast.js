// What was done, said in a corner, with a way back for ten seconds.
import { h, words } from "./facts.js";

const SECONDS = 10;
let undoing = null;

export function toast(text, { undo = null, isBad = false } = {}) {
  const place = document.querySelector(".toasts");
  const button = undo && h("button", { type: "button", class: "toast-undo" }, words.undo, h("kbd", {}, "u"));
  const item = h("div", { class: `toast${isBad ? " toast-bad" : ""}` }, h("span", {}, text), button);
  const leave = () => {
    item.remove();
    if (undoing === act) undoing = null;
  };
  const act = () => {
    leave();
    undo();
  };
  button?.addEventListener("click", act);
  if (undo) {
    // What was done before this can't be undone any more without undoing this.
    place.querySelectorAll(".toast:has(.toast-undo)").forEach((earlier) => earlier.remove());
    undoing = act;
  }
  while (place.children.length > 2) place.firstElementChild.remove();
  place.append(item);
  setTimeout(leave, (undo ? SECONDS : 5) * 1000);
}

// The last thing that can be undone; whether there was one.
export function undoLast() {
  const act = undoing;
  act?.();
  return Boolean(act);
}
