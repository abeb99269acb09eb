// What this tab holds: every few seconds it says that it lives and what it has, and as it closes
// it gives that back. A worker says it, for a hidden tab's own clock is slowed down to a minute.

const ADDRESS = "held";

export class Leases {
  constructor(heard) {
    this.heard = heard; // called with {status, shown, gone, more}
    this.heardAt = null; // when the server last said that it knows this tab
    this.told = "";
    this.onHide = () => this.close();
    this.turn = 0;
  }

  // What came with a message of the server: a ticket, and how often to say something.
  take(held) {
    if (!held) return;
    this.held = held;
    this.heardAt = Date.now();
    this.tell();
  }

  // What the tab has: the first is on the screen.
  has(items, turn) {
    this.items = items.map(({ id }) => id);
    this.turn = turn;
    this.tell();
  }

  tell() {
    if (!this.held || !this.items || this.stopped) return;
    const { ticket, every } = this.held;
    const shown = this.items[0] ?? null;
    const body = JSON.stringify({ ticket, shown, items: this.items });
    if (body === this.told) return;
    this.told = body;
    this.beating().postMessage({ address: address(), body, shown, every });
  }

  beating() {
    if (!this.worker) {
      this.worker = new Worker(new URL("./beat.js", import.meta.url), { type: "module" });
      this.worker.onmessage = ({ data }) => {
        if (data.status === 200) this.heardAt = Date.now();
        if (!this.stopped) this.heard(data);
      };
      window.addEventListener("pagehide", this.onHide);
    }
    return this.worker;
  }

  // Whether the server has not heard of this tab for so long that others may have its images.
  lapsed() {
    return this.heardAt !== null && Date.now() - this.heardAt > this.held.silence;
  }

  go() {
    this.stopped = false;
    this.told = "";
    this.tell();
  }

  // Another page of the app is looked at: what the tab holds runs out, unless one comes back soon.
  stop() {
    this.stopped = true;
    this.worker?.terminate();
    this.worker = null;
    window.removeEventListener("pagehide", this.onHide);
  }

  close() {
    const body = JSON.stringify({ ticket: this.held.ticket, turn: this.turn });
    navigator.sendBeacon?.(address(), body);
  }
}

function address() {
  return new URL(ADDRESS, document.baseURI).href;
}
