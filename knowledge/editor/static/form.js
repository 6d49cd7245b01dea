// The form's fields as the server keeps them: lists are a line each.
const LISTS = ["questions", "tags", "aliases", "must_answer", "must_not_answer"];
const NAMES = ["title", "short_answer", "body", "category", "internal", ...LISTS];

export const form = document.getElementById("article");
export const body = form.elements.body;

export function fields() {
  const controls = NAMES.map((name) => [name, form.elements[name]]).filter(([, control]) => control);
  return Object.fromEntries(controls.map(([name, control]) => [name, read(name, control)]));
}

// What the server has, as the form would hold it.
export function asHeld(values) {
  const held = (name, value) => (LISTS.includes(name) ? lines(value.join("\n")) : name === "title" ? value.replaceAll("\n", "") : value);
  return Object.fromEntries(Object.keys(fields()).map((name) => [name, held(name, values[name])]));
}

export function put(values) {
  for (const [name, value] of Object.entries(values)) {
    const control = form.elements[name];
    if (!control || same(read(name, control), value)) continue;
    if (name === "internal") control.checked = value;
    else if (control.tagName === "SELECT") choose(control, value);
    else control.value = LISTS.includes(name) ? value.join("\n") : value;
  }
}

export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// The fields of `one` that say something else than `other`.
export function changed(one, other) {
  return Object.fromEntries(Object.entries(one).filter(([name, value]) => !same(value, other[name])));
}

function read(name, control) {
  if (name === "internal") return control.checked;
  return LISTS.includes(name) ? lines(control.value) : control.value;
}

function lines(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

function choose(control, value) {
  if (![...control.options].some((option) => option.value === value)) control.add(new Option(value, value));
  control.value = value;
}
