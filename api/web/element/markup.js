// Building elements without ever parsing text as markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Spans are half-open offsets in Unicode code points (the server counts as Python does), not UTF-16 units.
export function marked(text, spans, inside, outside) {
  const points = Array.from(text);
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    if (start > at) parts.push(outside(points.slice(at, start).join("")));
    parts.push(inside(points.slice(start, end).join("")));
    at = end;
  }
  if (at < points.length) parts.push(outside(points.slice(at).join("")));
  return parts;
}
