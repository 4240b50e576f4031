// When to ask: the first keystroke at once, later ones no sooner than answers come back, the last one always.

const FAST_MS = 50; // answers within this are as good as instant: every keystroke may ask
const LONGEST_MS = 300;
const WEIGHT = 0.3; // of the newest round trip

export class Pace {
  constructor(send) {
    this.send = send;
    this.tripMs = 0;
    this.sentAt = -Infinity;
  }

  get gapMs() {
    return this.tripMs <= FAST_MS ? 0 : Math.min(this.tripMs, LONGEST_MS);
  }

  ask(request) {
    clearTimeout(this.timer);
    const wait = this.sentAt + this.gapMs - performance.now();
    if (wait <= 0) this.now(request);
    else this.timer = setTimeout(() => this.now(request), wait);
  }

  now(request) {
    this.sentAt = performance.now();
    this.send(request);
  }

  answered() {
    this.tripMs += WEIGHT * (performance.now() - this.sentAt - this.tripMs);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
