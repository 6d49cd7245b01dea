// What the panel needs of scripts wherever it stands: the time zone of this place, passages taken over, questions.

const LONGEST = 500;
let selected = "";

document.addEventListener("selectionchange", () => {
  const field = document.activeElement;
  const chosen = field?.matches?.("textarea") && !field.closest(".life")
    ? field.value.slice(field.selectionStart, field.selectionEnd)
    : selectionOutside();
  if (chosen.trim()) selected = chosen.trim().slice(0, LONGEST);
});

function selectionOutside() {
  const selection = getSelection();
  return selection.anchorNode?.parentElement?.closest(".life") ? "" : selection.toString();
}

// A panel that is drawn anew, as the page's own script made the first one ready.
export function redraw(panel, html) {
  const place = panel.parentElement;
  panel.outerHTML = html;
  const drawn = place.querySelector(".life");
  const moment = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of drawn.querySelectorAll("time[data-local]")) time.textContent = moment.format(new Date(time.dateTime));
  for (const form of drawn.querySelectorAll("form[data-ask]")) {
    form.addEventListener("submit", (event) => { if (!confirm(form.dataset.ask)) event.preventDefault(); });
  }
  watch(drawn);
}

// Makes a panel's fields ready.
export function watch(panel) {
  const zone = panel.querySelector("[data-zone]");
  if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;
  const button = panel.querySelector("[data-quote]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const quote = panel.querySelector("[name=quote]");
    if (selected) quote.value = selected;
    quote.focus();
  });
}
