// What a page embeds: <script src="…/widget.js" defer></script>. Shows a button; the chat itself is loaded when
// it is first wanted. Attributes: data-locale, data-color, data-side, data-theme, data-greeting, data-launcher, data-reading.
(() => {
  "use strict";
  if (window.Handrail) return;
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const given = script.dataset;
  const RETURNING = "handrail.session"; // Kept by connection.js: there is a conversation.

  let chat = null; // A promise of the chat, once it is wanted.
  const early = [];
  const later = (name) => (...values) => (chat ? chat.then((one) => one[name](...values)) : early.push([name, values]));
  // What a page may call: Handrail.open(), .close(), .ask("…"), .read("article-id").
  window.Handrail = { open: later("open"), close: later("close"), ask: later("ask"), read: later("read") };

  start().catch((error) => console.warn(`Handrail: ${error.message}`));

  async function start() {
    const locale = given.locale || document.documentElement.lang || navigator.language || "";
    const asked = new URLSearchParams({ locale, color: given.color || "" });
    const answer = await fetch(`${origin}/widget/config?${asked}`, { credentials: "omit" });
    const config = await answer.json();
    if (!answer.ok) throw new Error(config.error);
    config.origin = origin;
    config.reading = given.reading;
    if (given.greeting) config.words.greeting = given.greeting;
    if (given.side) config.side = given.side === "left" ? "left" : "right";

    const host = document.createElement("div");
    host.id = "handrail";
    host.dataset.side = config.side;
    if (given.theme) host.dataset.theme = given.theme;
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = await styles(config);
    const launcher = given.launcher === "none" ? null : button(config.words);
    if (launcher) root.append(launcher);
    document.body.append(host);
    host.style.setProperty("--rem", getComputedStyle(host).fontSize);

    const load = () => (chat ??= import(origin + config.app).then((app) => app.mountWidget(root, config, launcher)));
    launcher?.addEventListener("pointerenter", load, { once: true });
    launcher?.addEventListener("click", () => load().then((one) => one.toggle()));
    if (early.length || returning()) load();
    early.forEach(([name, values]) => load().then((one) => one[name](...values)));
    early.push = (call) => load().then((one) => one[call[0]](...call[1]));
  }

  function returning() {
    try {
      return localStorage.getItem(RETURNING) !== null;
    } catch {
      return false; // A page without storage: every visit is the first.
    }
  }

  async function styles(config) {
    const texts = await Promise.all(config.styles.map((url) => fetch(origin + url).then((answer) => answer.text())));
    // The size of `rem` belongs to the page around us: 1rem here is the reader's own type size, 16 px by default.
    return [...texts, config.brand_css].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text.replace(/(\d*\.?\d+)rem\b/g, "calc(var(--rem) * $1)"));
      return sheet;
    });
  }

  function button(words) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "launcher";
    made.setAttribute("aria-label", words.open);
    made.setAttribute("aria-haspopup", "dialog");
    made.setAttribute("aria-expanded", "false");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", "icon");
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.setAttribute("d", "M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719");
    svg.append(path);
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.hidden = true;
    made.append(svg, badge);
    return made;
  }
})();
