// The page of now looks again by itself, as long as somebody looks at it.
import { released } from "../chat/press.js";

const EVERY = 20_000;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  // Signed out, or the server is away: what is shown stays, with its time.
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  await released();
  const focused = document.activeElement?.getAttribute("href");
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (other) part.replaceChildren(...other.childNodes);
  }
  if (focused) document.querySelector(`[data-live] a[href="${focused}"]`)?.focus();
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
