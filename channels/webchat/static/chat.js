// The chat page: speaks Rasa's web protocol over Socket.IO, keeps what was not sent, and catches up after a break.
"use strict";

const words = JSON.parse(document.getElementById("words").textContent);
const log = document.getElementById("log");
const list = document.getElementById("messages");
const form = document.getElementById("form");
const box = document.getElementById("text");
const statusLine = document.getElementById("status");
const SESSION = "handrail.session";
const UNSENT = "handrail.unsent";
const PATIENCE = 5000; // An answer that isn't there after so many milliseconds is asked for: it may have got lost.

let session = localStorage.getItem(SESSION);
let thread = null;
let lastSeq = 0;
let waiting = null; // The timer that asks for an answer while the bot seems to be typing.
let ready = false; // True from the catch-up to the next break: only then is anything sent.
const unsent = new Map(JSON.parse(localStorage.getItem(UNSENT) || "[]"));

// The websocket comes first: several servers then need no sticky sessions. Polling is for networks that forbid it.
const socket = io({ transports: ["websocket", "polling"], reconnectionDelayMax: 4000 });

socket.on("connect", catchUp);
// From a process that could not hear the others for a while; its pages don't all ask at the same moment.
socket.on("missed", () => setTimeout(() => ready && catchUp(), Math.random() * 1000));
socket.on("disconnect", () => {
  ready = false;
  showStatus("reconnecting");
});
socket.io.on("reconnect_attempt", () => showStatus("reconnecting"));

socket.on("session_confirm", (confirmed) => {
  if (session && confirmed !== session) forgetThread();
  session = confirmed;
  localStorage.setItem(SESSION, session);
  showStatus("live");
});
socket.on("thread", (messages) => {
  messages.forEach(show);
  ready = true;
  unsent.forEach(send);
});
socket.on("bot_uttered", show);
socket.on("user_said", show);
socket.on("refused", (refused) => {
  const item = find(refused.message_id);
  if (item) markRefused(item, refused);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return;
  say(text, text);
  box.value = "";
  box.focus();
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

unsent.forEach((sent, id) => showOwn(id, sent.title));

function say(text, title) {
  const id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
  unsent.set(id, { text, title });
  keepUnsent();
  showOwn(id, title);
  if (ready) send(unsent.get(id), id);
}

function send(sent, id) {
  const page = { locale: document.documentElement.lang };
  const body = { session_id: session, message: sent.text, message_id: id, customData: page };
  socket.timeout(8000).emit("user_uttered", body, (error, taken) => {
    if (error) return sendAgainLater(id); // Sent twice is no harm: the server knows the id.
    unsent.delete(id);
    keepUnsent();
    if (taken.ok) markTaken(id, taken);
  });
}

function sendAgainLater(id) {
  setTimeout(() => ready && unsent.has(id) && send(unsent.get(id), id), 1000);
}

function keepUnsent() {
  localStorage.setItem(UNSENT, JSON.stringify([...unsent]));
}

function forgetThread() {
  thread = null;
  lastSeq = 0;
  list.replaceChildren();
  unsent.forEach((sent, id) => showOwn(id, sent.title));
}

function catchUp() {
  if (!socket.connected) return;
  const body = { session_id: session, thread, after: lastSeq };
  socket.timeout(8000).emit("session_request", body, (error) => { if (error && !ready) catchUp(); });
}

function count(message) {
  if (thread !== message.thread) lastSeq = 0;
  thread = message.thread;
  lastSeq = Math.max(lastSeq, message.seq);
}

function show(message) {
  if (document.getElementById(`m-${message.id}`)) return;
  // Numbers without a gap: anything missing between is fetched, so that a lost packet loses no message.
  if (thread === message.thread && message.seq > lastSeq + 1 && lastSeq) {
    catchUp();
    return;
  }
  count(message);
  if (message.author === "customer") return showTaken(message);
  removeTyping();
  dropReplies();
  const item = bubble("bot");
  item.id = `m-${message.id}`;
  const body = item.querySelector(".message-body");
  body.innerHTML = message.custom.html; // Sanitised by the server (knowledge.rendering).
  body.querySelectorAll("a").forEach((link) => { link.target = "_blank"; });
  (message.custom.sources || []).forEach((source) => item.append(sourceCard(source)));
  if (message.quick_replies) item.append(replies(message.quick_replies));
  append(item);
}

function showOwn(id, title) {
  const item = bubble("customer");
  item.dataset.own = id;
  item.querySelector(".message-body").textContent = title;
  note(item, words.sending);
  dropReplies();
  append(item);
}

function showTaken(message) {
  const own = find(message.message_id);
  if (own) return markTaken(message.message_id, message);
  const item = bubble("customer");
  item.id = `m-${message.id}`;
  item.querySelector(".message-body").textContent = message.text;
  dropReplies();
  append(item);
}

function markTaken(id, taken) {
  const item = find(id);
  unsent.delete(id);
  keepUnsent();
  if (!item) return;
  item.id = `m-${taken.id}`;
  delete item.dataset.own;
  note(item, "");
  if (taken.seq > lastSeq) {
    count(taken);
    showTyping();
  }
}

function markRefused(item, refused) {
  unsent.delete(refused.message_id);
  keepUnsent();
  removeTyping();
  item.classList.add("message-refused");
  note(item, refused.text);
}

function find(id) {
  return id ? list.querySelector(`[data-own="${CSS.escape(id)}"]`) : null;
}

function bubble(author) {
  const item = document.createElement("li");
  item.className = `message message-${author}`;
  const who = document.createElement("span");
  who.className = "visually-hidden";
  who.textContent = `${author === "customer" ? words.you : words.bot}: `;
  const body = document.createElement("div");
  body.className = "message-body";
  body.dir = "auto";
  item.append(who, body);
  return item;
}

function note(item, text) {
  let line = item.querySelector(".message-note");
  if (!line) {
    line = document.createElement("p");
    line.className = "message-note";
    item.append(line);
  }
  line.textContent = text;
  line.hidden = !text;
}

function sourceCard(source) {
  const card = document.createElement("a");
  card.className = "source";
  card.href = source.url;
  card.target = "_blank";
  const kind = document.createElement("small");
  kind.textContent = words.source;
  card.append(kind, source.title);
  return card;
}

function replies(options) {
  const row = document.createElement("div");
  row.className = "replies";
  options.forEach((option) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = option.title;
    button.addEventListener("click", () => {
      say(option.payload, option.title);
      box.focus();
    });
    row.append(button);
  });
  return row;
}

function dropReplies() {
  list.querySelectorAll(".replies").forEach((row) => row.remove());
}

function showTyping() {
  removeTyping();
  const item = bubble("bot");
  item.classList.add("typing");
  item.setAttribute("aria-hidden", "true");
  item.querySelector(".message-body").innerHTML = "<i></i><i></i><i></i>";
  append(item);
  waiting = setInterval(catchUp, PATIENCE);
}

function removeTyping() {
  clearInterval(waiting);
  list.querySelectorAll(".typing").forEach((item) => item.remove());
}

function append(item) {
  list.append(item);
  log.scrollTop = log.scrollHeight;
}

function showStatus(state) {
  statusLine.dataset.state = state;
  statusLine.textContent = words[state];
}
