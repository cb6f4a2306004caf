// Offers this page in the visitor's language, in one line; without this file the links at its foot do.
// Asked of the browser here and not of the request there, so that one address has one answer.
"use strict";

const editions = [...document.querySelectorAll(".languages a")];

// Two tags mean one edition where language and script are the same: zh-CN is zh-hans, zh-TW is not.
function written(tag) {
  const { language, script } = new Intl.Locale(tag).maximize();
  return `${language}-${script}`;
}

function editionIn(tag) {
  return editions.find((link) => written(link.hreflang) === written(tag));
}

const preferred = navigator.languages.map(editionIn).find(Boolean);
if (preferred && !preferred.hasAttribute("aria-current")) {
  const line = document.createElement("p");
  const link = preferred.cloneNode();
  line.className = "frame offer screen-only";
  link.textContent = link.dataset.offer;
  line.append(link);
  document.querySelector(".masthead").append(line);
}

// The list changes its address while one ticks: the other languages follow.
for (const link of document.querySelectorAll(".languages a, .offer a")) {
  link.addEventListener("click", () => Object.assign(link, { search: location.search }));
}
