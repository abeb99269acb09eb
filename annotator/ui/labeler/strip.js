// Beside the question: the labeled images of each class that are most like it, as the server finds
// them. Classes stand in the order of their keys, and nothing says which of them is the most alike.

import { _ } from "./words.js";

const AHEAD = 2; // images after the current one that are asked about as well
const SIDE = 78; // pixels that a picture takes, with the gap after it

export class Strip {
  constructor(part) {
    this.part = part;
    this.known = new Map(); // image id -> what the server said of it
    this.asked = new Set(); // image ids: each is asked about once, unless that may have been lost
  }

  // Images that the server is to compare with others, for its next message.
  wanting({ items }) {
    const near = items.slice(0, AHEAD + 1).filter((item) => !this.of(item));
    return near.map(({ id }) => id).filter((id) => !this.asked.has(id));
  }

  ask(ids) {
    for (const id of ids) this.asked.add(id);
  }

  again() {
    this.asked.clear();
  }

  take(compared, { items }) {
    for (const each of compared) {
      this.known.set(each.image, each);
      this.asked.delete(each.image);
    }
    const waiting = new Set(items.map(({ id }) => id));
    for (const id of this.known.keys()) if (!waiting.has(id)) this.known.delete(id);
  }

  // An audit that begins says something else of a question, and what was known of it goes.
  of({ id, reason }) {
    const found = this.known.get(id);
    return found?.reason === reason ? found : null;
  }

  draw({ current: item, looking }, classes) {
    const found = item && !looking ? this.of(item) : null;
    const drawn = JSON.stringify([item?.id, found, looking === null, classes]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const row = this.part("strip");
    row.scrollLeft = 0;
    if (!item) return row.replaceChildren();
    if (looking)
      return row.replaceChildren(words(_("Only what is asked is compared with others.")));
    if (!found) return row.replaceChildren(words(_("Looking for the nearest labeled images…")));
    if (found.why) return row.replaceChildren(words(found.why));
    const urls = new Map(found.classes.map((each) => [each.id, each.urls]));
    const shown = classes.filter(({ id }) => urls.has(id));
    const each = Math.max(1, Math.floor(row.getBoundingClientRect().width / shown.length / SIDE));
    row.replaceChildren(...shown.map((one) => group(one, urls.get(one.id).slice(0, each))));
  }
}

function group({ name, key }, urls) {
  const pictures = urls.map((url) => {
    const picture = document.createElement("img");
    Object.assign(picture, { src: url, alt: _("labeled {name}", { name }) });
    return picture;
  });
  const figure = document.createElement("figure");
  const below = document.createElement("figcaption");
  below.textContent = [key?.toUpperCase(), name].filter(Boolean).join(" ");
  figure.title = name;
  figure.append(...(pictures.length ? pictures : [words(_("none yet"))]), below);
  return figure;
}

function words(text) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}
