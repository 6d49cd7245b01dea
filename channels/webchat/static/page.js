// The page /chat.
import { mountPage } from "./app.js";

const config = JSON.parse(document.getElementById("config").textContent);
mountPage(document.getElementById("main"), { ...config, origin: location.origin }, new URLSearchParams(location.search).get("q") || "");
