// The images to ask: the current one, the next ones already loaded, and those just answered.

import { Picture } from "./picture.js";

const AHEAD = 6; // pictures after the current one that are ready for the stage
const FETCH_AGAIN = 2000; // ms after a picture failed; doubled each time
const FETCH_AGAIN_MOST = 60000;
const EARLIER = 5; // answers before the one that is looked at from which on older ones are fetched

export class Queue {
  constructor() {
    this.items = []; // items[0] is asked now
    this.history = []; // {question, kind, classId, why, turn, before}, oldest first
    this.turns = 0; // answers that were given here
    this.undoing = false; // whether the image in sight is looked back at by an undo
    this.doubt = null; // {id, asked}: an image whose answer was taken back, and may have an older one
    this.ended = false; // whether these are all of one's own
    this.renewed = 0; // the image whose address was asked for anew last
    this.back = 0; // how many answers one has gone back
    this.kept = new Set(); // images put back by an undo, whether the server lists them or not
    this.pictures = new Map(); // image id -> Picture
    this.ahead = (picture) => picture.prepare(); // called with those that come next
    this.changed = () => {}; // called when a picture that had failed is there after all
  }

  get current() {
    return this.looking?.question ?? this.items[0] ?? null;
  }

  get looking() {
    return this.back ? this.history[this.history.length - this.back] : null;
  }

  // The image on the screen never changes under the expert's finger: it stays first.
  merge(incoming, answered) {
    const open = incoming.filter((item) => !answered.has(item.id));
    const fresh = new Map(open.map((item) => [item.id, item]));
    const first = this.items.filter((item, place) => place === 0 || this.kept.has(item.id));
    const held = new Set(first.map((item) => item.id));
    this.items = first.map((item) => ({ ...item, ...renewed(fresh.get(item.id) ?? item) }));
    this.items.push(...open.filter((item) => !held.has(item.id)));
    this.prefetch();
  }

  // What others have by now. The image on the screen stays.
  part(ids) {
    const stays = ({ id }, place) => place === 0 || this.kept.has(id) || !ids.includes(id);
    this.items = this.items.filter(stays);
    this.prefetch();
  }

  // Nothing of it was held for a while: the server lists anew what there is.
  lapse() {
    this.items = [];
    this.kept.clear();
  }

  answer(classId, kind = classId === null ? "skip" : "label") {
    const question = this.current;
    const turn = ++this.turns;
    this.undoing = false;
    if (this.back) {
      const { question: _question, before = [], ...was } = this.looking;
      const now = { classId, kind, why: "", turn, changed: true, before: [...before, was] };
      Object.assign(this.looking, now);
      this.items = this.items.filter(({ id }) => id !== question.id); // a skip may wait there
      this.back -= 1;
    } else {
      this.items.shift();
      this.kept.delete(question.id);
      this.history = this.history.filter((each) => each.question.id !== question.id);
      this.history.push({ question, kind, classId, why: "", turn });
    }
    this.prefetch();
    return question;
  }

  // The answer that an undo takes back: that which is looked back at, else what was given last.
  get undoable() {
    if (this.looking && !this.undoing) return this.looking;
    const later = (one, other) => ((one.turn ?? 0) > (other.turn ?? 0) ? one : other);
    return this.history.length ? this.history.reduce(later) : null;
  }

  // An older answer to its image counts again, and is looked back at; else the image is asked again.
  undo() {
    const entry = this.undoable;
    if (!entry) return null;
    if (entry.before?.length) this.restore(entry);
    else this.reask(entry);
    this.prefetch();
    return entry.question;
  }

  restore(entry) {
    const { question, before } = entry;
    const place = this.history.indexOf(entry);
    this.history[place] = { ...before.at(-1), question, before: before.slice(0, -1) };
    this.back = this.history.length - place;
    this.undoing = true;
  }

