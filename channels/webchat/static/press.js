// While a mouse button or a finger is down, nothing is drawn anew: the press would be lost, or meet what moved beneath it.
const LONGEST_MS = 3000; // A release that happens elsewhere is not told.

let pressed = null;
let letGo;

// Settled as soon as nothing is pressed, and what was pressed has been done.
export function released() {
  return pressed ?? Promise.resolve();
}

function end() {
  pressed = null;
  letGo?.();
}

let waiting;
addEventListener("pointerdown", () => {
  clearTimeout(waiting);
  pressed ??= new Promise((resolve) => (letGo = resolve));
  waiting = setTimeout(end, LONGEST_MS);
}, { capture: true, passive: true });
for (const type of ["pointerup", "pointercancel"]) {
  addEventListener(type, () => {
    clearTimeout(waiting);
    waiting = setTimeout(end); // The click comes right after it.
  }, { capture: true, passive: true });
}
