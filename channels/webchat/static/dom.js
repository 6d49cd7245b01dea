// Small helpers for making elements: no markup is ever put together from texts.
import { ICONS } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";
// A page may demand that markup is vouched for; ours comes sanitised from the server (knowledge.rendering).
const vouch = window.trustedTypes?.createPolicy("handrail", { createHTML: (html) => html });

// An element. `onclick` and its like are listeners, `html` is markup that the server made safe, the rest are attributes.
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "html") node.innerHTML = vouch ? vouch.createHTML(value) : value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"]]) svg.setAttribute(key, value);
  for (const [tag, attributes] of ICONS[name]) {
    const part = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([key, value]) => part.setAttribute(key, value));
    svg.append(part);
  }
  return svg;
}

// A word with its {places} filled.
export function fill(word, values) {
  return word.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}
