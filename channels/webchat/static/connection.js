// The wire to the server: Rasa's web protocol over Socket.IO. Nothing that was written is lost: what was not taken yet
// is kept across reloads and sent again, and what was missed is fetched by its number.
import { io } from "../vendor/socket.io-4.8.4.esm.min.js";
import { store } from "./store.js";

const ANSWER_MS = 8000;
const PATIENCE_MS = 1000;
const LOST_MS = 5000;
const UNSENT = "unsent.";
const BATCH = 500; // So many messages come at once (channels.conversation.messages_after).

// Events: `state` (idle, connecting, live, reconnecting), `own` {id, title}, `taken` {own: its id, isLatest, silent, …numbers},
// `refused` {id, text, title, error, reason}, `message` (one of the thread), `caught-up`, `released` (see `isHeld`),
// `phones` (those that are connected, as they may be shown), `forgotten` (another thread begins, or this one anew),
// `owner` (who speaks next: {kind: bot, queue or agent, name}), `writing` {name} (a person is at it).
export class Connection extends EventTarget {
  // `identity`: who the page says the visitor is, signed; undefined if it says nothing.
  constructor(origin, page, isHeld = false, identity = undefined) {
    super();
    this.state = "idle";
    this.isHeld = isHeld; // What is said is kept, and sent when `release` is called.
    this._origin = origin;
    this._page = page; // What the page knows, asked for with every message.
    this._session = store.get("session");
    this._identity = identity;
    this._phones = [];
    this.owner = { kind: "bot", name: "" };
    this._waiting = []; // Who asked for the session before there was one.
    this._thread = null;
    this._lastSeq = 0;
    this._ready = false; // From the catch-up to the next break: only then is anything sent.
    this._unsent = new Map(keptUnsent());
    this._shown = new Set();
    store.watch("session", (session) => this._adopt(session));
  }

  get isReturning() {
    return this._session !== null;
  }

  // What waits to be sent, as [id, {text, title}].
  get unsent() {
    return [...this._unsent];
  }

  // The last message that is known, as `conversation:number`.
  get position() {
    return `${this._thread}:${this._lastSeq}`;
  }

  // The session's token, once the server has given it.
  session() {
    this.open();
    return this._isConfirmed ? Promise.resolve(this._session) : new Promise((told) => this._waiting.push(told));
  }

  identify(identity) {
    this._identity = identity;
    if (this._socket) this._catchUp();
  }

  release() {
    this.isHeld = false;
    this._tell("released");
    this._sendAll();
  }

  open() {
    if (this._socket) return;
    this._become("connecting");
    // The websocket comes first: several servers then need no sticky sessions.
    const socket = io(this._origin, {
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      timeout: ANSWER_MS,
      reconnectionDelayMax: 4000,
    });
    this._socket = socket;
    socket.on("connect", () => this._catchUp());
    socket.on("disconnect", () => {
      this._ready = false;
      this._become("reconnecting");
    });
    socket.io.on("reconnect_attempt", (attempt) => {
      // Some networks let a websocket open and then close it: every other time, polling goes first.
      socket.io.opts.transports = attempt % 2 ? ["websocket", "polling"] : ["polling", "websocket"];
      this._become("reconnecting");
    });
    socket.on("session_confirm", (session) => this._confirm(session));
    // From a process that could not hear the others for a while; its pages don't all ask at the same moment.
    socket.on("missed", () => setTimeout(() => this._ready && this._catchUp(), Math.random() * PATIENCE_MS));
    socket.on("owner", (owner) => this._belongTo(owner));
    socket.on("agent_writing", ({ name }) => this._tell("writing", { name }));
    socket.on("phones", (phones) => this._showPhones(phones));
    socket.on("identity", ({ problem }) => console.warn(`Handrail: ${problem}`));
    socket.on("thread", (messages) => this._caughtUp(messages));
    socket.on("bot_uttered", (message) => this._receive(message));
    socket.on("user_said", (message) => this._receive(message));
    window.addEventListener("online", () => socket.connect());
  }

  // Says something; it is shown at once and sent as soon as that is possible. Returns its id.
  say(text, title = text) {
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this._keep(id, { text, title, at: Date.now() });
    this._tell("own", { id, title });
    this.open();
    this._send(id);
    return id;
  }

  // Once more, after it was refused.
  sayAgain(id, text, title) {
    this._keep(id, { text, title, at: Date.now() });
    this._send(id);
  }

  _catchUp() {
    if (!this._socket.connected) return;
    const body = { session_id: this._session, thread: this._thread, after: this._lastSeq, identity: this._identity };
    this._socket.timeout(ANSWER_MS).emit("session_request", body, (error) => error && !this._ready && this._catchUp());
  }