  reask(entry) {
    const { question, turn } = entry;
    this.history = this.history.filter((each) => each !== entry);
    this.back = 0;
    this.undoing = false;
    // It may wait already, as one that was skipped and has come back does
    this.items = this.items.filter(({ id }) => id !== question.id);
    this.items.unshift(question);
    this.kept.add(question.id);
    // Of an answer from before a reload only the server knows what its person had said before
    this.doubt = turn || question.again === "own" ? null : { id: question.id, asked: false };
  }

  // An older answer that counts again is looked back at, and not asked as if there were none.
  dispel(from, [found]) {
    if (!this.doubt?.asked || this.doubt.id !== from) return;
    this.doubt = null;
    const waits = this.items.some(({ id }) => id === from); // else it was answered meanwhile
    if (!waits || found?.question.id !== from || found.kind === "skip") return;
    const inSight = this.current.id === from;
    this.items = this.items.filter(({ id }) => id !== from);
    this.kept.delete(from);
    this.history.push(found);
    this.back += inSight || this.back ? 1 : 0;
    this.undoing ||= inSight;
  }

  // The image from whose answer on older ones are wanted, 0 for the newest; null for none.
  get wanting() {
    if (this.doubt) return this.doubt.id;
    const shown = this.looking?.question.id;
    if (shown && this.pictures.get(shown)?.failed && this.renewed !== shown) return shown;
    if (this.ended || this.history.length - this.back >= EARLIER) return null;
    return this.oldest;
  }

  // The oldest answer that is where the server has it: one that was changed here is its newest.
  get oldest() {
    return this.history.find((entry) => !entry.changed)?.question.id ?? 0;
  }

  // One's own answers as the server has them, the newest first, from that of image `from` on.
  recall(from, answers) {
    this.dispel(from, answers);
    this.renewed = from;
    const known = new Map(this.history.map((entry) => [entry.question.id, entry]));
    const older = [];
    for (const { question, ...answer } of answers) {
      const entry = known.get(question.id);
      if (entry) Object.assign(entry.question, addresses(question));
      else if (!this.kept.has(question.id)) older.unshift({ question, ...answer });
    }
    this.history.unshift(...older);
    if (!older.length && (!from || from === this.oldest)) this.ended = true;
    this.prefetch();
  }

  move(step) {
    this.undoing = false;
    this.back = Math.min(Math.max(this.back - step, 0), this.history.length);
    this.prefetch();
  }

  prefetch() {
    const wanted = [...new Set([this.current, ...this.items].filter(Boolean))];
    const place = this.history.length - this.back;
    const recent = this.history
      .slice(Math.max(place - 3, 0), place + 1)
      .map(({ question }) => question);
    const ids = new Set([...wanted, ...recent].map((item) => item.id));
    for (const [id, picture] of this.pictures) {
      if (ids.has(id)) continue;
      picture.close();
      this.pictures.delete(id);
    }
    for (const item of wanted) this.load(item);
    for (const item of wanted.slice(0, AHEAD + 1)) this.ahead(this.load(item));
  }

  load(item) {
    const known = this.pictures.get(item.id);
    if (!known || (known.failed && known.url !== item.url)) return this.fetch(item, 0);
    known.renew(item);
    return known;
  }

  fetch(item, failures) {
    const picture = new Picture(item);
    const failed = () => {
      const wait = Math.min(FETCH_AGAIN * 2 ** failures, FETCH_AGAIN_MOST);
      setTimeout(() => this.fetchAgain(item.id, picture, failures + 1), wait);
    };
    picture.addEventListener("error", failed, { once: true });
    if (failures) picture.addEventListener("load", () => this.changed(), { once: true });
    this.pictures.set(item.id, picture);
    return picture;
  }

  // Unless it is no longer wanted, or the server has named another address since.
  fetchAgain(id, picture, failures) {
    if (this.pictures.get(id) !== picture) return;
    this.fetch(picture.item, failures);
    this.changed();
  }
}

// What the server may say anew of an image that stays. An audit takes the guess away.
function renewed(item) {
  const { reason, guess, detail, about } = item;
  return { ...addresses(item), reason, guess, detail, about };
}

function addresses({ url, display, numbers, turned }) {
  return { url, display, numbers, turned };
}
