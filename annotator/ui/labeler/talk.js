// The talk of a page with the server: what waits in its outbox goes as one cumulative list, again and
// again, each time after twice as long, until the server says that it is stored.

const PATIENCE = 2500; // ms without a reply before sending again; doubled each time
const MOST_PATIENCE = 10000; // a server that was restarted is found within this time
const MOST_WAITING = 30000; // ms before sending again what the server could not store
const AT_ONCE = 200; // events of one message

export class Talk {
  // send: says it again, by `say`; late: called when the server did not reply.
  constructor(send, late) {
    Object.assign(this, { send, late });
    this.publish = null; // puts a message on its way; Streamlit gives another at each call
    this.beat = 0;
    this.waiting = false;
    this.offline = false;
    this.failures = 0; // messages in a row that were not answered, or not stored
    this.failed = 0; // the last message that could not be stored
  }

  say(outbox, more = {}) {
    this.waiting = true;
    this.beat = Math.max(this.beat + 1, Date.now()); // a remounted page starts above the last
    this.again(MOST_PATIENCE, () => {
      this.offline = true;
      this.failures += 1;
      this.late();
    });
    const events = outbox.pending().slice(0, AT_ONCE);
    const now = Date.now() / 1000; // by it the server tells how long ago each press was
    this.publish("message", { client: outbox.client, beat: this.beat, now, ...more, events });
  }

  // A reply came; whether it is the one to the newest message, and all of that is stored.
  heard({ error, beat }) {
    if (error) this.retry(beat);
    if (error || beat < this.beat) return false;
    this.waiting = this.offline = false;
    this.failures = 0;
    this.stop();
    return true;
  }

  // The server is there and cannot store: each time it is left alone for twice as long.
  retry(beat) {
    if (beat < this.beat || beat === this.failed) return; // told before
    this.failed = beat;
    this.offline = false;
    this.failures += 1;
    this.again(MOST_WAITING);
  }

  again(most, before = () => {}) {
    this.stop();
    const work = () => {
      before();
      this.send();
    };
    this.timer = setTimeout(work, Math.min(PATIENCE * 2 ** this.failures, most));
  }

  // Ask the server for more after so long, where nothing waits to be stored.
  after(pause) {
    this.timer = setTimeout(() => this.send(), pause);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
