// UBI 1.3 events of a search box, in batches, also while the page is being left.

const FLUSH_MS = 5000;
const MOST_WAITING = 50;

export class Events {
  constructor({ url, key, visit, allow }) {
    this.url = new URL(url);
    // In the address, and as plain text: a page that is being left has no time for a preflight.
    if (key) this.url.searchParams.set("key", key);
    Object.assign(this, { visit, allow });
    this.waiting = [];
    this.onHide = () => document.visibilityState === "hidden" && this.flush();
    addEventListener("visibilitychange", this.onHide);
    addEventListener("pagehide", this.onHide);
  }

  add(action_name, event_attributes, more = {}) {
    const { session, client } = this.visit;
    const base = { application: "intentrie-search", action_name, timestamp: new Date().toISOString() };
    const event = { ...base, session_id: session, client_id: client, ...more, event_attributes };
    if (!this.allow(event)) return;
    this.waiting.push(event);
    if (this.waiting.length >= MOST_WAITING) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const body = JSON.stringify(this.waiting.splice(0));
    // What cannot be sent is lost: a log of clicks is not worth a shopper's memory.
    if (body !== "[]") fetch(this.url, { method: "POST", body, keepalive: true }).catch(() => {});
  }

  close() {
    this.flush();
    removeEventListener("visibilitychange", this.onHide);
    removeEventListener("pagehide", this.onHide);
  }
}
