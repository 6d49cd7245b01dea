// Suggestions while somebody types, feedback without leaving one's place, and where one is in a long article.
// Every page works without this file.

const WAIT = 140;
const SHORTEST = 2;

class Suggestions {
  constructor(form, number) {
    this.form = form;
    this.words = form.dataset;
    this.input = form.elements.q;
    this.known = new Map();
    this.active = -1;
    this.list = element("ul", { id: `suggestions-${number}`, role: "listbox", className: "help-suggestions", hidden: true });
    this.list.setAttribute("aria-label", this.words.label);
    this.status = element("div", { className: "visually-hidden" });
    this.status.setAttribute("role", "status");
    form.append(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("focus", () => this.input.value !== this.input.defaultValue && this.typed());
    this.input.addEventListener("blur", () => this.close());
    // A press must not take the focus away before its click arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("li"), event));
  }

  typed() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const text = this.input.value.trim();
    if (text.length < SHORTEST) return this.close();
    this.timer = setTimeout(() => this.ask(text), this.known.has(text) ? 0 : WAIT);
  }

  async ask(text) {
    this.asked = new AbortController();
    try {
      if (!this.known.has(text)) {
        const address = `${this.words.suggest}?${new URLSearchParams({ q: text })}`;
        const answer = await fetch(address, { signal: this.asked.signal });
        if (!answer.ok) return this.close();
        this.known.set(text, await answer.json());
      }
    } catch {
      return; // What was typed since is being asked, or the network is away: the form still works.
    }
    if (text === this.input.value.trim() && document.activeElement === this.input) this.show(this.known.get(text));
  }

  show(found) {
    const { one, many, none, all } = this.words;
    this.status.textContent = found.length === 1 ? one : found.length ? many.replace("{count}", found.length) : none;
    if (!found.length) return this.close(true);
    const options = found.map((item) => {
      const option = element("li", { role: "option" });
      option.dataset.url = item.url;
      option.append(
        element("strong", { textContent: item.title }),
        element("small", { textContent: item.category }),
        element("p", { textContent: item.sentence }),
      );
      return option;
    });
    options.push(element("li", { role: "option", className: "all", textContent: all }));
    options.forEach((option, at) => { option.id = `${this.list.id}-${at}`; });
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.move(-1);
  }

  close(keepsStatus = false) {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.move(-1);
    if (!keepsStatus) this.status.textContent = "";
  }

  move(to) {
    this.active = to;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === to)));
    const option = this.list.children[to];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    const count = this.list.children.length;
    if (this.list.hidden) {
      if (event.key === "ArrowDown") { event.preventDefault(); this.typed(); }
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      this.move(this.active + 1 === count ? -1 : this.active + 1);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      this.move(this.active === -1 ? count - 1 : this.active - 1);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.list.children[this.active], event);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  choose(option, event) {
    if (!option) return;
    if (!option.dataset.url) this.form.requestSubmit();
    else if (event.ctrlKey || event.metaKey) window.open(option.dataset.url, "_blank", "noopener");
    else window.location.assign(option.dataset.url);
  }
}

function element(name, properties) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  return made;
}

// The page that a form would have led to is fetched, and its feedback put where the old one was.
async function sendFeedback(event) {
  const form = event.target.closest("#feedback form");
  if (!form || form.dataset.plain) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("feedback");
    document.getElementById("feedback").replaceWith(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  } catch {
    form.dataset.plain = "yes";
    form.requestSubmit(event.submitter);
  }
}

const READ_FROM = 140; // Pixels from the top: what begins above is being read.

function followReading(contents) {
  const links = new Map([...contents.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let isWaiting = false;
  const follow = () => {
    isWaiting = false;
    const current = links.get(headings.findLast((heading) => heading.getBoundingClientRect().top < READ_FROM)?.id);
    for (const link of links.values()) {
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const soon = () => {
    if (!isWaiting) requestAnimationFrame(follow);
    isWaiting = true;
  };
  addEventListener("scroll", soon, { passive: true });
  follow();
}

document.querySelectorAll("form[data-suggest]").forEach((form, number) => new Suggestions(form, number));
document.addEventListener("submit", sendFeedback);
const contents = document.querySelector(".help-main .toc");
if (contents) followReading(contents);
