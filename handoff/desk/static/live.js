// The wire: what is new, who else is here, and that somebody sits before this page.
import { io } from "../vendor/socket.io-4.8.4.esm.min.js";
import { facts } from "./facts.js";
import { signIn } from "./net.js";

const GATHER_MS = 40;
const HERE_MS = 30_000;
const USED_MS = 5 * 60_000; // So long after the last move of a hand somebody still sits there.
const PRESENT_MS = 10_000;
const GONE_MS = 25_000;
const TYPED_MS = 6000;

// Events: `news` (ids), `others` (who else is at the conversation that is open), `lost`, and `back`: the wire is there, for the
// first time or again, and what happened since the page was made, or while it was away, is still to be fetched.
export class Live extends EventTarget {
  constructor() {
    super();
    this._ids = new Set();
    this._others = new Map();
    this._id = null;
    this._usedAt = Date.now();
    this._socket = io("/desk", { transports: ["websocket", "polling"] });
    this._socket.on("connect", () => this._connected());
    this._socket.on("disconnect", () => this._lost());
    this._socket.on("connect_error", () => this._lost());
    this._socket.on("news", ({ ids }) => this._gather(ids));
    this._socket.on("missed", () => this._tell("back"));
    this._socket.on("who", ({ id }) => id === this._id && this._present("looking"));
    this._socket.on("present", (who) => this._met(who));
    this._socket.on("over", signIn);
    for (const used of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(used, () => this._used(), { passive: true });
    addEventListener("offline", () => this._lost());
    // A wire that went through another network is dead, though it may take a minute to notice.
    addEventListener("online", () => this._socket.disconnect().connect());
    document.addEventListener("visibilitychange", () => document.hidden || this._socket.connected || this._socket.connect());
    setInterval(() => this._here(), HERE_MS);
    setInterval(() => this._present("looking"), PRESENT_MS);
    setInterval(() => this._forget(), 2000);
  }

  get isConnected() {
    return this._socket.connected;
  }

  look(id) {
    if (id === this._id) return;
    if (this._id) this._socket.emit("leave", { id: this._id });
    this._id = id;
    this._others.clear();
    this._tell("others", []);
    if (id && this._socket.connected) this._enter();
  }

  typing(kind) {
    this._typedAt = Date.now();
    this._socket.emit("present", { id: this._id, doing: kind });
  }

  _enter() {
    this._socket.emit("look", { id: this._id }, ({ ok }) => ok && this._present("looking"));
  }

  _lost() {
    this._tell("lost");
  }

  _connected() {
    this._tell("back");
    if (this._id) this._enter();
    this._here();
  }

  _used() {
    const wasAway = Date.now() - this._usedAt > USED_MS;
    this._usedAt = Date.now();
    if (wasAway) this._here();
  }

  _here() {
    if (!document.hidden && Date.now() - this._usedAt < USED_MS && this._socket.connected) this._socket.emit("here");
  }

  _present(doing) {
    if (!this._id || document.hidden || !this._socket.connected || Date.now() - (this._typedAt ?? 0) < TYPED_MS) return;
    this._socket.emit("present", { id: this._id, doing });
  }

  _met({ id, user, name, doing }) {
    if (id !== this._id || user === facts.me.id) return;
    if (doing === "gone") this._others.delete(user);
    else this._others.set(user, { name, doing, at: Date.now() });
    this._tell("others", [...this._others.values()]);
  }

  _forget() {
    const now = Date.now();
    let isChanged = false;
    for (const [user, one] of this._others) {
      if (now - one.at > GONE_MS) isChanged = this._others.delete(user);
      else if (one.doing !== "looking" && now - one.at > TYPED_MS) {
        one.doing = "looking";
        isChanged = true;
      }
    }
    if (isChanged) this._tell("others", [...this._others.values()]);
  }

  _gather(ids) {
    ids.forEach((id) => this._ids.add(id));
    this._gathering ??= setTimeout(() => {
      this._gathering = null;
      const gathered = [...this._ids];
      this._ids.clear();
      this._tell("news", gathered);
    }, GATHER_MS);
  }

  _tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
