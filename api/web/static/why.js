// The "why this?" drawer: what was understood, and the parts of one product's score.

import { element } from "../element/markup.js";

const percent = (share) => element("meter", { min: 0, max: 1, value: share, title: share.toFixed(2) });
const number = (value) => (typeof value === "number" ? value.toFixed(3).replace(/\.?0+$/, "") : String(value));

export function explanation(understanding, hit) {
  return [...(hit ? scores(hit) : []), ...understood(understanding)];
}

function scores(hit) {
  const rows = Object.entries(hit.reasons ?? {}).map(([name, value]) => [name.replaceAll("_", " "), number(value)]);
  return section(`Score of “${hit.title}”`, ["Part", "Value"], [["total", number(hit.score)], ...rows]);
}

function understood(u) {
  const span = (part) => part.text ?? Array.from(u.query).slice(part.start, part.end).join("");
  return [
    ...section("Mentions", ["Words", "Read as", "Sure"], u.mentions.map((m) => [m.text, `${m.label} (${m.scheme.replace("_", " ")})`, percent(m.confidence)])),
    ...section("Constraints", ["Words", "Condition", ""], u.constraints.map((c) => [c.text, `${c.field} ${c.operator} ${c.values.join(", ")}`, c.strict ? "must" : "prefers"])),
    ...section("Looking for", ["Kind", "Evidence", "Sure"], [...u.intents, ...u.categories].map((i) => [i.label, i.evidence, percent(i.confidence)])),
    ...section("Corrections", ["Typed", "Read as", "Sure"], u.corrections.map((c) => [c.original, c.replacement, percent(c.confidence)])),
    ...section("Also searched for", ["Words", "Reason", "Weight"], u.expansions.map((e) => [`${span(e)} → ${e.text}`, e.reason, number(e.weight)])),
  ];
}

function section(title, columns, rows) {
  if (!rows.length) return [];
  const cells = (tag, values) => element("tr", {}, ...values.map((value) => element(tag, {}, value)));
  return [element("h3", {}, title), element("table", {}, element("thead", {}, cells("th", columns)), element("tbody", {}, ...rows.map((row) => cells("td", row))))];
}
