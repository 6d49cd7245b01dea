// The panels beside the text as tabs. Without a script they stand below each other.
const place = document.querySelector("[data-tabs]");
const panels = place ? [...place.querySelectorAll(":scope > [data-tab]")] : [];
const tabs = panels.map(makeTab);

function makeTab(panel) {
  const tab = document.createElement("button");
  Object.assign(tab, { type: "button", className: "tab", id: `tab-${panel.id}`, textContent: panel.dataset.tab });
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", panel.id);
  tab.addEventListener("click", () => show(panel.id));
  panel.setAttribute("role", "tabpanel");
  panel.removeAttribute("aria-label");
  panel.setAttribute("aria-labelledby", tab.id);
  panel.querySelector("h2")?.classList.add("visually-hidden");
  return tab;
}

// Shows a panel by its key; its module hears `tab-shown`. Returns whether there is one.
export function show(key, hasFocus = false) {
  const at = panels.findIndex((panel) => panel.id === key);
  if (at < 0) return false;
  panels.forEach((panel, number) => (panel.hidden = number !== at));
  tabs.forEach((tab, number) => {
    tab.setAttribute("aria-selected", String(number === at));
    tab.tabIndex = number === at ? 0 : -1;
  });
  if (hasFocus) tabs[at].focus();
  history.replaceState(null, "", `#${key}`);
  panels[at].dispatchEvent(new CustomEvent("tab-shown", { bubbles: true }));
  return true;
}

function move(event) {
  const at = tabs.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  show(panels[to % tabs.length].id, true);
}

// On a phone the panels stand far below the text, and links at the top lead to each.
for (const link of document.querySelectorAll("[data-jump]")) {
  link.addEventListener("click", (event) => {
    if (!show(link.dataset.jump, true)) return;
    event.preventDefault();
    place.scrollIntoView();
  });
}

if (tabs.length) {
  const row = document.createElement("div");
  row.className = "tabs";
  row.setAttribute("role", "tablist");
  row.setAttribute("aria-label", place.getAttribute("aria-label"));
  row.append(...tabs);
  row.addEventListener("keydown", move);
  place.prepend(row);
  if (!show(location.hash.slice(1))) panels.forEach((panel, number) => (panel.hidden = number > 0));
  if (!tabs.some((tab) => tab.ariaSelected === "true")) tabs.forEach((tab, number) => {
    tab.setAttribute("aria-selected", String(!number));
    tab.tabIndex = number ? -1 : 0;
  });
}
