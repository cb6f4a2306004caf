// Name for screen readers what Django's tables of inlines and Select2 leave without a name.
const UNNAMED = ".tabular td :is(input, select, textarea), .select2-container :is([role=combobox], [role=textbox], input)";

function headingOf(cell) {
  const field = [...cell.classList].find((name) => name.startsWith("field-"));
  const heading = field ? `th.column-${field.slice("field-".length)}` : "th:last-child";
  return cell.closest("table").querySelector(heading);
}

function nameControls() {
  for (const control of document.querySelectorAll(UNNAMED)) {
    const cell = control.closest(".tabular td");
    const field = control.closest(".select2-container")?.previousElementSibling ?? control;
    const source = cell ? headingOf(cell) : field.labels?.[0];
    if (source) control.setAttribute("aria-label", source.textContent.trim());
  }
  for (const corner of document.querySelectorAll(".tabular th.original")) {
    const title = document.createElement("span");
    title.className = "visually-hidden";
    title.textContent = corner.closest("fieldset").querySelector("h2").textContent.trim();
    corner.replaceChildren(title);
  }
}

// What a box found before does not stand under what is typed by now: Enter would take a row that nobody asked for.
document.addEventListener(
  "input",
  ({ target }) => {
    if (!target.matches(".select2-search__field")) return;
    for (const row of document.querySelectorAll(".select2-results__option")) row.remove();
  },
  true,
);

// By Django's jQuery, whose queue runs this after Select2 was started; where there is no jQuery, nothing lacks a name.
window.django?.jQuery?.(nameControls);
document.addEventListener("formset:added", nameControls);
