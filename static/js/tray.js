// Keeps the ticked institutions while the list around them changes; without this file a tick lasts as long as its page.
"use strict";

const tray = document.getElementById("compare");
const picked = tray.querySelector(".picked");
const ROWS = "#results input[name=i]";

function find(slug) {
  return picked.querySelector(`input[value="${CSS.escape(slug)}"]`);
}

function pick(box) {
  if (find(box.value)) return;
  const item = document.createElement("li");
  const label = document.createElement("label");
  const kept = document.createElement("input");
  Object.assign(kept, { type: "checkbox", name: "i", value: box.value, checked: true });
  label.append(kept, ` ${box.dataset.name}`);
  item.append(label);
  picked.append(item);
}

function drop(slug) {
  find(slug)?.closest("li").remove();
}

// The rows show what the tray holds.
function show() {
  picked.hidden = !picked.children.length;
  for (const box of document.querySelectorAll(ROWS)) box.checked = Boolean(find(box.value));
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.name !== "i") return;
  event.stopPropagation(); // a tick is no filter: the list stays
  if (box.checked) pick(box);
  else drop(box.value);
  show();
}, true);

// An institution that is ticked in the tray and in its row is sent once.
tray.addEventListener("formdata", ({ formData }) => {
  const slugs = new Set(formData.getAll("i"));
  formData.delete("i");
  for (const slug of slugs) formData.append("i", slug);
});

document.addEventListener("htmx:afterSettle", show);
addEventListener("pageshow", () => {
  for (const box of document.querySelectorAll(`${ROWS}:checked`)) pick(box); // a browser that goes back ticks them again
  show();
});
