// Quicker filtering for those who have JavaScript; every page works without this file.
"use strict";

// Keep addresses short: an empty text says nothing, and the first choice of a select is what holds without it.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters } = event.detail;
  for (const field of elt.elements) {
    if (field.selectedIndex === 0 || field.value === "") delete parameters[field.name];
  }
});

// When the answer is no list (the server is away), go there as a plain form would.
document.addEventListener("htmx:responseError", (event) => location.assign(event.detail.pathInfo.finalRequestPath));

// Browsers that cannot show a closed <details> by CSS get it opened where there is room for it.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 70rem)").matches) {
  for (const filters of document.querySelectorAll("details.filters")) filters.open = true;
}
