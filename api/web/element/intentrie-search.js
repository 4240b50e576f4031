// <intentrie-search>: an ARIA 1.2 combobox over a shop's suggestions. README.md has its attributes, events and properties.

import { Events } from "./events.js";
import { Listbox } from "./listbox.js";
import { element } from "./markup.js";
import { sheet } from "./style.js";
import { SuggestClient } from "./suggest-client.js";
import { Visit } from "./visit.js";

const SAY_AFTER_MS = 700; // of silence: a screen reader has to say the typed letters first
const SHOWN_RECENT = 5;

const ENGLISH = {
  label: "Search",
  suggestions: "Suggestions",
  category: "Categories",
  brand: "Brands",
  attribute: "Properties",
  product: "Products",
  "source-recent": "searched before",
  "source-trending": "popular now",
  forget: "Press Delete to forget this search",
  clear: "Forget all searches",
  scope: (name) => `in ${name}`,
  read: (typed) => `for “${typed}”`,
  found: (count) => (count ? `${count} suggestions, use up and down arrows` : "no suggestions"),
};

export class IntentrieSearch extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ["shop", "key", "endpoint", "limit", "groups", "label", "placeholder", "events", "value"];

  #internals = this.attachInternals();
  #typed = "";
  #labels = ENGLISH;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [sheet];
    this.input = element("input", {
      type: "search",
      part: "input",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "list",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      enterkeyhint: "search",
      maxlength: "256",
    });
    this.list = new Listbox({
      labels: this.#labels,
      onPick: (place) => this.#pick(place),
      onDrop: (place) => this.#forget(this.list.suggestions[place].text),
      onClear: () => this.#forget(),
    });
    this.said = element("div", { class: "said", role: "status" });
    root.append(this.input, this.list.node, this.said);
    this.input.addEventListener("input", (event) => this.#changed(event));
    this.input.addEventListener("compositionend", () => this.#changed({}));
    this.input.addEventListener("focus", () => this.#ask());
    this.input.addEventListener("blur", () => this.#close());
    this.input.addEventListener("keydown", (event) => this.#key(event));
  }

  connectedCallback() {
    // What stands inside works without scripts; with them its words are taken over.
    const plain = this.querySelector("input");
    if (plain) {
      this.value ||= plain.value;
      for (const name of ["placeholder", "name"]) if (!this.hasAttribute(name) && plain[name]) this.setAttribute(name, plain[name]);
      if (!this.hasAttribute("label") && plain.ariaLabel) this.setAttribute("label", plain.ariaLabel);
      plain.remove();
    }
    this.#open();
  }

  disconnectedCallback() {
    this.client?.close();
    this.events?.close();
    this.client = this.events = null;
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === "placeholder") this.input.placeholder = now ?? "";
    else if (name === "label") this.input.ariaLabel = now ?? this.#labels.label;
    else if (name === "value") this.value = now ?? "";
    else if (this.isConnected) this.#open();
  }

  formResetCallback() {
    this.value = this.getAttribute("value") ?? "";
  }

  get value() {
    return this.input.value;
  }

  // As if it had been typed, without asking for suggestions.
  set value(text) {
    this.input.value = this.#typed = text;
    this.#internals.setFormValue(text);
  }

  // Words for people in another language, any of those above.
  set labels(words) {
    this.#labels = { ...ENGLISH, ...words };
    this.list.labels = this.#labels;
    this.input.ariaLabel = this.getAttribute("label") ?? this.#labels.label;
  }

  get locale() {
    return this.getAttribute("locale") || this.closest("[lang]")?.lang || navigator.language;
  }

  // Search for a text, as Enter does.
  search(text = this.value, suggestion = null) {
    this.value = text;
    this.client?.forget();
    this.#close();
    const query = text.trim();
    const query_id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    if (query) {
      this.visit.searched(query);
      this.events?.add("search", { locale: this.locale }, { query_id, user_query: query });
    }
    if (suggestion?.scope) this.#confine(text, suggestion.scope);
    const detail = { query, query_id, suggestion };
    if (this.#tell("intentrie-search", detail)) this.#internals.form?.requestSubmit();
  }

  // A product of the results was clicked: it is logged, and orders what this visit is suggested.
  clicked(product_id, { query_id, ordinal } = {}) {
    this.visit.lookedAt(product_id);
    const object = { object_id: product_id, object_id_field: "product_id" };
    this.events?.add("click", { locale: this.locale, object, position: { ordinal } }, { query_id });
  }

  // The form says which category was picked, beside the text.
  #confine(text, category) {
    const said = new FormData();
    said.append(this.getAttribute("name") ?? "q", text);
    said.append("category", category);
    this.#internals.setFormValue(said);
  }

  #open() {
    this.disconnectedCallback();
    const shop = this.getAttribute("shop");
    if (!shop) return;
    const key = this.getAttribute("key") ?? "";
    const endpoint = this.getAttribute("endpoint") || new URL(import.meta.url).origin;
    this.visit = new Visit(shop);
    this.input.ariaLabel = this.getAttribute("label") ?? this.#labels.label;
    const visit = () => this.visit;
    const limit = Number(this.getAttribute("limit")) || 8;
    const groups = this.hasAttribute("groups");
    this.client = new SuggestClient({ endpoint, shop, key, limit, groups, visit, onAnswer: (answer) => this.#show(answer) });
    // Without a key only an administrator may write events, and no page is one.
    if (this.getAttribute("events") === "off" || !key) return;
    const url = new URL(`/v1/shops/${encodeURIComponent(shop)}/events`, endpoint);
    const allow = (event) => this.#tell("intentrie-event", event);
    this.events = new Events({ url, key, visit: this.visit, allow });
  }

  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  #changed(event) {
    this.#typed = this.input.value;
    this.#internals.setFormValue(this.#typed);
    if (!event.isComposing) this.#ask();
  }

  #ask() {
    this.client?.ask(this.#typed, this.locale);
  }

  #show(answer) {
    if (this.shadowRoot.activeElement !== this.input) return;
    const own = this.hasAttribute("recent") && this.getAttribute("recent") === "off" ? [] : this.#recent(answer);
    const known = new Set(own.map((one) => one.text.toLowerCase()));
    const others = answer.suggestions.filter((one) => one.product_id || !known.has(one.text.toLowerCase()));
    this.list.show([...own, ...others].slice(0, Math.max(own.length, this.client.limit)), this.hasAttribute("groups"));
    this.answer = answer;
    this.#expanded();
    this.#say();
    const shown = this.list.suggestions.map((one) => one.text); // in the order of the eye: what stands first is looked at first
    if (shown.length) this.events?.add("suggest", { ...this.#about(), shown });
  }

  #about() {
    return { suggest_id: this.answer.suggest_id, prefix: this.answer.prefix, locale: this.locale };
  }

  #recent(answer) {
    if (answer.prefix.trim()) return [];
    return this.visit.recent.slice(0, SHOWN_RECENT).map((text) => ({ text, kind: "query", source: "recent" }));
  }

  #say() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      this.said.textContent = this.#labels.found(this.list.open ? this.list.suggestions.length : 0);
    }, SAY_AFTER_MS);
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const { list } = this;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.altKey) {
      if (step > 0) this.#ask();
      else this.#close();
    } else if (step && !list.open) this.#ask();
    else if (step) this.#move(step);
    else if (event.key === "Enter") this.#enter();
    else if (event.key === "Escape" && (list.open || this.value)) this.#escape();
    else if (event.key === "Delete" && list.suggestions[list.active]?.source === "recent") this.#forget(list.suggestions[list.active].text);
    else {
      // A caret that moves is in the box again; its text stays what it is.
      if (/^(Arrow(Left|Right)|Home|End)$/.test(event.key) && list.active >= 0) {
        list.activate(-1);
        this.#typed = this.value;
        this.#expanded();
      }
      return;
    }
    event.preventDefault();
  }

  #move(step) {
    const one = this.list.step(step);
    this.input.value = one ? one.text : this.#typed;
    this.#internals.setFormValue(this.input.value);
    this.#expanded();
  }

  #enter() {
    if (this.list.active >= 0) this.#pick(this.list.active);
    else this.search();
  }

  // First back to what was typed, without the list; then an empty box.
  #escape() {
    this.value = this.list.open ? this.#typed : "";
    this.#close();
  }

  #pick(place) {
    const one = this.list.suggestions[place];
    const object = { object_id: one.text, object_id_field: "suggestion" };
    this.events?.add("suggest_pick", { ...this.#about(), object, position: { ordinal: place + 1 } });
    if (this.#tell("intentrie-pick", one)) this.search(one.text, one);
    else this.#close();
  }

  // One search of before; without a text all of them.
  #forget(text) {
    this.visit.forget(text);
    this.value = "";
    this.#ask();
  }

  #close() {
    this.list.close();
    clearTimeout(this.saying);
    this.said.textContent = "";
    this.#expanded();
  }

  #expanded() {
    this.input.setAttribute("aria-expanded", String(this.list.open));
    if (this.list.active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `option-${this.list.active}`);
  }
}

if (!customElements.get("intentrie-search")) customElements.define("intentrie-search", IntentrieSearch);
