// Where the chat stands: in a window in the corner of any page (`widget.js` asks for it), or over the whole of /chat.
import { Chat } from "./chat.js";
import { fill, h } from "./dom.js";
import { store } from "./store.js";

const SMALL = "(max-width: 30em), (max-height: 30em)"; // There, it takes the whole screen.

// Into a shadow root of any page, opened by `launcher`, or by what the page calls if there is none.
export function mountWidget(root, config, launcher) {
  const dialog = h("dialog", { class: "window", lang: config.locale, "aria-label": `${config.company} ${config.words.title}` });
  const chat = new Chat(config, { closed: () => dialog.close() });
  const { connection } = chat;
  const isSmall = matchMedia(SMALL);
  let unread = 0;
  let opener = null;
  let isSwitching = false; // Shown in the other way, not closed.
  dialog.append(chat.element);
  root.append(dialog);

  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    chat.escape();
  });
  dialog.addEventListener("close", () => {
    if (isSwitching) return (isSwitching = false);
    launcher?.setAttribute("aria-expanded", "false");
    remember("open", "");
    (opener?.isConnected && opener !== document.body ? opener : launcher)?.focus();
  });
  isSmall.addEventListener("change", () => {
    if (!dialog.open) return;
    const focused = root.activeElement;
    isSwitching = true;
    dialog.close();
    display();
    focused?.focus({ preventScroll: true });
  });
  connection.addEventListener("message", ({ detail }) => {
    if (dialog.open) return;
    const isNew = isUnseen(detail);
    if (isNew && detail.author !== "customer") {
      if (connection.state === "live") chat.chime();
      showUnread(unread + 1);
    }
  });
  for (const happened of ["message", "taken", "caught-up"]) connection.addEventListener(happened, () => dialog.open && see());
  connection.addEventListener("message", () => dialog.open && document.hidden && connection.state === "live" && chat.chime());

  // What was said after the customer last looked, on this page or on the one before.
  function isUnseen({ thread, seq }) {
    const [seenThread, seenSeq] = (store.get("seen") || "").split(":");
    return seenThread === thread ? seq > Number(seenSeq) : connection.state === "live";
  }

  function see() {
    store.set("seen", connection.position);
  }

  function showUnread(count) {
    unread = count;
    if (!launcher) return;
    const badge = launcher.querySelector(".badge");
    badge.hidden = count === 0;
    badge.textContent = count > 9 ? "9+" : String(count);
    launcher.setAttribute("aria-label", count ? fill(config.words.open_new, { count }) : config.words.open);
  }

  function display() {
    // On a small screen it is the whole screen, and the page behind it is out of reach.
    if (isSmall.matches) dialog.showModal();
    else dialog.show();
  }

  // `draft`: a question that is written into the box, for the customer to send or to change.
  function open(draft = "") {
    if (draft) chat.draft = String(draft);
    if (dialog.open) return chat.focus();
    opener = root.activeElement || document.activeElement;
    begin();
  }

  function begin(isQuiet = false) {
    display();
    launcher?.setAttribute("aria-expanded", "true");
    remember("open", "yes");
    showUnread(0);
    if (connection.state === "live") see();
    chat.begin(isQuiet);
  }

  return {
    open,
    close: () => dialog.open && dialog.close(),
    toggle: () => (dialog.open ? dialog.close() : open()),
    // On the next page of the same visit: as it was, and nothing is taken from what the customer does there.
    reopen() {
      if (isSmall.matches || dialog.open) return;
      const focused = document.activeElement;
      begin(true);
      if (focused === document.body) root.activeElement?.blur(); // A dialog takes the focus when it opens.
      else focused.focus({ preventScroll: true });
    },
    identify: (token) => chat.identify(token),
    ask(question) {
      open();
      chat.ask(String(question));
    },
    read(id) {
      open();
      return chat.read({ id: String(id) });
    },
  };
}

// For as long as the tab lives.
function remember(name, value) {
  try {
    sessionStorage.setItem(`handrail.${name}`, value);
  } catch {
    // Then it is forgotten.
  }
}

// Over the whole of a page of ours.
export function mountPage(place, config, draft = "") {
  const chat = new Chat(config, { isPage: true });
  place.replaceChildren(chat.element);
  chat.element.classList.add("panel-page");
  if (draft) chat.draft = draft;
  if (draft) chat.focus();
  else chat.begin();
  return chat;
}
