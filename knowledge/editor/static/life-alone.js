// The panel on the page of a review: no text is written beside it.
import { watch } from "./life-panel.js";

watch(document.querySelector(".life"));
