// Keeps the ticked institutions from page to page of a tab; without this file a tick lasts as long as its page.
"use strict";

const tray = document.getElementById("compare");
const picked = tray.querySelector(".picked");
const full = tray.querySelector(".full");
const ROWS = "#results input[name=i]";
const KEY = "compare";

function find(slug) {
  return picked.querySelector(`input[value="${CSS.escape(slug)}"]`);
}

function pick(slug, name) {
  if (find(slug)) return;
  const item = document.createElement("li");
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: "i", value: slug, checked: true });
  label.append(box, ` ${name}`);
  item.append(label);
  picked.append(item);
}

function drop(slug) {
  find(slug)?.closest("li").remove();
}

// The rows show what the tray holds; a full one takes no more.
function show() {
  const isFull = picked.children.length >= Number(tray.dataset.most);
  picked.hidden = !picked.children.length;
  full.textContent = isFull ? full.dataset.text : "";
  for (const box of document.querySelectorAll(ROWS)) {
    box.checked = Boolean(find(box.value));
    box.disabled = isFull && !box.checked;
  }
}

// A browser that keeps nothing (cookies are blocked) forgets the ticks with the page.
function save() {
  const team = [...picked.querySelectorAll("input")].map((box) => [box.value, box.parentElement.textContent.trim()]);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(team));
  } catch {}
}

function saved() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.name !== "i") return;
  event.stopPropagation(); // a tick is no filter: the list stays
  if (box.checked) pick(box.value, box.closest("th").querySelector(".name").textContent);
  else drop(box.value);
  if (!box.isConnected) (picked.querySelector("input") ?? tray.querySelector("button")).focus(); // it went with its tick
  save();
  show();
}, true);

// An institution that is ticked in the tray and in its row is sent once, in the order of the ticks.
tray.addEventListener("formdata", ({ formData }) => {
  formData.delete("i");
  for (const box of picked.querySelectorAll("input")) formData.append("i", box.value);
});

document.addEventListener("htmx:afterSettle", show);
addEventListener("pageshow", () => {
  picked.replaceChildren(); // as it was when the browser left this page, perhaps
  for (const [slug, name] of saved()) pick(slug, name);
  show();
});
