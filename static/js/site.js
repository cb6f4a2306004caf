// Quicker filtering for those who have JavaScript; every page works without this file.
"use strict";

// htmx reads these when the document is complete, which is after this file: no inline styles, no code out of attributes
// or answers, no pages held by the browser's script.
Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "400", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

// Keep addresses short: an empty text says nothing, and the first choice of a select is what holds without it.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData } = event.detail;
  if (elt.id !== "filter") return; // a link asks what it says
  for (const { name, value, selectedIndex } of elt.elements) {
    if (!name || (selectedIndex !== 0 && value !== "")) continue;
    const values = formData.getAll(name);
    if (!values.includes(value)) continue;
    values.splice(values.indexOf(value), 1);
    formData.delete(name);
    for (const other of values) formData.append(name, other);
  }
});

// A button with an address of its own leads there, as it does without this file.
document.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) event.stopImmediatePropagation();
}, { capture: true });

// When the answer is no list (the server is away), go there as a plain form would.
document.addEventListener("htmx:responseError", (event) => location.assign(event.detail.pathInfo.finalRequestPath));

// Nothing moves under the hand: a facet keeps its height, and what stays in it its place, while the numbers change.
function keepPlaces(before, after) {
  const slug = (item) => item.querySelector("input")?.id;
  const came = new Map([...after.querySelectorAll("li")].map((item) => [slug(item), item]));
  const places = [...before.querySelectorAll("li")].map((item) => {
    const same = came.get(slug(item));
    came.delete(slug(item));
    return same;
  });
  const others = came.values();
  const items = places.map((item) => item ?? others.next().value ?? document.createElement("li"));
  after.querySelector("ul").replaceChildren(...items, ...others);
  after.style.minBlockSize = `${before.getBoundingClientRect().height}px`;
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id !== "facets") return;
  for (const before of target.querySelectorAll("[data-facet]")) {
    const after = fragment.querySelector(`[data-facet="${before.dataset.facet}"]`);
    const asked = (facet) => facet.querySelector(".find")?.value ?? "";
    if (after && asked(before) === after.querySelector(".find")?.defaultValue) keepPlaces(before, after);
    else if (after && !after.querySelector(".find")) keepPlaces(before, after);
  }
});

// Who presses “Show results” at the end of the filter wants to see them; whose link went with the former results, a chip or
// the head of a column, goes on from the new ones, and not from the end of the page.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "results") return;
  event.detail.target.removeAttribute("aria-busy");
  if (event.detail.requestConfig?.triggeringEvent?.submitter?.closest(".show")) {
    event.detail.target.focus({ preventScroll: true });
    document.getElementById("status").scrollIntoView();
  } else if (document.activeElement === document.body) {
    event.detail.target.focus({ preventScroll: true });
  }
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target.id === "results") event.detail.target.setAttribute("aria-busy", "true");
});

// Browsers that cannot show a closed <details> by CSS get it opened where there is room for it.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 75rem)").matches) {
  for (const details of document.querySelectorAll(".browse:not(.is-wide) > details.filters, details.acts")) details.open = true;
}
