// The storefront: state in the address bar, one search request, and what it shows.

import { chips, panel, toggled } from "./facets.js";
import { card, notices, problem } from "./results.js";
import { explanation } from "./why.js";

const PAGE_SIZE = 24;
const { shop, key } = document.body.dataset;
const at = (id) => document.getElementById(id);
const state = { ...stateOf(location), cursor: null, understanding: null, turn: 0 };

const box = at("query");
box.addEventListener("intentrie-search", (event) => {
  event.preventDefault(); // the page stays
  const { query, query_id, suggestion } = event.detail;
  const scope = suggestion?.scope;
  go({ query, query_id, filters: scope ? { category: { in: [scope] } } : {} });
});
box.closest("form").addEventListener("submit", (event) => {
  event.preventDefault();
  box.search();
});

function stateOf(place) {
  const parameters = new URLSearchParams(place.search);
  return {
    query: parameters.get("q") ?? "",
    filters: JSON.parse(parameters.get("filters") ?? "{}"),
    sort: parameters.get("sort") ?? "",
    locale: parameters.get("locale") ?? document.body.dataset.locale,
  };
}

function go(change) {
  Object.assign(state, change, { cursor: null });
  const parameters = new URLSearchParams({ q: state.query, locale: state.locale });
  if (Object.keys(state.filters).length) parameters.set("filters", JSON.stringify(state.filters));
  if (state.sort) parameters.set("sort", state.sort);
  history.pushState(null, "", `?${parameters}`);
  search();
}

async function search() {
  const turn = ++state.turn;
  const answer = await ask(`/v1/shops/${encodeURIComponent(shop)}/search`, {
    query: state.query,
    filters: state.filters,
    sort: state.sort || null,
    cursor: state.cursor,
    locale: state.locale,
    size: PAGE_SIZE,
    explain: true,
  });
  if (turn !== state.turn) return; // a newer search is on its way
  if (answer.problem) return at("notices").replaceChildren(problem(answer.problem));
  const cards = answer.results.map((hit) => card(hit, state.locale, (shown) => why(shown)));
  if (state.cursor) at("results").append(...cards);
  else show(answer, cards);
  state.cursor = answer.cursor ?? null;
  // Pages and filters of a search are that search; one that no event told of has the answer's name.
  state.query_id ??= answer.query_id;
  at("more").hidden = !state.cursor;
}

async function ask(path, body) {
  try {
    const headers = { "Content-Type": "application/json", ...(key ? { "X-Intentrie-Key": key } : {}) };
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    const answer = await response.json();
    return response.ok ? answer : { problem: answer.detail ?? answer.title };
  } catch {
    return { problem: "The shop's search cannot be reached just now. Please try again." };
  }
}

function show(answer, cards) {
  const toggle = (field, value, on) => go({ filters: toggled(state.filters, field, value, on) });
  state.understanding = answer.understanding;
  box.value = state.query;
  box.setAttribute("locale", state.locale);
  at("sort").value = state.sort;
  at("summary").textContent = `${answer.total.toLocaleString(state.locale)} products in ${answer.took_ms.toFixed(0)} ms`;
  at("why-query").hidden = !state.query;
  at("notices").replaceChildren(...notices(answer, (query) => go({ query, query_id: null })));
  at("facets").replaceChildren(...panel(answer.facets, state.filters, toggle));
  at("chips").replaceChildren(...chips(state.filters, answer.facets, toggle));
  at("results").replaceChildren(...cards);
}

function why(hit) {
  at("why-body").replaceChildren(...explanation(state.understanding, hit));
  at("why").showModal();
}

at("why-query").addEventListener("click", () => why(null));
at("sort").addEventListener("change", (event) => go({ sort: event.target.value }));
at("locale").addEventListener("change", (event) => go({ locale: event.target.value }));
at("results").addEventListener("click", ({ target }) => {
  const product = target.closest("[data-product]");
  if (!product || target.closest("button")) return; // asking why is no interest in the product
  box.clicked(product.dataset.product, { query_id: state.query_id, ordinal: [...at("results").children].indexOf(product) + 1 });
});
at("more").addEventListener("click", search);
addEventListener("popstate", () => {
  Object.assign(state, stateOf(location), { cursor: null, query_id: null });
  search();
});
search();
