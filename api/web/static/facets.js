// Filters beside the results; the state is the `filters` object of the search request.

import { element } from "../element/markup.js";

const SHOWN_OPEN = 4; // facets unfolded at first; the rest is one click away

export function panel(facets, filters, onToggle) {
  return facets
    .filter((facet) => facet.values.length)
    .map((facet, i) =>
      element(
        "details",
        { open: i < SHOWN_OPEN || facet.field in filters, "data-field": facet.field },
        element("summary", {}, named(facet.field)),
        ...facet.values.map((value) => option(facet.field, value, filters[facet.field], onToggle)),
        facet.more ? element("p", { class: "count" }, `and ${facet.more} more`) : null,
      ),
    );
}

function option(field, value, filter, onToggle) {
  return element(
    "label",
    { class: `depth-${Math.min(value.depth, 3)}` },
    element("input", { type: "checkbox", checked: holds(filter, value), onchange: (event) => onToggle(field, value, event.target.checked) }),
    element("span", { class: "name" }, shown(value)),
    element("span", { class: "count" }, value.count),
  );
}

// A range is one choice; values of a list add up.
export function toggled(filters, field, value, on) {
  const { [field]: filter, ...others } = filters;
  if (isRange(value)) return on ? { ...others, [field]: bounds(value) } : others;
  const values = (filter?.in ?? []).filter((chosen) => chosen !== value.value);
  if (on) values.push(value.value);
  return values.length ? { ...others, [field]: { in: values } } : others;
}

export function chips(filters, facets, onToggle) {
  const labels = new Map(facets.map((facet) => [facet.field, facet.values]));
  return Object.entries(filters).flatMap(([field, filter]) => chosen(filter, labels.get(field) ?? []).map((value) => chip(field, value, onToggle)));
}

function chosen(filter, values) {
  if (filter.in) return filter.in.map((value) => values.find((known) => known.value === value) ?? { value, label: String(value) });
  return [values.find((value) => holds(filter, value)) ?? { value: null, label: `${filter.gte ?? ""} – ${filter.lt ?? ""}`, gte: filter.gte ?? null, lt: filter.lt ?? null }];
}

function chip(field, value, onToggle) {
  const text = `${named(field)}: ${shown(value)}`;
  return element("button", { type: "button", "aria-label": `Remove filter ${text}`, onclick: () => onToggle(field, value, false) }, `${text} ✕`);
}

const isRange = (value) => value.value === null;
const bounds = ({ gte, lt }) => ({ ...(gte === null ? {} : { gte }), ...(lt === null ? {} : { lt }) });
const named = (field) => field.replaceAll("_", " ");
const shown = (value) => (typeof value.value === "boolean" ? (value.value ? "yes" : "no") : value.label);

function holds(filter, value) {
  if (!filter) return false;
  if (isRange(value)) return !filter.in && (filter.gte ?? null) === value.gte && (filter.lt ?? null) === value.lt;
  return filter.in?.includes(value.value) ?? false;
}
