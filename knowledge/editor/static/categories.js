// Categories are dragged into another order; the buttons beside them do the same, one place at a time.
import { send } from "./net.js";

const list = document.getElementById("categories");
const rows = () => [...(list?.querySelectorAll("[data-key]") ?? [])];
const keys = () => rows().map((row) => row.dataset.key);

let dragged = null;
let before = [];

for (const row of rows()) {
  row.draggable = true;
  row.title = list.dataset.drag;
  row.addEventListener("dragstart", (event) => {
    dragged = row;
    before = keys();
    event.dataTransfer.effectAllowed = "move";
    row.classList.add("is-dragged");
  });
  row.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    if (row !== dragged) row[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  row.addEventListener("drop", (event) => event.preventDefault());
  row.addEventListener("dragend", () => {
    row.classList.remove("is-dragged");
    dragged = null;
    if (keys().join() !== before.join()) keep();
  });
}

// The page is loaded again: which buttons can be pressed, and what could not be done, is the server's to say.
async function keep() {
  await send("POST", "/editor/api/categories/order", keys()).catch(() => null);
  location.assign("/editor/categories");
}
