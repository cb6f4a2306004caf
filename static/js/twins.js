// While an institution is typed, tell of the entries that may be the same one. Without this, saving tells.
const PAUSE = 400; // milliseconds after the last key
const ASKED = "#id_name, [name^=names-][name$=-value], #id_ror_id, #id_website, #id_city";
const form = document.querySelector("#institution_form");

if (form) {
  const told = document.createElement("div");
  told.id = "twins";
  told.setAttribute("role", "status");
  form.querySelector(".field-name").append(told);
  let waiting, latest = 0;

  async function ask() {
    const asked = new URLSearchParams();
    for (const control of form.querySelectorAll(ASKED)) {
      const isName = control.id === "id_name" || control.name.startsWith("names-");
      if (control.value && !control.name.includes("__prefix__")) asked.append(isName ? "name" : control.name, control.value);
    }
    const key = location.pathname.match(/\/institution\/(\d+)\/change\/$/)?.[1];
    if (key) asked.set("key", key);
    const number = ++latest;
    const answer = await fetch(`${location.pathname.replace(/\/institution\/.*/, "/institution/twins/like/")}?${asked}`);
    if (answer.ok && number === latest) told.innerHTML = (await answer.text()).trim();
  }

  function soon(event) {
    if (!event.target.matches(ASKED)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  }
  form.addEventListener("input", soon);
  window.django?.jQuery?.(form).on("change", "#id_city", soon);
}
