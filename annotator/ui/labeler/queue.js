// The images to ask: the current one, the next ones already loaded, and those just answered.

const DECODE_AHEAD = 6;
const REMEMBER = 50; // answered images that one can go back to

export class Queue {
  constructor() {
    this.items = []; // items[0] is asked now
    this.history = []; // {question, classId}, oldest first
    this.back = 0; // how many answers one has gone back
    this.kept = new Set(); // images put back by an undo, whether the server lists them or not
    this.pictures = new Map(); // image id -> HTMLImageElement
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
    this.items = first.map((item) => ({ ...item, url: fresh.get(item.id)?.url ?? item.url }));
    this.items.push(...open.filter((item) => !held.has(item.id)));
    this.prefetch();
  }

  answer(classId) {
    const question = this.current;
    if (this.back) {
      this.looking.classId = classId;
      this.back -= 1;
    } else {
      this.items.shift();
      this.kept.delete(question.id);
      this.history.push({ question, classId });
      if (this.history.length > REMEMBER) this.history.shift();
    }
    this.prefetch();
    return question;
  }

  undo() {
    this.back = 0;
    const last = this.history.pop();
    if (!last) return null;
    this.items.unshift(last.question);
    this.kept.add(last.question.id);
    this.prefetch();
    return last.question;
  }

  move(step) {
    this.back = Math.min(Math.max(this.back - step, 0), this.history.length);
    this.prefetch();
  }

  prefetch() {
    const wanted = [this.current, ...this.items].filter(Boolean);
    const recent = this.history.slice(-3).map((entry) => entry.question);
    const ids = new Set([...wanted, ...recent].map((item) => item.id));
    for (const id of this.pictures.keys()) if (!ids.has(id)) this.pictures.delete(id);
    for (const item of wanted) this.load(item);
    for (const item of wanted.slice(0, DECODE_AHEAD)) {
      const picture = this.load(item);
      picture.decode().catch(() => {}); // a failed one is told by its error event
    }
  }

  load(item) {
    const known = this.pictures.get(item.id);
    if (known && !(known.dataset.failed && known.dataset.url !== item.url)) return known;
    const picture = new Image();
    picture.dataset.url = item.url;
    picture.addEventListener("error", () => (picture.dataset.failed = "1"), { once: true });
    picture.alt = "Image to label";
    picture.src = item.url;
    this.pictures.set(item.id, picture);
    return picture;
  }
}
