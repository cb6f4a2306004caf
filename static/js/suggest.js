// Suggestions below the search boxes: the combobox pattern of ARIA, with the focus staying in the box.
// Without this file, or where the server does not answer, a search box is a plain form.
"use strict";

(() => {
  const { url, label } = document.currentScript.dataset;
  const PAUSE = 120; // milliseconds without a key before the server is asked

  function attach(input, number) {
    const list = document.createElement("div");
    const frame = document.createElement("div");
    const status = document.createElement("p"); // says how many there are, or that there is nothing
    let waiting = 0;
    let request = new AbortController();

    list.id = `suggestions-${number}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label);
    frame.className = "suggest";
    input.replaceWith(frame);
    frame.append(input, list, status);
    status.className = "visually-hidden";
    status.setAttribute("aria-live", "polite"); // no role: the page has one status, its total
    input.autocomplete = "off";
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    })) input.setAttribute(name, value);

    const options = () => [...list.querySelectorAll("[role=option]")];
    const current = () => options().find((option) => option.getAttribute("aria-selected") === "true");

    function choose(option) {
      current()?.setAttribute("aria-selected", "false");
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) input.setAttribute("aria-activedescendant", option.id);
      else input.removeAttribute("aria-activedescendant");
    }

    function show(isOpen) {
      if (!isOpen) choose(null);
      list.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
    }

    function close() {
      clearTimeout(waiting);
      request.abort();
      status.textContent = "";
      show(false);
    }

    async function ask() {
      request.abort();
      request = new AbortController();
      const { signal } = request;
      try {
        const answer = await fetch(`${url}?${new URLSearchParams({ q: input.value })}`, { signal });
        const text = answer.ok ? await answer.text() : "";
        if (signal.aborted) return;
        list.innerHTML = text;
        const announced = list.querySelector(".announced");
        announced?.remove();
        status.textContent = announced?.textContent ?? "";
        for (const named of list.querySelectorAll("[id]")) named.id = `${list.id}-${named.id}`;
        for (const group of list.children) group.setAttribute("aria-labelledby", group.firstElementChild.id);
        show(options().length > 0);
      } catch (error) {
        if (error.name !== "AbortError") show(false);
      }
    }

    function step(by) {
      const all = options();
      const at = all.indexOf(current());
      // Beyond either end lies the text itself.
      choose(all[at < 0 && by < 0 ? all.length - 1 : at + by] ?? null);
    }

    input.addEventListener("input", () => {
      clearTimeout(waiting);
      if (input.value.trim()) waiting = setTimeout(ask, PAUSE);
      else close();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!list.hidden) step(event.key === "ArrowDown" ? 1 : -1);
        else if (input.value.trim()) ask();
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" && current()) {
        event.preventDefault();
        location.assign(current().dataset.url);
      } else if (event.key === "Enter") {
        close();
      }
    });
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the box
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
  }

  document.querySelectorAll('form[action$="/institutions/"] input[name="q"]').forEach(attach);
})();
