// Turning the pages of a document: which one is on the stage, and those beside it fetched ahead.

import { Picture } from "./picture.js";
import { _ } from "./words.js";

const AHEAD = 2; // pages that are fetched on each side
const KEPT = 12; // pages from the one on the stage up to which a fetched one is kept
const FETCH_AGAIN = 2000; // ms after a page failed

export class Pages {
  // part: gives an element by its class; turn: asks for another page, or to draw again.
  constructor(part, turn) {
    this.part = part;
    this.redraw = () => turn({});
    this.item = null; // what is on the stage
    this.number = 1; // of its page there
    this.pictures = new Map(); // number -> Picture, of this document; its face is the queue's
    const slider = part("turner");
    slider.addEventListener("input", () => turn({ to: Number(slider.value) }));
    slider.addEventListener("pointerup", () => slider.blur()); // else it would own the arrow keys
    part("pages").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) turn({ step: Number(button.dataset.step) });
    });
  }

  get many() {
    return (this.item?.pages ?? 1) > 1;
  }

  // The picture of what is asked; a document that comes to the stage opens at its face.
  picture(queue, item) {
    if (item.id !== this.item?.id) {
      this.number = item.face ?? 1;
      for (const number of this.pictures.keys()) this.drop(number);
    }
    this.item = item;
    this.draw();
    if (!this.many) return queue.load(item);
    const picture = this.load(this.number, queue); // first: somebody waits for it
    this.ahead(queue);
    return picture;
  }

  leave() {
    this.item = null;
    this.draw();
  }

  // By so many pages, or to one; the first and the last are the ends.
  turn({ step = 0, to = this.number + step }) {
    if (this.many) this.number = Math.min(Math.max(to, 1), this.item.pages);
  }

  // The neighbors, the nearest first; what is far away goes.
  ahead(queue) {
    for (const number of this.pictures.keys())
      if (Math.abs(number - this.number) > KEPT) this.drop(number);
    for (let away = 1; away <= AHEAD; away++)
      for (const number of [this.number + away, this.number - away])
        if (number >= 1 && number <= this.item.pages) queue.ahead(this.load(number, queue), true);
  }

  drop(number) {
    this.pictures.get(number).close();
    this.pictures.delete(number);
  }

  load(number, queue) {
    if (number === this.item.face) return queue.load(this.item); // it was fetched with the others
    const known = this.pictures.get(number);
    if (!known) return this.fetch(number);
    known.renew(pageOf(this.item, number));
    return known;
  }

  fetch(number) {
    const picture = new Picture(pageOf(this.item, number));
    const failed = () => setTimeout(() => this.fetchAgain(number, picture), FETCH_AGAIN);
    picture.addEventListener("error", failed, { once: true });
    this.pictures.set(number, picture);
    return picture;
  }

  // Unless another document is on the stage by now.
  fetchAgain(number, picture) {
    if (this.pictures.get(number) !== picture) return;
    this.drop(number);
    this.redraw();
  }

  draw() {
    const { pages = 1, face } = this.item ?? {};
    this.part("pages").hidden = !this.many;
    if (!this.many) return;
    const place = _("page {number} of {pages}", { number: this.number, pages });
    const slider = this.part("turner");
    slider.max = pages;
    slider.value = this.number;
    slider.ariaValueText = place;
    this.part("place").textContent = place;
    this.part("sees").textContent = _("models see page {face}", { face });
  }
}

// A page as a picture is made of it: where its document is, with sizes and numbers of its own.
export function pageOf(item, number) {
  const { display, numbers, sheets = [] } = item.turned ?? {};
  const { width, height, large, deep } = sheets[Math.min(number, sheets.length) - 1] ?? {};
  const at = (address) => `${address}&page=${number}`;
  return {
    ...item,
    ...{ number, width, height, url: at(item.url) },
    display: at(large ? display : item.url),
    numbers: deep ? at(numbers) : "",
  };
}
