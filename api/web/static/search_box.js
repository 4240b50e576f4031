// The combobox: an input, a listbox, and the keyboard of the ARIA 1.2 pattern.

import { element, marked } from "./dom.js";
import { SuggestClient } from "./suggest_client.js";

const span = (name) => (text) => element("span", { class: name }, text);

export class SearchBox {
  constructor({ input, list, shop, key, locale, onSearch }) {
    Object.assign(this, { input, list, locale, onSearch });
    this.suggestions = [];
    this.active = -1;
    this.client = new SuggestClient({ shop, key, onSuggestions: (found) => this.show(found) });
    input.addEventListener("input", (event) => {
      this.typed = input.value;
      if (!event.isComposing) this.client.ask(input.value, this.locale());
    });
    input.addEventListener("compositionend", () => this.client.ask(input.value, this.locale()));
    input.addEventListener("focus", () => this.client.ask(input.value, this.locale()));
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search(input.value);
    });
  }

  show(suggestions) {
    if (document.activeElement !== this.input) return;
    this.suggestions = suggestions;
    this.active = -1;
    this.list.replaceChildren(...suggestions.map((suggestion, i) => this.option(suggestion, i)));
    this.input.removeAttribute("aria-activedescendant");
    this.toggle(suggestions.length > 0);
  }

  option(suggestion, i) {
    const text = element("span", { class: "text" }, ...marked(suggestion.text, suggestion.highlights, span("typed"), span("rest")));
    const note = suggestion.scope ? `in ${suggestion.scope}` : suggestion.kind === "query" ? null : suggestion.kind;
    return element(
      "li",
      { role: "option", id: `suggestion-${i}`, "aria-selected": "false", onmousedown: (event) => this.pick(event, i) },
      suggestion.image ? element("img", { src: suggestion.image, alt: "" }) : null,
      text,
      note ? element("span", { class: "kind" }, note) : null,
    );
  }

  onKey(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !open) this.client.ask(this.input.value, this.locale());
    else if (step) this.move(step);
    else if (event.key === "Escape" && open) {
      this.input.value = this.typed ?? this.input.value;
      this.close();
    } else return;
    event.preventDefault();
  }

  // -1 is the input itself: past either end the shopper is back at what was typed.
  move(step) {
    const places = this.suggestions.length + 1;
    this.active = ((this.active + 1 + step + places) % places) - 1;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.active)));
    if (this.active < 0) {
      this.input.removeAttribute("aria-activedescendant");
      this.input.value = this.typed ?? "";
    } else {
      this.input.setAttribute("aria-activedescendant", `suggestion-${this.active}`);
      this.input.value = this.suggestions[this.active].text;
      this.list.children[this.active].scrollIntoView({ block: "nearest" });
    }
  }

  pick(event, i) {
    event.preventDefault();
    this.search(this.suggestions[i].text);
  }

  search(text) {
    this.input.value = this.typed = text;
    this.client.forget();
    this.close();
    this.onSearch(text);
  }

  close() {
    this.toggle(false);
  }

  toggle(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }
}
