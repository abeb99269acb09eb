// The classes as buttons: a row below the picture, or a column beside it where one row is too short.

const REM = 16; // pixels, about: it decides between row and column alone
const GAP = 0.5; // rem between buttons
const ROOM = 700; // pixels that a page must be wide for a column

// rem that a button needs: few letters, many a row; long names wrap.
export function least(classes) {
  const letters = classes.reduce((sum, { name }) => sum + name.length, 0) / classes.length;
  return Math.min(4.5 + 0.8 * letters, 14);
}

// Whether that many classes of such names need more than one row below the picture: each further one
// would take its height from the picture, where screens have more width than scans need.
export function isBeside(classes, width) {
  const row = Math.floor((width / REM + GAP) / (least(classes) + GAP));
  return width >= ROOM && classes.length > row;
}

export class Choices {
  // part: gives an element by its class; act: called with what a click asks for.
  constructor(part, act) {
    Object.assign(this, { part, act, classes: [], drawn: "" });
  }

  take(classes) {
    const drawn = JSON.stringify(classes);
    if (drawn === this.drawn) return;
    Object.assign(this, { classes, drawn });
    this.part("choices").style.setProperty("--least", `${least(classes)}rem`);
    this.part("choices").replaceChildren(...classes.map((each) => this.button(each)));
  }

  button({ id, name, key: pressed, color, description }) {
    const button = document.createElement("button");
    const key = document.createElement("kbd");
    const text = document.createElement("span");
    key.textContent = pressed.toUpperCase();
    text.textContent = name;
    button.title = description ? `${name}: ${description}` : name;
    if (color) button.style.setProperty("--own", color);
    if (pressed) button.append(key);
    button.append(text);
    button.type = "button";
    button.dataset.id = id;
    button.addEventListener("click", () => this.act({ kind: "label", classId: id }));
    return button;
  }

  mark(item, given) {
    for (const button of this.part("choices").children) {
      button.classList.toggle("given", given === Number(button.dataset.id));
      button.disabled = !item;
    }
  }

  arrange(width) {
    this.part("work").classList.toggle("side", isBeside(this.classes, width));
  }
}
