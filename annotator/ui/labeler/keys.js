// Which key does what. Nothing here touches the page.

const KEYS = "1234567890qwetyiopasdgjklzxvbm"; // u f n h c r have other uses
const NAMED = { Backspace: "undo", " ": "skip", ArrowLeft: "back", ArrowRight: "forward" };
const LETTERS = { u: "undo", h: "help" };
const LOOKS = { "+": "in", "=": "in", "-": "out", Home: "fit", 0: "fit" }; // a class may have the 0

// The key of each class: a class that is named by a digit has that digit, the others what is left.
export function keysOf(classes) {
  const own = classes.map(({ name }) => (/^\d$/.test(name) ? name : ""));
  const left = [...KEYS].filter((key) => !own.includes(key));
  return own.map((key) => key || (left.shift() ?? ""));
}

// What a key press asks for; null for a key without a use.
export function actOf({ key, code }, classes) {
  const lower = key.toLowerCase();
  const kind = NAMED[key] ?? LETTERS[lower];
  if (kind) return { kind };
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1]; // rows that type & or é too
  const index = keysOf(classes).indexOf(digit ?? lower);
  if (index >= 0) return { kind: "label", classId: classes[index].id };
  return LOOKS[key] ? { kind: "look", look: LOOKS[key] } : null;
}
