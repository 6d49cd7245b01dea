// What a page embeds: <script src="…/widget.js" defer></script>. Shows a button; the chat itself is loaded when
// it is first wanted. Attributes: data-locale, data-color, data-side, data-theme, data-greeting, data-intro, data-search, data-launcher,
// data-reading, data-identity (README says what they do).
(() => {
  "use strict";
  if (window.Handrail) return;
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const given = script.dataset;

  let chat = null; // A promise of the chat, once it is wanted.
  const early = []; // What was called before we knew whether it may be shown.
  const later = (name) => (...values) => early.push([name, values]);
  let identity = given.identity; // The one that was named last.
  // What a page may call: Handrail.open(), .close(), .ask("…"), .read("article-id"), .identify("token"). A link with the attribute
  // data-handrail-open opens it too; the attribute's value is then written into the box.
  window.Handrail = { open: later("open"), close: later("close"), ask: later("ask"), read: later("read"), identify };

  start().catch((error) => console.warn(`Handrail: ${error.message}`));

  async function start() {
    const locale = given.locale || document.documentElement.lang || navigator.language || "";
    const asked = new URLSearchParams({ locale, color: given.color || "" });
    const answer = await fetch(`${origin}/widget/config?${asked}`, { credentials: "omit" });
    const config = await answer.json();
    if (!answer.ok) throw new Error(config.error);
    config.origin = origin;
    config.reading = given.reading;
    for (const word of ["greeting", "intro", "search"]) if (given[word]) config.words[word] = given[word];
    if (given.color && !config.color_taken) console.warn(`Handrail: data-color="${given.color}" is no colour such as #0f5c4d.`);
    if (given.side) config.side = given.side === "left" ? "left" : "right";

    const host = document.createElement("div");
    host.id = "handrail";
    host.dataset.side = config.side;
    if (given.theme) host.dataset.theme = given.theme;
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = await styles(config);
    const wanted = given.launcher ?? config.launcher;
    const launcher = wanted === "none" ? null : button(config.words, wanted);
    if (launcher) root.append(launcher);
    document.body.append(host);
    host.style.setProperty("--rem", getComputedStyle(host).fontSize);

    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("[data-handrail-open]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      call("open", link.dataset.handrailOpen);
    });
    // A page may put another body in the place of the one it came with.
    new MutationObserver(() => host.isConnected || document.body?.append(host)).observe(document.documentElement, { childList: true });

    let times = 0; // A module that could not be loaded is not asked for again under the same address.
    const load = () => (chat ??= import(`${origin}${config.app}${times ? `?${times}` : ""}`).then(mount).catch(forget));
    const mount = (app) => app.mountWidget(root, Object.assign(config, { identity }), launcher);
    const call = (name, ...values) => load().then((one) => one?.[name](...values));
    for (const near of ["pointerenter", "focus"]) launcher?.addEventListener(near, load, { once: true });
    launcher?.addEventListener("click", async () => {
      if (launcher.ariaBusy === "true") return; // Pressed again while it is loading.
      launcher.ariaBusy = "true";
      await call("toggle");
      launcher.ariaBusy = "false";
    });
    early.forEach(([name, values]) => call(name, ...values));
    early.push = ([name, values]) => call(name, ...values);
    if (kept("sessionStorage", "handrail.open") === "yes") call("reopen");
    else if (kept("localStorage", "handrail.session")) load();

    function forget(error) {
      chat = null; // It is tried again when it is next wanted.
      times += 1;
      if (launcher) launcher.title = config.words.failed;
      console.warn(`Handrail: ${error.message}`);
    }
  }

  // Nothing is loaded for it: the chat asks who it is when it is wanted.
  function identify(token) {
    identity = token ?? "";
    chat?.then((one) => one?.identify(identity));
  }

  function kept(storage, name) {
    try {
      return window[storage].getItem(name);
    } catch {
      return null; // A page without storage: every visit is the first.
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

  // Round, or with a word on it.
  function button(words, label) {
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
    made.append(svg, ...(label ? [label] : []), badge);
    if (label) made.classList.add("launcher-word");
    return made;
  }
})();
