// The card of a guess as an element, its picture at full size, and what was decided on it.

import { _ } from "./words.js";

const TINY = 64; // px; smaller pictures are shown with their pixels
const ANEW = 5000; // ms until a picture that did not come is fetched again

export function cardOf({ id, url, tiny, name, sure, detail, doubted }) {
  const whole = document.createElement("div");
  const parts = ["img", "strong", "span", "span", "span"];
  const [picture, title, share, line, mark] = parts.map((tag) => document.createElement(tag));
  const head = document.createElement("div");
  Object.assign(whole, { className: "card", id: `card-${id}`, title: `${name} · ${detail}` });
  whole.dataset.image = id;
  whole.toggleAttribute("data-doubted", Boolean(doubted));
  whole.setAttribute("role", "option");
  picture.addEventListener("error", () => setTimeout(() => again(picture, url), ANEW));
  Object.assign(picture, { alt: "", src: url });
  picture.classList.toggle("tiny", tiny < TINY);
  title.textContent = name;
  Object.assign(share, { className: "sure", textContent: sure });
  head.className = "head";
  head.append(title, share);
  Object.assign(line, { className: "detail", textContent: detail });
  mark.className = "mark";
  whole.append(picture, head, line, mark);
  return whole;
}

function again(picture, url) {
  if (picture.isConnected) picture.src = url;
}

// The picture of a card, large.
export function largeOf({ full, tiny, name, line: told }) {
  const picture = document.createElement("img");
  const line = document.createElement("p");
  line.textContent = told;
  Object.assign(picture, { src: full, alt: name });
  picture.classList.toggle("tiny", tiny < TINY * 4);
  return [picture, line];
}

export function markOf({ kind, classId }, names, doubted) {
  if (kind === "reject") return doubted ? _("✓ kept") : _("✗ rejected");
  return `✓ ${names.get(classId) ?? ""}`;
}
