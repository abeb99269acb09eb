// How a picture is looked at: zoomed, moved, turned, lit. Numbers only; nothing here touches the page.

export const STEP = 1.25; // of one key or turn of the wheel
const MOST = 40; // stage pixels for one of the picture's
const DARKEST = 0.2;
const BRIGHTEST = 4;
const GAMMA_STEP = 1.1; // of one key or turn of the wheel
const STEEPEST = 5; // gamma, and its inverse

// zoom 1 shows the whole picture; x and y move its center, in pixels of the stage.
// window is what is wished of a picture's numbers, see levels.js.
export const PLAIN = {
  ...{ zoom: 1, x: 0, y: 0, turns: 0 },
  ...{ brightness: 1, contrast: 1, gamma: 1, inverted: false, window: null },
};

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

// Stage pixels for one pixel of the picture where it is shown whole, lying or standing.
export function fitting({ width, height }, room, turns) {
  const [across, down] = turns % 2 ? [height, width] : [width, height];
  return Math.min(room.width / across, room.height / down);
}

// Zoom by a factor so that what lies at the point, measured from the stage's center, stays there.
export function zoomed(look, factor, picture, room, at = { x: 0, y: 0 }) {
  const most = Math.max(MOST / fitting(picture, room, look.turns), 1);
  const zoom = clamp(look.zoom * factor, 1, most);
  const by = zoom / look.zoom;
  const moved = { ...look, zoom, x: at.x - (at.x - look.x) * by, y: at.y - (at.y - look.y) * by };
  return kept(moved, picture, room);
}

export function moved(look, x, y, picture, room) {
  return kept({ ...look, x: look.x + x, y: look.y + y }, picture, room);
}

export function turned(look, picture, room) {
  return kept({ ...look, turns: (look.turns + 1) % 4, x: 0, y: 0 }, picture, room);
}

// To the right is more contrast, up is brighter.
export function lit(look, right, up) {
  const contrast = clamp(look.contrast * 2 ** right, DARKEST, BRIGHTEST);
  const brightness = clamp(look.brightness * 2 ** up, DARKEST, BRIGHTEST);
  return { ...look, contrast, brightness };
}

// So many steps up: black and white stay, and what lies between becomes lighter. A gray of 0 to 1 is
// shown as its power of 1 / gamma.
export function bent(look, up) {
  const gamma = clamp(look.gamma * GAMMA_STEP ** up, 1 / STEEPEST, STEEPEST);
  return { ...look, gamma: Math.abs(Math.log(gamma)) < 1e-9 ? 1 : gamma }; // up and down is none
}

// What CSS makes of it; the filter of the gamma is in the page beside the stage.
export function filtered({ brightness, contrast, gamma, inverted }) {
  const parts = [];
  if (brightness !== 1 || contrast !== 1)
    parts.push(`brightness(${brightness}) contrast(${contrast})`);
  if (gamma !== 1) parts.push("url(#gamma)");
  if (inverted) parts.push("invert(1)");
  return parts.join(" ");
}

// As the file has it, wherever it is looked at.
export function unlit(look) {
  const { brightness, contrast, gamma, window } = PLAIN;
  return { ...look, brightness, contrast, gamma, window };
}

// One pixel of the picture on one of the screen, or all of it where it is that large already.
export function natural(look, picture, room, density, at) {
  const factor = 1 / (density * fitting(picture, room, look.turns) * look.zoom);
  return zoomed(look, factor, picture, room, at);
}

// No part of the stage stays empty that the picture could fill.
function kept(look, picture, room) {
  const scale = fitting(picture, room, look.turns) * look.zoom;
  const [across, down] =
    look.turns % 2 ? [picture.height, picture.width] : [picture.width, picture.height];
  const spare = (length, stage) => Math.max((length * scale - stage) / 2, 0);
  const [right, below] = [spare(across, room.width), spare(down, room.height)];
  return { ...look, x: clamp(look.x, -right, right), y: clamp(look.y, -below, below) };
}
