// The list under the box: options, in groups where they are asked for, and which of them is active.

import { element, marked } from "./markup.js";

// With groups, what is a thing of its own stands under its heading; queries come first and need none.
const GROUPS = ["category", "brand", "attribute", "product"];

export class Listbox {
  // `labels` gives words for people; `onPick` gets a place, `onDrop` the place of a recent search that is to be forgotten,
  // `onClear` forgets all of them.
  constructor({ labels, onPick, onDrop, onClear }) {
    Object.assign(this, { labels, onPick, onDrop });
    this.options = element("div", { role: "listbox", id: "list" });
    // Screen readers on touch screens have no Delete key, and find no control inside an option.
    this.clear = element("button", { type: "button", class: "note clear", part: "clear", onclick: onClear });
    this.node = element("div", { class: "list", part: "list", hidden: true }, this.options, this.clear);
    // The box keeps the focus, whatever is pressed here.
    this.node.addEventListener("mousedown", (event) => event.preventDefault());
    this.suggestions = [];
    this.active = -1;
  }

  get open() {
    return !this.node.hidden;
  }

  show(suggestions, grouped) {
    const groups = new Map([["", []]]);
    for (const one of suggestions) {
      const name = grouped && GROUPS.includes(one.kind) ? one.kind : "";
      groups.set(name, [...(groups.get(name) ?? []), one]);
    }
    const names = ["", ...GROUPS].filter((name) => groups.get(name)?.length);
    this.suggestions = names.flatMap((name) => groups.get(name)); // in the order of the eye and of the arrow keys
    this.options.setAttribute("aria-label", this.labels.suggestions);
    this.clear.textContent = this.labels.clear;
    this.clear.hidden = !suggestions.some((one) => one.source === "recent");
    let place = 0;
    this.options.replaceChildren(
      ...names.flatMap((name) => {
        const options = groups.get(name).map((one) => this.option(one, place++, name));
        if (!name) return options;
        const heading = element("div", { class: "heading", id: `group-${name}`, role: "presentation" }, this.labels[name]);
        return [element("div", { role: "group", "aria-labelledby": heading.id }, heading, ...options)];
      }),
    );
    this.activate(-1);
    this.node.hidden = !this.suggestions.length;
  }

  option(one, place, group) {
    const parts = marked(
      one.text,
      one.highlights ?? [],
      (text) => element("mark", {}, text),
      (text) => element("span", { class: "rest" }, text),
    );
    const { scope, kind, source, correction } = one;
    // Of a path its last step: the way there says nothing that the words do not.
    const said = scope ? this.labels.scope(scope.split(" > ").pop()) : (this.labels[`source-${source}`] ?? (group || kind === "query" ? null : this.labels[kind]));
    // Nothing inside an option may be a control of its own: this one is for pointers, the Delete key is for everybody.
    const drop = () =>
      element("span", { class: "note drop", "aria-hidden": "true", onclick: (event) => this.dropped(event, place) }, "✕");
    return element(
      "div",
      {
        class: "option",
        part: "option",
        role: "option",
        id: `option-${place}`,
        "aria-selected": "false",
        "aria-description": source === "recent" ? this.labels.forget : null,
        onclick: () => this.onPick(place),
      },
      one.image ? element("img", { src: one.image, alt: "", loading: "lazy" }) : null,
      element("span", { class: "text", dir: "auto" }, ...parts),
      // Which of the typed words it was read for: a wrong one, or another name ("sofa", for "couch").
      correction ? element("span", { class: "note", part: "read" }, this.labels.read(correction.original)) : null,
      said ? element("span", { class: "note" }, said) : null,
      source === "recent" ? drop() : null,
    );
  }

  dropped(event, place) {
    event.stopPropagation();
    this.onDrop(place);
  }

  // -1 is the box itself: past either end the shopper is back at what was typed.
  step(by) {
    const places = this.suggestions.length + 1;
    this.activate(((this.active + 1 + by + places) % places) - 1);
    return this.suggestions[this.active];
  }

  activate(place) {
    this.active = place;
    this.node.querySelectorAll("[role=option]").forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === place));
      if (i === place) option.scrollIntoView({ block: "nearest" });
    });
  }

  close() {
    this.activate(-1);
    this.node.hidden = true;
  }
}
