// Product cards, notices and the line that counts them.

import { element, marked } from "../element/markup.js";

export function money(minor, currency, locale) {
  if (minor === null || minor === undefined || !currency) return "";
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

export function card(hit, locale, onWhy) {
  const title = marked(hit.title, hit.highlights, (text) => element("mark", {}, text), (text) => text);
  return element(
    "li",
    { class: "card", "data-product": hit.product_id },
    element("div", { class: "picture" }, hit.image ? element("img", { src: hit.image, alt: "", loading: "lazy" }) : "no picture"),
    element(
      "div",
      { class: "body" },
      element("h3", {}, ...title),
      hit.in_stock ? null : element("span", { class: "out" }, "Sold out"),
      element("span", { class: "price" }, money(hit.price_minor, hit.currency, locale)),
      element("button", { class: "link", type: "button", onclick: () => onWhy(hit) }, "Why this?"),
    ),
  );
}


export function notices(answer, onSearch) {
  const made = [];
  const again = (text) => element("button", { class: "link", type: "button", onclick: () => onSearch(text) }, text);
  const { text: searched, query } = answer.understanding;
  const offered = replaced(query, answer.corrections);
  if (searched !== query && searched !== undefined) made.push(element("p", { id: "corrected" }, "Showing results for ", again(searched), "."));
  if (offered !== searched && offered !== query) made.push(element("p", { id: "did-you-mean" }, "Did you mean ", again(offered), "?"));
  if (answer.degraded?.length) made.push(element("p", {}, `Answered without: ${answer.degraded.join(", ")}.`));
  if (answer.total === 0) made.push(element("p", {}, "Nothing found. Fewer words or fewer filters may help."));
  return made;
}

function replaced(query, corrections) {
  const points = Array.from(query);
  for (const { start, end, replacement } of [...corrections].sort((a, b) => b.start - a.start)) points.splice(start, end - start, replacement);
  return points.join("");
}

export function problem(detail) {
  return element("p", { class: "error", role: "alert" }, detail);
}
