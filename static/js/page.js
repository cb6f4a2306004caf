// What every page has for those with JavaScript: “/” leads to the search, the link is copied, the page is printed.
"use strict";

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.querySelector("main input[name=q], .search input[name=q]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

const ACTS = {
  async copy(button) {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      // Where a site is served without https, browsers copy nothing but what is selected.
      const text = Object.assign(document.createElement("textarea"), { value: location.href });
      button.after(text);
      text.select();
      document.execCommand("copy");
      text.remove();
      button.focus();
    }
    button.setAttribute("aria-live", "polite");
    button.textContent = button.dataset.done;
  },
  print: () => window.print(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-act]");
  if (button) ACTS[button.dataset.act](button);
});

function showActs() {
  for (const button of document.querySelectorAll("[hidden] > [data-act]")) button.parentElement.hidden = false;
}
showActs();
document.addEventListener("htmx:afterSettle", showActs);
