// The page /chat.
import { mountPage } from "./app.js";

const config = JSON.parse(document.getElementById("config").textContent);
const chat = mountPage(document.getElementById("main"), { ...config, origin: location.origin }, new URLSearchParams(location.search).get("q") || "");
if (config.brings) {
  chat.bring(config.brings);
  // Whoever loads the page again has said it already.
  const address = new URL(location.href);
  address.searchParams.delete("brings");
  history.replaceState(null, "", address);
}
