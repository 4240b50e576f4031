// A source of suggestions for `@algolia/autocomplete-js`, which brings the box and the list of its own.

import { Events } from "./events.js";
import { marked } from "./markup.js";
import { SuggestClient } from "./suggest-client.js";
import { Visit } from "./visit.js";

// Words for people, as the element's `labels`.
const ENGLISH = {
  scope: (name) => `in ${name}`,
  read: (typed) => `for “${typed}”`,
};

export function createIntentriePlugin(options) {
  const { endpoint, shop, key = "", locale, limit = 8, events = Boolean(key), sourceId = "intentrie", onSelect, labels } = options;
  const say = { ...ENGLISH, ...labels };
  const visit = new Visit(shop);
  const base = endpoint ?? new URL(import.meta.url).origin;
  const url = new URL(`/v1/shops/${encodeURIComponent(shop)}/events`, base);
  const log = events ? new Events({ url, key, visit, allow: () => true }) : null;
  const language = () => locale ?? (document.documentElement.lang || navigator.language);
  let logged; // the list that stood on the page last, by its `suggest_id`
  let picked; // as long as nothing else is typed
  let now; // the library's state
  let asked = "";
  let waiting = () => {};
  const client = new SuggestClient({
    endpoint: base,
    shop,
    key,
    limit,
    visit: () => visit,
    onAnswer: (found) => {
      if (found.prefix !== asked) return; // of an older keystroke
      const { suggest_id, prefix } = found;
      // Each with where it stood: by the time of a pick the library may have asked again.
      waiting(found.suggestions.map((one, place) => ({ ...one, shown: { suggest_id, prefix, locale: language(), ordinal: place + 1 } })));
    },
  });

  // The library drops what an older keystroke resolves to; it is resolved all the same, so that nothing waits for ever.
  const ask = (query) =>
    new Promise((resolve) => {
      waiting([]);
      waiting = resolve;
      asked = query;
      if (query !== picked) picked = undefined;
      client.ask(query, language());
    });

  // As the element does it: every list that is seen, once. Other plugins may have put it into another order, or left some out.
  const shown = () => {
    const items = now.collections.find((each) => each.source.sourceId === sourceId)?.items ?? [];
    if (!now.isOpen || !items.length || items[0].shown.suggest_id === logged) return;
    items.forEach((one, place) => (one.shown.ordinal = place + 1));
    const { ordinal, ...about } = items[0].shown;
    logged = about.suggest_id;
    log?.add("suggest", { ...about, shown: items.map((one) => one.text) });
  };

  const search = (text) => {
    const query = text.trim();
    if (!query) return;
    visit.searched(query);
    const query_id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    log?.add("search", { locale: language() }, { query_id, user_query: query });
  };

  return {
    name: "intentrie",
    // For the page's results, as the element's `clicked`.
    clicked(product_id, { query_id, ordinal } = {}) {
      visit.lookedAt(product_id);
      const object = { object_id: product_id, object_id_field: "product_id" };
      log?.add("click", { locale: language(), object, position: { ordinal } }, { query_id });
    },
    getSources({ query }) {
      return [
        {
          sourceId,
          getItems: () => ask(query),
          getItemInputValue: ({ item }) => item.text,
          onSelect: (selected) => {
            const { item } = selected;
            const { ordinal, ...shown } = item.shown;
            const object = { object_id: item.text, object_id_field: "suggestion" };
            log?.add("suggest_pick", { ...shown, object, position: { ordinal } });
            picked = item.text;
            search(picked);
            onSelect?.(selected);
          },
          templates: {
            item: ({ item, createElement }) =>
              createElement(
                "div",
                { className: "aa-ItemContentTitle", dir: "auto" },
                ...marked(
                  item.text,
                  item.highlights ?? [],
                  (text) => createElement("mark", {}, text),
                  (text) => createElement("span", {}, text),
                ),
                item.scope ? ` ${say.scope(item.scope.split(" > ").pop())}` : null,
                item.correction ? createElement("small", {}, ` ${say.read(item.correction.original)}`) : null,
              ),
          },
        },
      ];
    },
    onStateChange({ state }) {
      now = state;
      queueMicrotask(shown); // a list that comes with a pick is set, and closed before anybody sees it
    },
    // Enter where no suggestion is active; on what was picked just now it is the same search again.
    onSubmit({ state }) {
      if (state.query !== picked) search(state.query);
    },
  };
}
