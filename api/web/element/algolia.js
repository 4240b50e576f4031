// A source of suggestions for `@algolia/autocomplete-js`, which brings the box and the list of its own.

import { Events } from "./events.js";
import { marked } from "./markup.js";
import { SuggestClient } from "./suggest-client.js";
import { Visit } from "./visit.js";

export function createIntentriePlugin(options) {
  const { endpoint, shop, key = "", locale, limit = 8, events = Boolean(key), sourceId = "intentrie", onSelect } = options;
  const visit = new Visit(shop);
  const base = endpoint ?? new URL(import.meta.url).origin;
  const url = new URL(`/v1/shops/${encodeURIComponent(shop)}/events`, base);
  const log = events ? new Events({ url, key, visit, allow: () => true }) : null;
  const language = () => locale ?? (document.documentElement.lang || navigator.language);
  let answer = { suggestions: [] };
  const about = () => ({ suggest_id: answer.suggest_id, prefix: answer.prefix, locale: language() });
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
      answer = found;
      // Each with where it stood: by the time of a pick the library may have asked again.
      waiting(found.suggestions.map((one, place) => ({ ...one, shown: { ...about(), ordinal: place + 1 } })));
    },
  });

  // The library drops what an older keystroke resolves to; it is resolved all the same, so that nothing waits for ever.
  const ask = (query) =>
    new Promise((resolve) => {
      waiting([]);
      waiting = resolve;
      asked = query;
      client.ask(query, language());
    });

  return {
    name: "intentrie",
    getSources({ query }) {
      return [
        {
          sourceId,
          getItems: () => ask(query),
          getItemInputValue: ({ item }) => item.text,
          onSelect: (picked) => {
            const { item } = picked;
            const { ordinal, ...shown } = item.shown;
            const object = { object_id: item.text, object_id_field: "suggestion" };
            log?.add("suggest_pick", { ...shown, object, position: { ordinal } });
            visit.searched(item.text);
            onSelect?.(picked);
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
                item.scope ? ` in ${item.scope.split(" > ").pop()}` : null,
              ),
          },
        },
      ];
    },
    onStateChange({ prevState, state }) {
      const shown = answer.suggestions.map((one) => one.text);
      if (!prevState.isOpen && state.isOpen && shown.length) log?.add("suggest", { ...about(), shown });
    },
  };
}
