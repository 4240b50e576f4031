// Who is searching, as far as a page may know: a random name for this visit, and what was searched for before.

const MOST_RECENT = 10;
const MOST_QUERIES = 5;
const MOST_CLICKED = 5; // the server reads no more

const random = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join("-");

// Private windows and strict settings refuse storage: then nothing outlives the page.
function read(storage, name) {
  try {
    return JSON.parse(globalThis[storage].getItem(name));
  } catch {
    return null;
  }
}

function write(storage, name, value) {
  try {
    globalThis[storage].setItem(name, JSON.stringify(value));
  } catch {
    // As above.
  }
}

export class Visit {
  constructor(shop) {
    this.name = `intentrie:${shop}`;
    const held = read("sessionStorage", this.name) ?? {};
    this.session = held.session ?? random();
    this.queries = Array.isArray(held.queries) ? held.queries : [];
    this.clicked = Array.isArray(held.clicked) ? held.clicked : [];
    const recent = read("localStorage", `${this.name}:recent`);
    this.recent = Array.isArray(recent) ? recent.filter((text) => typeof text === "string") : [];
    this.keep();
  }

  // Of this browser; made only for events, which say whose they are and no more.
  get client() {
    const name = `${this.name}:client`;
    this.clientId ??= read("localStorage", name) ?? random();
    write("localStorage", name, this.clientId);
    return this.clientId;
  }

  searched(text) {
    const same = (other) => other.toLowerCase() === text.toLowerCase();
    this.queries = [...this.queries.filter((other) => !same(other)), text].slice(-MOST_QUERIES);
    this.recent = [text, ...this.recent.filter((other) => !same(other))].slice(0, MOST_RECENT);
    this.keep();
  }

  lookedAt(product_id) {
    this.clicked = [...this.clicked.filter((other) => other !== product_id), product_id].slice(-MOST_CLICKED);
    this.keep();
  }

  // One search, or all. Another name for the visit: what the server remembers under the old one is nobody's. Nor are the
  // clicks, which tell what was searched for.
  forget(text) {
    const stays = (other) => text !== undefined && other !== text;
    this.recent = this.recent.filter(stays);
    this.queries = this.queries.filter(stays);
    this.clicked = [];
    this.session = random();
    this.keep();
  }

  keep() {
    write("sessionStorage", this.name, { session: this.session, queries: this.queries, clicked: this.clicked });
    write("localStorage", `${this.name}:recent`, this.recent);
  }
}
