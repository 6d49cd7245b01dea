// Keeps the page of an import up to date while it is worked on.
const SECONDS = 1.5;
const shown = document.getElementById("import");
const said = document.getElementById("import-said");

async function renew() {
  if (shown.dataset.atWork !== "yes") return;
  if (!document.hidden) await fetchAnew().catch(() => {}); // Without a connection it is tried again.
  setTimeout(renew, SECONDS * 1000);
}

async function fetchAnew() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const newer = page.getElementById("import");
  if (!newer) return;
  const stage = newer.querySelector("#stage").textContent.trim();
  if (stage !== shown.querySelector("#stage").textContent.trim()) said.textContent = stage;
  const held = document.activeElement?.closest("form")?.getAttribute("action");
  shown.dataset.atWork = newer.dataset.atWork;
  shown.replaceChildren(...newer.childNodes);
  if (held) shown.querySelector(`form[action="${held}"] button`)?.focus();
}

renew();
