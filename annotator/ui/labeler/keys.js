// Which key does what. Nothing here changes the page.

import { _ } from "./words.js";

const KEYS = "1234567890qwetyiopasdgjklzxvbm"; // u f n h c r have other uses
const NAMED = {
  Backspace: "undo",
  " ": "skip",
  "?": "unclear",
  Enter: "why",
  ArrowLeft: "back",
  ArrowRight: "forward",
};
const CLOSE = "Escape"; // closes the list of keys, and means nothing else
const LETTERS = { u: "undo", h: "help", f: "flag", n: "note" };
const LOOKS = { "+": "in", "=": "in", "-": "out", Home: "fit", 0: "fit" }; // a class may have the 0

const PANELS = { ",": "aside", ".": "compare" }; // likewise signs that no class has
const PAGES = { "[": -1, "]": 1, PageUp: -1, PageDown: 1 }; // no class has one of these
const KEYPAD = /^Numpad/; // its digits are digits, also where they stand for pages as well

// The key of each class: a class that is named by a digit has that digit, the others what is left.
export function keysOf(classes, taken = []) {
  const own = classes.map(({ name }) => (/^\d$/.test(name) && !taken.includes(name) ? name : ""));
  const left = [...KEYS].filter((key) => !own.includes(key) && !taken.includes(key));
  return own.map((key) => key || (left.shift() ?? ""));
}

// The classes of a page from its load on. A key belongs to its class until the page is loaded
// anew, whatever is done to the classes meanwhile: a finger that knows a key never means another.
export class Keyboard {
  constructor() {
    this.seats = []; // {id, name, key}: every class that there has been
    this.loaded = 0; // how many of them there were at first
    this.classes = []; // those that an image can be given, in the order of their keys
    this.notice = "";
  }

  take(incoming) {
    if (!incoming.length) return; // what there is cannot be read now
    const late = incoming.filter(({ id }) => !this.seats.some((seat) => seat.id === id));
    const keys = keysOf(
      late,
      this.seats.map(({ key }) => key),
    );
    this.seats.push(...late.map(({ id, name }, place) => ({ id, name, key: keys[place] })));
    this.loaded ||= this.seats.length;
    const now = new Map(incoming.map((each) => [each.id, each]));
    const shown = this.seats.filter(({ id }) => now.has(id));
    this.classes = shown.map(({ id, key }) => ({ ...now.get(id), key }));
    this.notice = this.changes(now, shown, incoming);
  }

  changes(now, shown, incoming) {
    const told = [];
    for (const { id, name, key } of this.seats.slice(0, this.loaded)) {
      const found = now.get(id);
      if (!found) told.push(gone(name, key));
      else if (found.name !== name)
        told.push(_("“{name}” is called “{now}” now", { name, now: found.name }));
    }
    const fresh = this.seats.slice(this.loaded).filter(({ id }) => now.has(id));
    for (const { name } of fresh) told.push(_("“{name}” is new", { name }));
    if (shown.some(({ id }, place) => id !== incoming[place].id))
      told.push(_("the order is another"));
    if (!told.length) return "";
    return _("Classes have changed: {changes}. Keys stay with their classes until you reload.", {
      changes: told.join("; "),
    });
  }
}

function gone(name, key) {
  if (!key) return _("“{name}” was removed or merged", { name });
  return _("“{name}” was removed or merged, so key {key} does nothing", {
    name,
    key: key.toUpperCase(),
  });
}

// What a key press asks for; null for a key without a use.
export function actOf({ key, code }, classes) {
  const lower = key.toLowerCase();
  if (key === CLOSE) return { kind: "close" };
  if (PANELS[key] && !KEYPAD.test(code)) return { kind: "panel", panel: PANELS[key] };
  if (PAGES[key] && !KEYPAD.test(code)) return { kind: "page", step: PAGES[key] };
  const kind = NAMED[key] ?? LETTERS[lower];
  if (kind) return { kind };
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1]; // rows that type & or é too
  const found = classes.find((each) => each.key && each.key === (digit ?? lower));
  if (found) return { kind: "label", classId: found.id };
  return LOOKS[key] ? { kind: "look", look: LOOKS[key] } : null;
}

// A text field owns its keys, a slider those that move it; a focused button or link of the page
// owns the space bar and Enter.
export function busyElsewhere(event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.matches("input[type=range]")) return /^(Arrow|Home|End)/.test(event.key);
  if (target.isContentEditable || target.closest("input, textarea, select")) return true;
  const pressable = target.closest("button, a, summary, [role=button], [role=tab]");
  return [" ", "Enter"].includes(event.key) && pressable !== null;
}
