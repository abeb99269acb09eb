// What was decided on the guesses of one page, and which card is looked at. Nothing here touches
// the page of the browser.

export class Decisions {
  constructor(cards) {
    this.cards = cards; // {id, sha256, class_id, ...}
    this.at = 0; // the card that keys mean
    this.made = new Map(); // image id -> {kind, classId}
    this.order = []; // image ids, the last decided last
  }

  get current() {
    return this.cards[this.at] ?? null;
  }

  get open() {
    return this.cards.filter(({ id }) => !this.made.has(id));
  }

  // The page is entered again: what was decided on it stays so, with its card; of the others those
  // go that are not offered any more. They may have been decided elsewhere.
  enter(offered) {
    const looked = this.current?.id;
    const fresh = new Map(offered.map((card) => [card.id, card]));
    const kept = this.cards.filter(({ id }) => this.made.has(id) || fresh.has(id));
    const known = new Set(kept.map(({ id }) => id));
    const cards = kept.map((card) => fresh.get(card.id) ?? card);
    this.cards = [...cards, ...offered.filter(({ id }) => !known.has(id))];
    this.at = 0;
    this.look(known.has(looked) ? looked : this.open[0]?.id);
  }

  // Go so many cards on; the ends hold.
  move(step) {
    this.at = Math.max(0, Math.min(this.cards.length - 1, this.at + step));
  }

  look(id) {
    const place = this.cards.findIndex((card) => card.id === id);
    if (place >= 0) this.at = place;
  }

  // Decide on a card, and look at the next that is open, from here on and then from the start.
  decide(card, kind, classId) {
    this.made.set(card.id, { kind, classId });
    this.order = [...this.order.filter((id) => id !== card.id), card.id];
    const count = this.cards.length;
    for (let step = 1; step <= count; step += 1) {
      const place = (this.at + step) % count;
      if (!this.made.has(this.cards[place].id)) {
        this.at = place;
        return;
      }
    }
  }

  // Take back the decision that was made last; the card is looked at again. null: there is none.
  undo() {
    const id = this.order.pop();
    if (id === undefined) return null;
    this.made.delete(id);
    this.look(id);
    return this.current;
  }
}

// What accepting or rejecting a card comes to. A guess of the model is said yes or no to. Of a
// person's label that the model doubts the card says the label: to accept it is to turn the guess
// down, which leaves the label as it was given, and to reject it is to take the guess instead.
export function meant(act, { class_id, doubted }) {
  return { kind: (act === "accept") === Boolean(doubted) ? "reject" : "label", classId: class_id };
}

const ACTS = {
  Enter: "accept",
  Backspace: "undo",
  PageDown: "next",
  Escape: "close",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const LETTERS = { x: "reject", u: "undo", z: "zoom" };

// The key of a class on this page: none where its letter has another use here.
export function reviewKey({ key }) {
  return LETTERS[key] ? "" : key;
}

// What a key press asks for, of classes with their keys; null for a key without a use.
export function reviewAct({ key, code, shiftKey }, classes) {
  if (shiftKey) return key.toLowerCase() === "a" ? { kind: "all" } : null;
  const lower = key.toLowerCase();
  const kind = ACTS[key] ?? LETTERS[lower];
  if (kind) return { kind };
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  const found = classes.find((each) => reviewKey(each) && each.key === (digit ?? lower));
  return found ? { kind: "label", classId: found.id } : null;
}
