// Answers that the server has not acknowledged. Each lives under its own key of localStorage, so
// that tabs never overwrite one another and an answer outlives its tab.

const ORPHAN_AFTER = 10; // seconds; a living tab has long sent an answer of this age
const LAST = 2 ** 40; // what a tab counts to; a number beyond it is damaged
const RESTORE_GAP = 100; // a tab restored after a crash may have forgotten its last few numbers

export class Outbox {
  constructor(workspace, client) {
    this.prefix = `certilabel:${workspace}:`;
    this.client = client;
    this.given = new Map(); // image id -> kinds of its answers of this page that are stored and stand
    const known = Number(read("sessionStorage", `${this.prefix}seq:${client}`));
    this.seq = known > 0 && known < LAST ? Math.floor(known) : 0;
    if (this.seq) this.seq += RESTORE_GAP;
    this.events = new Map(); // storage key -> event
    this.adopt();
  }

  key(event) {
    return `${this.prefix}event:${event.client}:${event.seq}`;
  }

  adopt() {
    for (const [key, text] of entries(`${this.prefix}event:`)) {
      const event = attempt(() => JSON.parse(text));
      if (!isAnswer(event) || this.key(event) !== key) continue; // nobody could acknowledge it
      const own = event.client === this.client;
      if (own && event.seq < LAST) this.seq = Math.max(this.seq, event.seq);
      const age = Math.abs(Date.now() / 1000 - event.at); // a clock that was put back: as old
      if (own || !(age <= ORPHAN_AFTER)) this.events.set(key, event);
    }
  }

  append(fields) {
    this.seq += 1;
    const event = { client: this.client, seq: this.seq, at: Date.now() / 1000, ...fields };
    write("sessionStorage", `${this.prefix}seq:${this.client}`, String(this.seq));
    write("localStorage", this.key(event), JSON.stringify(event));
    this.events.set(this.key(event), event);
  }

  pending() {
    const events = [...this.events.values()];
    return events.sort((a, b) => a.client.localeCompare(b.client) || a.seq - b.seq);
  }

  settle(ack, refused) {
    const gone = new Set(refused.map(([client, seq]) => `${client}:${seq}`));
    this.seq = Math.max(this.seq, ack[this.client] ?? 0); // a restored tab may be behind
    for (const [key, event] of this.events) {
      const turnedDown = gone.has(`${event.client}:${event.seq}`);
      if (!turnedDown && event.seq > (ack[event.client] ?? 0)) continue;
      this.events.delete(key);
      attempt(() => localStorage.removeItem(key));
      if (!turnedDown) this.stored(event);
    }
  }

  stored({ kind, image_id: image, ...event }) {
    if (!isOfAnswer({ kind, ...event })) return;
    const stand = this.given.get(image) ?? [];
    this.given.set(image, kind === "undo" ? stand.slice(0, -1) : [...stand, kind]);
  }

  // Images whose label of this page is stored: a skip leaves one that there is.
  get saved() {
    const last = (kinds) => kinds.findLast((kind) => kind !== "skip");
    return [...this.given.values()].filter((kinds) => last(kinds) === "label").length;
  }

  // Images of which a pending answer stands: the server may still list them.
  answered() {
    const left = new Map(); // image id -> answers
    for (const { kind, image_id: image } of this.pending().filter(isOfAnswer)) {
      const answers = left.get(image) ?? 0;
      left.set(image, kind === "undo" ? Math.max(answers - 1, 0) : answers + 1);
    }
    return new Set([...left].filter(([, answers]) => answers).map(([image]) => image));
  }
}

// A flag and a note leave the image where it is, and so does taking one back.
function isOfAnswer({ kind, takes }) {
  const marks = ["flag", "note"];
  return !marks.includes(kind) && !marks.includes(takes);
}

// Damaged storage holds anything; the server judges the rest of what is in an answer.
function isAnswer(event) {
  return typeof event?.client === "string" && Number.isSafeInteger(event.seq);
}

// Where a browser has its storage switched off, its mere name throws: so it is looked up in here.
function attempt(work) {
  try {
    return work();
  } catch {
    return null; // full or switched off: answers live as long as the page, and are on their way
  }
}

function read(storage, key) {
  return attempt(() => globalThis[storage].getItem(key));
}

function write(storage, key, text) {
  attempt(() => globalThis[storage].setItem(key, text));
}

function entries(prefix) {
  const all = attempt(() => Object.entries(localStorage)) ?? [];
  return all.filter(([key]) => key.startsWith(prefix));
}

// The tab's own number series. A duplicated tab copies sessionStorage, and two tabs that number
// alike would swallow each other's answers: a lock tells whether the name is taken.
export async function claimClient(workspace) {
  const slot = `certilabel:${workspace}:client`;
  const known = read("sessionStorage", slot);
  if (known && (await hold(known))) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const fresh = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  write("sessionStorage", slot, fresh);
  await hold(fresh);
  return fresh;
}

function hold(client) {
  if (!navigator.locks) return Promise.resolve(false); // plain http: a fresh name each load
  return new Promise((resolve) => {
    const until = (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {}); // held until the tab goes
    };
    const asked = navigator.locks.request(`certilabel:${client}`, { ifAvailable: true }, until);
    asked.catch(() => resolve(false)); // refused where storage is switched off
  });
}
