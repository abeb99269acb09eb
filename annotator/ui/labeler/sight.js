// Whether what was put into a page, such as cards and the picture of each, was there to be seen.

export class Sight {
  constructor(cards) {
    this.cards = cards; // their element
    this.since = null;
    this.count = 0;
  }

  // Cards were put in: they come to the eye once two frames were drawn.
  async begin() {
    this.count += 1;
    const own = this.count;
    this.since = null;
    delete this.cards.dataset.painted;
    await twoFrames();
    if (this.count !== own) return;
    this.since = performance.now();
    this.cards.dataset.painted = "";
  }

  // Whether it has been in sight for so many milliseconds.
  seen(least) {
    return this.since !== null && performance.now() - this.since >= least;
  }
}

export function isLoaded(whole) {
  const picture = whole?.querySelector("img");
  return Boolean(picture?.complete && picture.naturalWidth);
}

// What was put into a page has come to the eye once two frames were drawn.
export async function twoFrames() {
  for (let drawn = 0; drawn < 2; drawn++) await new Promise(requestAnimationFrame);
}
