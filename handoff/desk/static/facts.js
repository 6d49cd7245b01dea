// What the page was given: words, colleagues, teams, and what there is to choose from.
import { h } from "../chat/dom.js";

export const facts = JSON.parse(document.getElementById("facts").textContent);
export const { words } = facts;
export { fill, h } from "../chat/dom.js";

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

// A piece of the page as the server made it, as nodes.
export function nodes(html) {
  const template = h("template");
  template.innerHTML = html;
  return template.content;
}

export function node(html) {
  return nodes(html).firstElementChild;
}
