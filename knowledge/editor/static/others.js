// Who else has the article open, asked every few seconds while the page is looked at.
import { article, fill, time, words } from "./facts.js";
import { send } from "./net.js";

const EVERY_MS = 15_000;
const ADDRESS = `/editor/api/visits/${article.locale}/${article.id.split("/").map(encodeURIComponent).join("/")}`;
const place = document.getElementById("others");

async function look() {
  if (document.hidden) return;
  const { others } = await send("POST", ADDRESS, {}).catch(() => ({ others: null }));
  if (!others) return;
  const text = others.flatMap(sentences).join(" ");
  if (place.textContent.trim() !== text) place.textContent = text;
  place.hidden = !text;
}

function sentences({ name, here, saved_at: savedAt }) {
  return [here ? fill(words.here, { name }) : "", savedAt ? fill(words.saved_lately, { name, time: time(savedAt) }) : ""].filter(Boolean);
}

look();
setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
addEventListener("pagehide", () => send("POST", `${ADDRESS}?leaving=1`, {}, { keepalive: true }).catch(() => {}));
