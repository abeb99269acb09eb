// Pictures in a grid; each is a button, and may be ticked. Every text from outside goes through
// textContent.

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  const grid = parentElement.querySelector(".grid");
  const bar = parentElement.querySelector(".bar");
  const drawn = JSON.stringify(data);
  if (grid.dataset.drawn === drawn) return; // a redraw would take the focus away
  grid.dataset.drawn = drawn;
  const ticks = new Map(); // id -> its box
  const told = () => {
    const ids = [...ticks].filter(([, box]) => box.checked).map(([id]) => id);
    bar.querySelector("span").textContent = ids.length
      ? data.ticked.replace("{n}", ids.length)
      : "";
    setStateValue("ticked", ids);
  };
  grid.replaceChildren(
    ...data.cards.map(({ id, ...texts }) => {
      const button = card(texts);
      button.type = "button";
      button.title = `${texts.detail}: ${data.does}`;
      button.addEventListener("click", () => setTriggerValue("picked", id));
      return data.ticks
        ? tickable(
            button,
            data.tick.replace("{name}", () => texts.detail),
            id,
            ticks,
            told,
          )
        : button;
    }),
  );
  bar.hidden = !data.ticks || !data.cards.length;
  if (!bar.hidden) fill(bar, data, ticks, told);
  grid.onkeydown = (event) => walk(event, grid);
}

// A card with a box in its corner. Space ticks the card that has the focus, Enter opens it.
function tickable(button, name, id, ticks, told) {
  const whole = document.createElement("div");
  const box = document.createElement("input");
  whole.className = "tickable";
  box.type = "checkbox";
  box.setAttribute("aria-label", name);
  box.addEventListener("change", told);
  button.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault(); // else it would open the image
    box.checked = !box.checked;
    told();
  });
  box.addEventListener("click", (event) => {
    if (event.shiftKey) through(ticks, id, box.checked);
    ticks.last = id;
  });
  ticks.set(id, box);
  whole.append(button, box);
  return whole;
}

// With the shift key, all from the box that was clicked last to this one.
function through(ticks, id, checked) {
  const ids = [...ticks.keys()];
  const ends = [ids.indexOf(ticks.last ?? id), ids.indexOf(id)].sort((a, b) => a - b);
  for (const each of ids.slice(ends[0], ends[1] + 1)) ticks.get(each).checked = checked;
}

function fill(bar, words, ticks, told) {
  const all = document.createElement("button");
  const none = document.createElement("button");
  const count = document.createElement("span");
  for (const [button, text, checked] of [
    [all, words.all, true],
    [none, words.none, false],
  ]) {
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => {
      for (const box of ticks.values()) box.checked = checked;
      told();
    });
  }
  bar.replaceChildren(all, none, count);
}

// Arrows walk from card to card.
function walk(event, grid) {
  const buttons = [...grid.querySelectorAll("button")];
  const place = buttons.indexOf(event.target.closest("button"));
  const step = STEPS[event.key];
  if (!step || place < 0) return;
  event.preventDefault();
  buttons[Math.min(Math.max(place + step, 0), buttons.length - 1)].focus();
}

function card({ url, headline, detail }) {
  const whole = document.createElement("button");
  const picture = document.createElement("img");
  const title = document.createElement("strong");
  const line = document.createElement("span");
  const name = document.createElement("bdi"); // reads left to right, and is cut at its start
  whole.title = detail;
  picture.loading = "lazy";
  picture.alt = "";
  picture.src = url;
  title.textContent = headline;
  name.textContent = detail;
  line.append(name);
  whole.append(picture, title, line);
  return whole;
}
