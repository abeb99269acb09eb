// The next images, small: from the bitmaps that are held for the stage, so nothing more is fetched.

const SHOWN = 6;
const HEIGHT = 48; // pixels
const MOST = 96; // pixels of width

export class Coming {
  constructor(row) {
    this.row = row;
    this.small = new WeakMap(); // Picture -> canvas
  }

  draw(queue) {
    const next = queue.items.slice(queue.looking ? 0 : 1).slice(0, SHOWN);
    const shown = next.map((item) => this.canvas(queue.load(item)));
    if (shown.every((each, place) => each === this.row.children[place])) {
      if (shown.length === this.row.children.length) return;
    }
    this.row.replaceChildren(...shown);
  }

  canvas(picture) {
    const known = this.small.get(picture);
    if (known) return known;
    const made = document.createElement("canvas");
    Object.assign(made, { width: HEIGHT, height: HEIGHT });
    this.small.set(picture, made);
    picture.preparing?.then((bitmap) => bitmap && !picture.closed && paint(made, bitmap));
    return made;
  }
}

function paint(canvas, bitmap) {
  const scale = Math.min(HEIGHT / bitmap.height, MOST / bitmap.width);
  const size = (length) => Math.max(1, Math.round(length * scale));
  Object.assign(canvas, { width: size(bitmap.width), height: size(bitmap.height) });
  canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0, canvas.width, canvas.height);
}