  _confirm(session) {
    if (this._session && session !== this._session) this._forget();
    this._session = session;
    store.set("session", session);
    this._isConfirmed = true;
    this._waiting.splice(0).forEach((told) => told(session));
  }

  _belongTo(owner) {
    this.owner = owner;
    this._tell("owner", owner);
  }

  // A phone that was connected and is not any more has taken with it what was said there.
  _showPhones(phones) {
    const isParted = this._phones.some((phone) => !phones.includes(phone));
    this._phones = phones;
    this._tell("phones", phones);
    if (!isParted) return;
    this._forget();
    this._catchUp();
  }

  // Another tab was given a session: both belong to one visitor.
  _adopt(session) {
    if (!session || session === this._session) return;
    this._session = session;
    this._forget();
    if (this._socket?.connected) this._catchUp();
  }

  _forget() {
    this._thread = null;
    this._lastSeq = 0;
    this._shown.clear();
    this._tell("forgotten");
  }

  _caughtUp(messages) {
    messages.forEach((message) => this._show(message));
    if (messages.length >= BATCH) return this._catchUp();
    this._ready = true;
    this._become("live");
    this._tell("caught-up");
    this._sendAll();
  }

  _receive(message) {
    // Numbers without a gap: anything missing between is fetched, so that a lost packet loses no message.
    const { thread, seq } = message.metadata;
    if (this._thread === thread && seq > this._lastSeq + 1 && this._lastSeq) return this._catchUp();
    this._show(message);
  }

  _show({ text, quick_replies, metadata }) {
    const message = { text, quick_replies, ...metadata };
    if (this._shown.has(message.id)) return;
    this._shown.add(message.id);
    this._count(message);
    const isOwn = message.author === "customer" && this._unsent.has(message.message_id);
    if (isOwn) return this._take(message.message_id, message);
    if (message.author !== "customer") this._stopAsking();
    this._tell("message", message);
  }

  // An answer that isn't there after a while is asked for: it may have got lost. After that, somebody takes their time.
  _askForAnswer(times = 4) {
    this._stopAsking();
    if (times === 0) return;
    this._asking = setTimeout(() => {
      if (this._ready) this._catchUp();
      this._askForAnswer(times - 1);
    }, LOST_MS);
  }

  _stopAsking() {
    clearTimeout(this._asking);
  }

  _count(message) {
    if (this._thread !== message.thread) this._lastSeq = 0;
    this._thread = message.thread;
    this._lastSeq = Math.max(this._lastSeq, message.seq);
  }

  _sendAll() {
    this._unsent.forEach((_, id) => this._send(id));
  }

  _send(id) {
    if (!this._ready || this.isHeld) return;
    const { text } = this._unsent.get(id);
    const body = { session_id: this._session, message: text, message_id: id, customData: this._page() };
    this._socket.timeout(ANSWER_MS).emit("user_uttered", body, (error, answer) => {
      if (!this._unsent.has(id)) return;
      if (error) return this._sendLater(id); // Sent twice is no harm: the server knows the id.
      if (answer.ok) {
        this._shown.add(answer.id);
        this._count(answer);
        this._take(id, answer);
      } else {
        this._refuse(id, answer);
      }
    });
  }

  _sendLater(id) {
    setTimeout(() => this._unsent.has(id) && this._send(id), PATIENCE_MS);
  }

  _take(id, numbers) {
    this._drop(id);
    const isLatest = numbers.seq === this._lastSeq;
    if (isLatest) this._askForAnswer();
    this._tell("taken", { ...numbers, own: id, isLatest });
  }

  _refuse(id, { error, reason }) {
    const message = this._unsent.get(id);
    if ((reason === "expired" || reason === "forged") && !message.isRenewed) {
      message.isRenewed = true;
      return this._catchUp(); // A new session is given, and the message goes again.
    }
    const { text, title } = message;
    this._drop(id);
    this._tell("refused", { id, text, title, error, reason });
  }

  _keep(id, message) {
    this._unsent.set(id, message);
    store.set(UNSENT + id, JSON.stringify(message)); // A key of its own: two tabs don't overwrite each other's.
  }

  _drop(id) {
    this._unsent.delete(id);
    store.remove(UNSENT + id);
  }

  _become(state) {
    if (state === this.state) return;
    this.state = state;
    this._tell("state", state);
  }

  _tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function keptUnsent() {
  const kept = store.all(UNSENT).map(([name, value]) => {
    try {
      return [name.slice(UNSENT.length), JSON.parse(value)];
    } catch {
      return null; // Not ours, or cut off.
    }
  });
  return kept.filter(Boolean).sort(([, one], [, other]) => one.at - other.at);
}
