// Window and level of the picture on the stage: its row of buttons, and the pixels by them.

import { chosen, dragged, isBlank, own, PRESETS, table, words } from "./levels.js";
import { _ } from "./words.js";

export class Windowing {
  constructor(row, choose) {
    this.row = row;
    this.choose = choose; // called with a wish, see levels.js
    this.told = row.querySelector(".levels");
    row.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) choose(JSON.parse(button.dataset.wish));
    });
  }

  // Another picture. What is wanted of it is there when the promise ends.
  async put(picture, wish) {
    this.picture = picture;
    this.found = this.drawn = null;
    this.row.hidden = !picture.item.numbers;
    if (this.row.hidden) return;
    this.told.textContent = "";
    this.offer({ windows: [], levels: [] }, wish);
    const fetching = this.fetch();
    if (wish) await fetching; // else its picture of 8 bits shows just that
  }

  async fetch() {
    const { picture } = this;
    const found = await picture.numbers();
    if (this.picture !== picture || !found) return;
    this.found = found;
    this.choose(); // draws it, as it is looked at by now
  }

  get ready() {
    return Boolean(this.found);
  }

  get has() {
    return Boolean(this.picture?.item.numbers);
  }

  dragged(wish, right, down) {
    if (this.found) return dragged(this.found.line, wish, right, down);
    this.fetch(); // it may have failed before
    return wish;
  }

  draw(wish) {
    if (!this.found) return;
    const { line } = this.found;
    const key = JSON.stringify(wish);
    if (this.drawn?.picture === this.picture && this.drawn.key === key) return;
    const window = chosen(line, wish);
    const colors = table(line, window);
    if (wish) this.picture.paint(this.found, colors);
    else this.picture.unpaint();
    this.drawn = { picture: this.picture, key };
    const blank = isBlank(line, colors) ? _("one gray: nothing of this image lies there") : "";
    this.told.textContent = [words(window), blank, line.note].filter(Boolean).join(" · ");
    this.offer(line, wish);
  }

  // The file's own windows, and those that readers know by name.
  offer(line, wish) {
    const windows = own(line);
    const files = windows
      .slice(1)
      .map((each, place) => [_("file {n}", { n: place + 2 }), { own: place + 1 }, each]);
    const named = Object.entries(PRESETS).map(([name, each]) => [_(name), { preset: name }, each]);
    const first = [
      windows.length > 1 ? _("file {n}", { n: 1 }) : _("file"),
      null,
      windows[0],
      _(FILE),
    ];
    const all = [first, ...files, [_("auto"), { auto: true }, null, _(AUTO)], ...named];
    const key = JSON.stringify([all, wish]);
    if (this.offered === key) return;
    this.offered = key;
    const buttons = all.map(([name, meaning, window, title = ""]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.title = window ? words(window) : title;
      button.dataset.wish = JSON.stringify(meaning);
      button.ariaPressed = String(JSON.stringify(wish ?? null) === button.dataset.wish);
      return button;
    });
    this.row.replaceChildren(...buttons, this.told);
  }
}

const FILE = "As the file says";
const AUTO = "Between the darkest and the lightest, but for a hundredth";
