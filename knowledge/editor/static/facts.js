// What the page was given: the article, who writes, and the words of their language.
export const facts = JSON.parse(document.getElementById("facts").textContent);
export const { article, words } = facts;

// A word with its {places} filled.
export function fill(word, values) {
  return word.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

const clock = new Intl.DateTimeFormat({ en: "en-GB" }[facts.locale] ?? facts.locale, { timeStyle: "short" });

// A moment as the reader's clock shows it: 12:03.
export function time(at) {
  return clock.format(new Date(at));
}

// An element with its attributes, and what stands in it.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
