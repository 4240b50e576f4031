// Filters beside the results; the state is a filter object of the search request.

import { element } from "./dom.js";

const SHOWN_OPEN = 4; // facets unfolded at first; the rest is one click away

export function panel(facets, filters, onToggle) {
  return facets
    .filter((facet) => facet.values.length)
    .map((facet, i) => {
      const chosen = new Set(filters[facet.field]?.in ?? []);
      return element(
        "details",
        { open: i < SHOWN_OPEN || chosen.size > 0, "data-field": facet.field },
        element("summary", {}, facet.field.replaceAll("_", " ")),
        ...facet.values.map((value) => option(facet.field, value, chosen.has(value.value), onToggle)),
      );
    });
}

function option(field, value, checked, onToggle) {
  return element(
    "label",
    {},
    element("input", { type: "checkbox", checked, onchange: (event) => onToggle(field, value.value, event.target.checked) }),
    element("span", { class: "name" }, String(value.label ?? value.value)),
    element("span", { class: "count" }, value.count),
  );
}

export function chips(filters, onToggle) {
  return Object.entries(filters).flatMap(([field, filter]) =>
    (filter.in ?? []).map((value) =>
      element("button", { type: "button", "aria-label": `Remove filter ${field}: ${value}`, onclick: () => onToggle(field, value, false) }, `${value} ✕`),
    ),
  );
}

export function toggled(filters, field, value, on) {
  const values = new Set(filters[field]?.in ?? []);
  if (on) values.add(value);
  else values.delete(value);
  const { [field]: _, ...others } = filters;
  return values.size ? { ...others, [field]: { in: [...values] } } : others;
}
