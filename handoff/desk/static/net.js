// What the page asks the server for, and what it sends.

const TOKEN = document.querySelector('meta[name="csrf-token"]').content;
const HEADERS = { Accept: "application/json", "X-CSRFToken": TOKEN };

// Why something was not done: `message` is a sentence, `reason` a word, `given` all that the server said.
export class Refusal extends Error {
  constructor(given, status) {
    super(given.error || "");
    this.reason = given.reason || "";
    this.given = given;
    this.status = status;
  }
}

export function get(path, options = {}) {
  return ask(path, { headers: HEADERS, ...options });
}

// `fields`: an object, or a FormData with files.
export function post(path, fields = {}, options = {}) {
  return ask(path, { method: "POST", headers: HEADERS, body: fields instanceof FormData ? fields : new URLSearchParams(fields), ...options });
}

async function ask(path, options) {
  const response = await fetch(path, options);
  if (response.redirected && new URL(response.url).pathname.startsWith("/staff/")) signIn();
  const given = await response.json().catch(() => ({}));
  if (response.status === 401) signIn();
  if (!response.ok) throw new Refusal(given, response.status);
  return given;
}

export function signIn() {
  location.assign(`/staff/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
