// Whether one is there: a menu in the top bar, with what one chooses for one's own desk.
import { choices } from "./choices.js";
import { facts, h, icon, words } from "./facts.js";
import { post } from "./net.js";
import { toast } from "./toast.js";

const CHOICES = ["online", "away", "off"];

export function presenceMenu(place, alerts) {
  let chosen = facts.presence ?? "off";
  const dot = h("span", { class: "presence-dot" });
  const label = h("span", { class: "presence-word" });
  const summary = h("summary", { class: "presence-summary" }, dot, label, icon("chevron-down"));
  const buttons = CHOICES.map((choice) => {
    const button = h("button", { type: "button", "data-choice": choice }, h("span", { class: `presence-dot presence-${choice}` }), words[choice]);
    button.addEventListener("click", () => choose(choice));
    return button;
  });
  const menu = h("details", { class: "menu", "data-desk-menu": true }, summary, h("div", { class: "menu-body" }, buttons, h("hr"), choices(alerts)));
  place.append(menu);
  show();

  async function choose(choice) {
    const before = chosen;
    chosen = choice;
    show();
    menu.open = false;
    summary.focus();
    try {
      await post("/desk/api/presence", { chosen: choice });
    } catch (error) {
      chosen = before;
      show();
      toast(error.message || words.not_sent, { isBad: true });
    }
  }

  function show() {
    dot.className = `presence-dot presence-${chosen}`;
    label.textContent = words[chosen];
    summary.setAttribute("aria-label", `${words.presence}: ${words[chosen]}`);
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.choice === chosen)));
  }
}
