// Suggestions per keystroke over one WebSocket; over HTTP where sockets are blocked.

const RECONNECT_MS = [250, 1000, 4000, 15000]; // each with up to as much again at random, so that clients do not return together
const FAILURES_BEFORE_HTTP = 2;

export class SuggestClient {
  constructor({ shop, key, onSuggestions }) {
    this.path = `/v1/shops/${encodeURIComponent(shop)}/suggest`;
    this.key = key;
    this.onSuggestions = onSuggestions;
    this.session = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    this.seq = 0;
    this.failures = 0;
    this.waiting = null;
    this.connect();
  }

  connect() {
    const url = new URL(this.path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.socket = this.key ? new WebSocket(url, [this.key]) : new WebSocket(url);
    this.socket.onopen = () => {
      this.failures = 0;
      if (this.waiting) this.socket.send(this.waiting);
      this.waiting = null;
    };
    this.socket.onmessage = (message) => this.deliver(JSON.parse(message.data));
    this.socket.onclose = () => {
      const pause = RECONNECT_MS[Math.min(this.failures++, RECONNECT_MS.length - 1)];
      setTimeout(() => this.connect(), pause * (1 + Math.random()));
    };
  }

  ask(prefix, locale) {
    const request = { seq: ++this.seq, prefix, locale, session: this.session, limit: 8 };
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(request));
    else if (this.failures >= FAILURES_BEFORE_HTTP) this.askOverHttp(request);
    else this.waiting = JSON.stringify(request); // only the newest is worth sending
  }

  async askOverHttp(request) {
    const url = `${this.path}?${new URLSearchParams({ q: request.prefix, locale: request.locale, limit: request.limit })}`;
    const response = await fetch(url, { headers: this.key ? { "X-Intentrie-Key": this.key } : {} });
    if (response.ok) this.deliver({ ...(await response.json()), seq: request.seq });
  }

  deliver(answer) {
    if (answer.seq === this.seq && answer.suggestions) this.onSuggestions(answer.suggestions);
  }
}
