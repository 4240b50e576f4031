// Suggestions per keystroke over one WebSocket; over HTTP where sockets are blocked.

import { Pace } from "./pace.js";

const RECONNECT_MS = [250, 1000, 4000, 15000]; // each with up to as much again at random, so that clients do not return together
const FAILURES_BEFORE_HTTP = 2;
const LONGEST = 200; // an address has an end; over the socket the server leaves longer ones out itself
const SILENT_MS = 2000; // some proxies let a socket open, and nothing through it

export class SuggestClient {
  // `groups` keeps places for categories and products; `visit` gives {session, queries, clicked} for each keystroke; `onAnswer` gets {prefix, suggest_id, suggestions}.
  constructor({ endpoint = location.origin, shop, key = "", limit = 8, groups, visit, onAnswer }) {
    this.url = new URL(`/v1/shops/${encodeURIComponent(shop)}/suggest`, endpoint);
    Object.assign(this, { key, limit, groups: groups || undefined, visit, onAnswer });
    this.seq = this.shown = 0;
    this.failures = this.mayConnectAt = 0;
    this.asked = new Map(); // prefix by seq, of what may still be answered
    this.unanswered = null; // only the newest is worth an answer; kept until it has one, because a connection may be lost between
    this.pace = new Pace((request) => this.send(request));
  }

  connect() {
    const url = new URL(this.url);
    url.protocol = url.protocol.replace("http", "ws");
    try {
      this.socket = this.key ? new WebSocket(url, [this.key]) : new WebSocket(url);
    } catch {
      this.failures = FAILURES_BEFORE_HTTP; // a page whose policy forbids sockets is told so at once
      return;
    }
    this.socket.onopen = () => this.unanswered && this.send(this.unanswered);
    this.socket.onmessage = (message) => {
      this.failures = 0;
      this.deliver(JSON.parse(message.data));
    };
    this.socket.onclose = () => {
      const pause = RECONNECT_MS[Math.min(this.failures++, RECONNECT_MS.length - 1)];
      clearTimeout(this.silence);
      this.socket = null;
      this.mayConnectAt = performance.now() + pause * (1 + Math.random());
      if (!this.unanswered) return; // the next keystroke connects
      this.connectLater();
      if (this.failures >= FAILURES_BEFORE_HTTP) this.askOverHttp(this.unanswered);
    };
  }

  connectLater() {
    clearTimeout(this.reconnecting);
    this.reconnecting = setTimeout(() => this.connect(), Math.max(0, this.mayConnectAt - performance.now()));
  }

  ask(prefix, locale) {
    const { session, queries, clicked } = this.visit();
    this.unanswered = { seq: ++this.seq, prefix, locale, session, limit: this.limit, groups: this.groups, context: { queries, clicked } };
    this.asked.set(this.seq, prefix);
    this.pace.ask(this.unanswered);
  }

  // A page that nobody searches on holds no socket: the first keystroke, or the focus before it, opens one.
  send(request) {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(request));
      clearTimeout(this.silence);
      this.silence = setTimeout(() => this.unanswered && this.askOverHttp(this.unanswered), SILENT_MS);
      return;
    }
    if (!this.socket && this.failures === 0) this.connect();
    else if (!this.socket) this.connectLater();
    if (this.failures >= FAILURES_BEFORE_HTTP) this.askOverHttp(request);
  }

  // Whatever was asked for is not wanted any more: an answer still on its way is for another text.
  forget() {
    this.shown = ++this.seq;
    this.unanswered = null;
    this.asked.clear();
    this.pace.stop();
    this.fetching?.abort();
  }

  close() {
    this.forget();
    clearTimeout(this.reconnecting);
    clearTimeout(this.silence);
    if (!this.socket) return;
    this.socket.onclose = null;
    this.socket.close();
  }

  async askOverHttp(request) {
    this.fetching?.abort();
    this.fetching = new AbortController();
    const { prefix: q, locale, limit, session, groups, context } = request;
    const asked = new URLSearchParams({ q, locale, limit, session });
    if (groups) asked.set("groups", groups);
    for (const [name, texts] of Object.entries(context))
      for (const text of texts) if (text.length <= LONGEST) asked.append(name, text);
    try {
      const headers = this.key ? { "X-Intentrie-Key": this.key } : {};
      const response = await fetch(`${this.url}?${asked}`, { headers, signal: this.fetching.signal });
      if (response.ok) this.deliver({ ...(await response.json()), seq: request.seq });
    } catch {
      // Superseded, or no network: the box works without suggestions, and the socket goes on trying.
    }
  }

  // An older keystroke's answer is shown where the newest has none yet, as long as it fits what stands there now.
  deliver(answer) {
    const prefix = this.asked.get(answer.seq);
    if (prefix === undefined || answer.seq <= this.shown) return;
    const newest = answer.seq === this.seq;
    if (newest) {
      this.unanswered = null; // an error is an answer too: asking the same again would bring the same
      this.pace.answered();
    } else if (!this.asked.get(this.seq).startsWith(prefix)) return;
    this.shown = answer.seq;
    for (const seq of this.asked.keys()) if (seq < answer.seq || newest) this.asked.delete(seq);
    if (answer.suggestions) this.onAnswer({ ...answer, prefix });
  }
}
