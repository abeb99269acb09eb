// One image of the queue, as large as the stage needs it: a bitmap that is made ahead of the key, all
// of its pixels once one looks closer, and its numbers once one windows them.

import { _ } from "./words.js";

const SLACK = 1.25; // pixels of the screen that one of a picture may fill before a larger one is fetched
const DISPLAY = 1400; // pixels a side of a picture for a stage, as the server makes it

export class Picture extends EventTarget {
  constructor(item) {
    super();
    this.item = item;
    this.failed = false;
    this.note = ""; // what is to be said of it
    this.layers = {};
    this.blob = this.fetch(item.display ?? item.url).then((answer) => answer.blob());
    this.blob.then(
      () => this.dispatchEvent(new Event("load")),
      () => this.fail(),
    );
  }

  async fetch(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url} is not to be had: ${answer.status}`);
    return answer;
  }

  fail() {
    if (this.failed) return;
    this.failed = true;
    this.dispatchEvent(new Event("error"));
  }

  // The same image under addresses that are good for longer.
  renew(item) {
    if (!this.failed) this.item = item;
  }

  get url() {
    return this.item.url;
  }

  // In its own pixels; null while it is not known.
  get size() {
    const { width, height } = this.item.width ? this.item : (this.bitmap ?? {});
    return width ? { width, height } : null;
  }

  // What is on the stage for it.
  get element() {
    if (!this.made) {
      this.made = document.createElement("div");
      this.made.className = "picture";
      this.made.setAttribute("role", "img");
      this.made.setAttribute("aria-label", named(this.item));
    }
    return this.made;
  }

  // A bitmap for a stage of so many pixels of the screen, decoded and reduced beside the page's work.
  // Other than a decoded <img>, it stays until it is closed.
  prepare(room) {
    const wanted = this.fitted(room);
    if (this.preparing && this.wanted === wanted?.width) return this.preparing;
    this.wanted = wanted?.width;
    this.preparing = this.blob
      .then((blob) => createImageBitmap(blob, sized(wanted)))
      .then((bitmap) => this.hold(bitmap))
      .catch(() => this.fail());
    return this.preparing;
  }

  hold(bitmap) {
    this.bitmap?.close();
    this.bitmap = bitmap;
    if (this.closed) bitmap.close();
    return bitmap;
  }

  fitted(room) {
    const { width, height } = this.item;
    if (!width || !room?.width || !room.height) return null;
    const shown = Math.min(1, DISPLAY / Math.max(width, height));
    const scale = Math.min(room.width / width, room.height / height);
    if (scale >= shown) return null; // a stage that is larger shows it as it comes
    const pixels = (length) => Math.max(1, Math.round(length * scale));
    return { width: pixels(width), height: pixels(height) };
  }

  // Put the bitmap into the element; whether it could be made.
  async draw(room) {
    await this.prepare(room);
    const { bitmap } = this;
    if (!bitmap || this.closed || this.failed) return false;
    this.canvas("bitmap", bitmap.width, bitmap.height).drawImage(bitmap, 0, 0);
    return true;
  }

  canvas(name, width, height) {
    const layer = this.layers[name] ?? document.createElement("canvas");
    if (layer.width !== width || layer.height !== height) Object.assign(layer, { width, height });
    this.lay(name, layer);
    return layer.getContext("2d", { alpha: false });
  }

  // One above the other: a bitmap for the stage, all pixels, and numbers as they are windowed.
  lay(name, layer) {
    if (this.layers[name] === layer) return;
    this.layers[name] = layer;
    const { bitmap, sharp, numbers } = this.layers;
    this.element.replaceChildren(...[bitmap, sharp, numbers].filter(Boolean));
  }

  // Fetch as many pixels as are looked at: `density` pixels of the screen for one of its own.
  async sharpen(density) {
    if (!this.bitmap || !this.item.width || this.closed) return;
    const held = (width) => (width / this.item.width) * SLACK;
    if (density <= held(this.bitmap.width)) return;
    const { display = this.item.url, url, width, height } = this.item;
    const reduced = width * Math.min(1, DISPLAY / Math.max(width, height));
    const wanted = density <= held(reduced) ? display : url;
    if (this.sharp === url || this.sharp === wanted) return;
    this.sharp = wanted;
    const whole = new Image();
    whole.alt = ""; // the element around it has the name
    whole.src = wanted;
    this.say(wanted === display ? "" : _("all pixels are being fetched…"));
    try {
      await whole.decode();
    } catch {
      if (this.sharp === wanted) this.sharp = null; // the next zoom tries again
      return this.say(_("not all pixels could be fetched: zoom again"));
    }
    if (this.closed || this.sharp !== wanted) return;
    this.lay("sharp", whole);
    this.say("");
  }

  say(text) {
    this.note = text;
    this.dispatchEvent(new Event("note"));
  }

  // What it holds behind its gray: {line, pixels}; null where that is all there is.
  numbers() {
    this.numbering ??= this.item.numbers ? this.unpack() : Promise.resolve(null);
    return this.numbering;
  }

  async unpack() {
    try {
      const answer = await this.fetch(this.item.numbers);
      const content = new Uint8Array(await answer.arrayBuffer());
      const end = content.indexOf(10); // the line's
      const line = JSON.parse(new TextDecoder().decode(content.subarray(0, end)));
      return { line, pixels: new Uint16Array(content.buffer, end + 1) };
    } catch {
      this.numbering = null; // whoever drags next tries again
      this.say(_("its numbers could not be fetched: drag again"));
      return null;
    }
  }

  // Its numbers in these colors, above all else.
  paint({ line, pixels }, colors) {
    const context = this.canvas("numbers", line.width, line.height);
    this.image ??= context.createImageData(line.width, line.height);
    const out = new Uint32Array(this.image.data.buffer);
    for (let place = 0; place < out.length; place++) out[place] = colors[pixels[place]];
    context.putImageData(this.image, 0, 0);
  }

  unpaint() {
    this.lay("numbers", undefined);
  }

  // Bitmaps are not the garbage collector's: whoever lets it go says so.
  close() {
    this.closed = true;
    this.bitmap?.close();
    this.layers = {};
    this.image = this.numbering = null;
  }
}

function named({ pages = 1, face, number = face }) {
  if (pages === 1) return _("Image to label");
  return _("Page {number} of {pages} of the document to label", { number, pages });
}

function sized(wanted) {
  if (!wanted) return {};
  return { resizeWidth: wanted.width, resizeHeight: wanted.height, resizeQuality: "high" };
}
