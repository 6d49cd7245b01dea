// What every page of staff needs of scripts: menus that close, passwords that can be shown, times of this place.

for (const menu of document.querySelectorAll("[data-menu]")) {
  addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

for (const secret of document.querySelectorAll("[data-secret]")) {
  const input = secret.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "secret-show";
  const say = () => { button.textContent = input.type === "password" ? secret.dataset.secret : secret.dataset.secretHide; };
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    say();
    input.focus();
  });
  say();
  secret.append(button);
}

const locale = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[data-local]")) time.textContent = moment.format(new Date(time.dateTime));

// What is late is seen in the tab, too, as the desk shows who waits.
const late = document.querySelector(".bar-call[data-late]");
if (late) document.title = `(${late.dataset.late}) ${document.title}`;

// On a phone the pages of the administration stand in one row, which begins where one is.
const side = document.querySelector(".side");
const here = side?.querySelector("[aria-current]");
if (here) side.scrollLeft = here.offsetLeft - (side.clientWidth - here.offsetWidth) / 2;

// A question before what can't be taken back.
for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", (event) => { if (!confirm(form.dataset.ask)) event.preventDefault(); });
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText.trim());
    button.textContent = button.dataset.copied;
  });
}
