// What somebody chooses for their own desk: kept on the server, in force at once.
import { facts, h, icon, words } from "./facts.js";
import { post } from "./net.js";
import { toast } from "./toast.js";

const ICONS = { sound: "volume-2", notifications: "bell", enter_sends: "send" };

export function choices(alerts) {
  return h("div", {}, Object.entries(ICONS).map(([name, sign]) => {
    const box = h("input", { type: "checkbox", checked: facts.settings[name] || null });
    box.addEventListener("change", () => choose(name, box, alerts));
    return h("label", { class: "desk-choice" }, icon(sign), h("span", {}, words[name]), box);
  }));
}

async function choose(name, box, alerts) {
  if (name === "notifications" && box.checked && (await Notification.requestPermission()) !== "granted") {
    box.checked = false;
    return toast(words.notifications_denied, { isBad: true });
  }
  facts.settings[name] = box.checked;
  if (name === "sound" && box.checked) alerts.chime();
  await post("/desk/api/settings", { [name]: box.checked ? "yes" : "no" });
}
