// The list of articles: all of a page selected at once, and a question before what takes articles away.
const list = document.getElementById("list");
const all = document.getElementById("select-all");
const boxes = list ? [...list.querySelectorAll('[name="key"]')] : [];

function count() {
  const selected = boxes.filter((box) => box.checked).length;
  all.checked = selected === boxes.length;
  all.indeterminate = selected > 0 && selected < boxes.length;
  document.getElementById("selected").textContent = selected ? list.dataset.selected.replace("{count}", selected) : "";
  list.classList.toggle("has-selected", selected > 0);
}

function showTag() {
  list.elements.change_tag.hidden = !list.elements.deed.value.startsWith("tag_");
}

if (list) {
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    count();
  });
  list.addEventListener("change", () => {
    count();
    showTag();
  });
  list.addEventListener("submit", (event) => {
    const question = list.dataset[list.elements.deed.value];
    if (question && !confirm(question)) event.preventDefault();
  });
  count();
  showTag();
}
