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
    this.unanswered = null; // only the newest is worth an answer; kept until it has one, because a connection may be lost between
    this.connect();
  }

  connect() {
    const url = new URL(this.path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.socket = this.key ? new WebSocket(url, [this.key]) : new WebSocket(url);
    this.socket.onopen = () => {
      this.failures = 0;
      if (this.unanswered) this.socket.send(JSON.stringify(this.unanswered));
    };
    this.socket.onmessage = (message) => this.deliver(JSON.parse(message.data));
    this.socket.onclose = () => {
      const pause = RECONNECT_MS[Math.min(this.failures++, RECONNECT_MS.length - 1)];
      setTimeout(() => this.connect(), pause * (1 + Math.random()));
      if (this.unanswered && this.failures === FAILURES_BEFORE_HTTP) this.askOverHttp(this.unanswered);
    };
  }

  ask(prefix, locale) {
    this.unanswered = { seq: ++this.seq, prefix, locale, session: this.session, limit: 8 };
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(this.unanswered));
    else if (this.failures >= FAILURES_BEFORE_HTTP) this.askOverHttp(this.unanswered);
  }

  // Whatever was asked for is not wanted any more: an answer still on its way is for another text.
  forget() {
    this.seq++;
    this.unanswered = null;
    this.fetching?.abort();
  }

  async askOverHttp(request) {
    this.fetching?.abort();
    this.fetching = new AbortController();
    const { prefix: q, locale, limit, session } = request;
    const url = `${this.path}?${new URLSearchParams({ q, locale, limit, session })}`;
    try {
      const headers = this.key ? { "X-Intentrie-Key": this.key } : {};
      const response = await fetch(url, { headers, signal: this.fetching.signal });
      if (response.ok) this.deliver({ ...(await response.json()), seq: request.seq });
    } catch {
      // Superseded, or no network: the box works without suggestions, and the socket goes on trying.
    }
  }

  deliver(answer) {
    if (answer.seq !== this.seq) return;
    this.unanswered = null; // an error is an answer too: asking the same again would bring the same
    if (answer.suggestions) this.onSuggestions(answer.suggestions);
  }
}
