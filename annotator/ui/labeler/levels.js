// Window and level: which stored numbers become which gray. Numbers only; nothing here touches the page.

import { _ } from "./words.js";

export const [LINEAR, EXACT, SIGMOID] = [0, 1, 2]; // what a window does between its ends
const NUMBERS = 65536; // that 16 bits can store
const DOUBLES = 100; // stage pixels of a drag to the right that make a window twice as wide
const ACROSS = 400; // stage pixels of a drag downward that raise the level by a whole window

// Center and width in Hounsfield units, as readers of CT use them.
export const PRESETS = {
  lung: { center: -600, width: 1500 },
  bone: { center: 400, width: 1800 },
  brain: { center: 40, width: 80 },
  "soft tissue": { center: 40, width: 400 },
};

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

// `line` says what stored numbers mean, as the server sends it before them.
export function meant({ slope, intercept }, stored) {
  return stored * slope + intercept;
}

// Between what is black and white where a file names nothing.
export function auto(line) {
  const [black, white] = [meant(line, line.low), meant(line, line.high)];
  return { center: (black + white) / 2, width: Math.abs(white - black), curve: EXACT };
}

// The windows that a file offers, in its order.
export function own(line) {
  return line.windows.map(([center, width]) => ({ center, width, curve: line.curve }));
}

// What a wish means for one image; `levels` where its file has a table instead of a window.
// A wish is null (as the file says), {own: 1} (its second window), {auto: true}, {preset: "lung"},
// or a center and a width.
export function chosen(line, wish) {
  if (wish?.width) return { center: wish.center, width: wish.width, curve: line.curve };
  if (wish?.preset) return { ...PRESETS[wish.preset], curve: LINEAR };
  const offered = own(line);
  if (wish?.own && offered[wish.own]) return offered[wish.own];
  if (wish?.auto) return auto(line);
  if (line.levels.length) return { levels: true };
  return offered[0] ?? auto(line);
}

// What a drag makes of it: to the right is wider, upward is brighter.
export function dragged(line, wish, right, down) {
  const found = chosen(line, wish);
  const now = found.levels ? auto(line) : found;
  const [one, other] = [meant(line, line.least), meant(line, line.most)];
  const [least, most] = [Math.min(one, other), Math.max(one, other)];
  const narrowest = Math.max(Math.abs(line.slope), line.curve === LINEAR ? 1 : 0);
  const widest = Math.max(4 * (most - least), now.width, narrowest);
  const width = clamp(now.width * 2 ** (right / DOUBLES), narrowest, widest);
  const center = clamp(now.center + (down / ACROSS) * width, least - width, most + width);
  return { center, width };
}

// The color of every number that can be stored, as a canvas holds it: 0xAABBGGRR.
export function table(line, window) {
  const colors = new Uint32Array(NUMBERS);
  const shareOf = window.levels ? (value) => byLevels(line, value) : (value) => by(window, value);
  for (let stored = 0; stored < NUMBERS; stored++) {
    const share = shareOf(meant(line, stored));
    const gray = Math.round(255 * (line.inverted ? 1 - share : share));
    colors[stored] = 0xff000000 | (gray << 16) | (gray << 8) | gray;
  }
  return colors;
}

// 0 to 1; DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3.
function by({ center, width, curve }, value) {
  if (curve === SIGMOID) return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  const half = curve === LINEAR ? 0.5 : 0; // the middle lies between two whole numbers
  if (width - 2 * half <= 0) return value > center - half ? 1 : 0;
  return clamp((value - center + half) / (width - 2 * half) + 0.5, 0, 1);
}

function byLevels({ first, levels, top }, value) {
  return clamp(levels[clamp(Math.round(value - first), 0, levels.length - 1)] / top, 0, 1);
}

// Whether all that an image holds is one gray there.
export function isBlank({ least, most }, colors) {
  return colors[least] === colors[most];
}

export function words(window) {
  if (window.levels) return _("by the file's table");
  return `W ${rounded(window.width)} · L ${rounded(window.center)}`;
}

function rounded(value) {
  const size = Math.abs(value);
  const text = size >= 10 || Number.isInteger(value) ? size.toFixed(0) : size.toPrecision(3);
  return value < 0 && Number(text) ? `−${text}` : text;
}
