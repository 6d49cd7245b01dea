// Begins a translation with the text of the other language, while nothing is written yet.
import { form } from "./form.js";

for (const reference of document.querySelectorAll(".reference")) {
  const button = reference.querySelector("[data-take]");
  button.hidden = Boolean(form.elements.body.value.trim());
  button.addEventListener("click", () => {
    for (const [name, text] of Object.entries(JSON.parse(reference.dataset.text))) {
      const control = form.elements[name];
      if (control.value.trim()) continue;
      control.value = text;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    button.hidden = true;
    form.elements.title.focus();
  });
}
