// Which of the images that wait to be settled is on the screen, and what was said of them here.
// Nothing here touches the page of the browser.

export class Apart {
  constructor() {
    this.cards = []; // {id, sha256, said, ...}: the first that the server lists
    this.shown = null; // stays until it is answered or put off, whatever is listed meanwhile
    this.made = new Map(); // image id -> {card, classId}
    this.order = []; // ids of these, the last answered last
    this.later = []; // ids put off, the last put off last
  }

  take(cards) {
    this.cards = cards;
    this.shown ??= this.open[0] ?? null;
  }

  // What is listed and has no answer here; what was put off comes last.
  get open() {
    const place = ({ id }) => this.later.indexOf(id); // -1: it was not
    const left = this.cards.filter(({ id }) => !this.made.has(id));
    return left.sort((a, b) => place(a) - place(b));
  }

  // How many are left, of so many that the server knew of when it made its list.
  left(listed) {
    const { cards, shown, made } = this;
    const gone = cards.filter(({ id }) => made.has(id)).length;
    const back = shown && !cards.some(({ id }) => id === shown.id); // it was taken back
    return Math.max(0, listed - gone) + (back ? 1 : 0);
  }

  answer(classId) {
    const card = this.shown;
    this.made.set(card.id, { card, classId });
    this.order.push(card.id);
    this.next(card.id);
  }

  putOff() {
    const { id } = this.shown;
    this.later = [...this.later.filter((each) => each !== id), id];
    this.next(id);
  }

  next(id) {
    const { open } = this;
    this.shown = open.find((card) => card.id !== id) ?? open[0] ?? null;
  }

  // Take back the last answer, whose image is shown again; null: there is none.
  undo() {
    const id = this.order.pop();
    if (id === undefined) return null;
    this.shown = this.made.get(id).card;
    this.made.delete(id);
    return this.shown;
  }

  // An answer was refused: it is none, and its image comes again if it is still listed.
  refused(id) {
    this.made.delete(id);
    this.order = this.order.filter((each) => each !== id);
  }
}
