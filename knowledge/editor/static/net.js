// What the pages of the editor ask the server for, and what they send it.
const TOKEN = document.querySelector('meta[name="csrf-token"]').content;

// Why something was not done: `message` is a sentence, `given` all that the server said.
export class Refusal extends Error {
  constructor(given, status) {
    super(given.error || "");
    this.given = given;
    this.status = status;
  }
}

// Sends JSON, or a FormData as it is; resolves to the JSON of the answer. Throws Refusal, and TypeError without a connection.
export async function send(method, path, body, options = {}) {
  const isForm = body instanceof FormData;
  const headers = { Accept: "application/json", "X-CSRFToken": TOKEN, ...(isForm ? {} : { "Content-Type": "application/json" }) };
  const response = await fetch(path, { method, headers, body: isForm ? body : JSON.stringify(body), ...options });
  const given = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(given, response.status);
  return given;
}
