// The picture on the stage under the pointer's hand: wheel and pinch zoom, a drag moves, a drag with
// the right button lights or windows it and a double click with it takes that back, a double click goes
// to true pixels and back.

import {
  bent,
  filtered,
  fitting,
  lit,
  moved,
  natural,
  PLAIN,
  STEP,
  turned,
  unlit,
  zoomed,
} from "./look.js";
import { Windowing } from "./windowing.js";

const PIXELS = 2; // from so many stage pixels on, one of the picture's is shown as a square
const DRAG_DOUBLES = 200; // stage pixels of a drag with the right button that double the light
const STILL = 5; // stage pixels that a click may move
const TWICE = 400; // ms between two clicks that are one double click

export class Lens {
  constructor(stage, tools, windows, gamma) {
    this.gamma = gamma; // the part of a filter that holds the exponents: CSS alone has no gamma
    this.stage = stage;
    this.tools = tools;
    this.windowing = new Windowing(windows, (window = this.look.window) =>
      this.show({ ...this.look, window }),
    );
    this.look = PLAIN;
    this.fingers = new Map(); // pointer id -> where it is
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    stage.addEventListener("dblclick", (event) => this.toggle(this.from(event)));
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
    stage.addEventListener("dragstart", (event) => event.preventDefault());
    stage.addEventListener("pointerdown", (event) => this.down(event));
    stage.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"])
      stage.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.act(button.dataset.look);
    });
  }

  // Another picture: seen whole and plain, unless the look is kept from image to image or this is
  // another page of the same document. The promise ends when it is on the stage as it is to be seen,
  // and says whether it could be.
  async put(picture, turned) {
    this.picture = picture;
    if (!this.keeping && !turned) this.look = PLAIN;
    const windowed = this.windowing.put(picture, this.look.window);
    const drawn = await picture.draw(this.screen);
    if (this.picture !== picture) return false;
    this.draw();
    await windowed;
    return drawn;
  }

  // What the next pictures need, made before they are asked for; `same` for pages of one document.
  ahead(picture, same = false) {
    picture.prepare(this.screen);
    if ((this.keeping || same) && this.look.window) picture.numbers();
  }

  // The stage in pixels of the screen.
  get screen() {
    const { width, height } = this.room;
    const density = window.devicePixelRatio ?? 1;
    return { width: width * density, height: height * density };
  }

  act(what) {
    if (what === "keep") {
      this.keeping = !this.keeping;
      return this.draw();
    }
    if (!this.size) return undefined;
    const { look, size, room } = this;
    const acts = {
      in: () => zoomed(look, STEP, size, room),
      out: () => zoomed(look, 1 / STEP, size, room),
      fit: () => zoomed(look, 0, size, room),
      true: () => natural(look, size, room, window.devicePixelRatio),
      turn: () => turned(look, size, room),
      deeper: () => bent(look, -1),
      paler: () => bent(look, 1),
      invert: () => ({ ...look, inverted: !look.inverted }),
      plain: () => PLAIN,
    };
    return this.show(acts[what]());
  }

  show(look) {
    this.look = look;
    return this.draw();
  }

  get size() {
    return this.picture?.size ?? null;
  }

  get room() {
    return this.stage.getBoundingClientRect();
  }

  // Of an event, measured from the stage's center.
  from({ clientX, clientY }) {
    const { left, top, width, height } = this.room;
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  wheel(event) {
    if (!this.size || event.ctrlKey) return; // the browser's own zoom
    event.preventDefault();
    const delta = event.deltaY || event.deltaX; // with Shift a wheel may turn sideways
    const up = -Math.max(-3, Math.min(delta / (event.deltaMode ? 3 : 100), 3)); // notches
    if (event.shiftKey) this.show(bent(this.look, up));
    else this.show(zoomed(this.look, STEP ** up, this.size, this.room, this.from(event)));
  }

  toggle(at) {
    if (!this.size) return;
    const { look, size, room } = this;
    const whole = look.zoom === 1;
    this.show(
      whole ? natural(look, size, room, window.devicePixelRatio, at) : zoomed(look, 0, size, room),
    );
  }

  down(event) {
    if (!this.size || event.button === 1) return;
    if (event.button === 2 && this.again(event)) this.show(unlit(this.look));
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.stage.setPointerCapture(event.pointerId);
  }

  // Whether the right button was pressed here just before.
  again({ clientX: x, clientY: y, timeStamp: at }) {
    const before = this.pressed;
    this.pressed = { x, y, at };
    return before && at - before.at < TWICE && near(before, this.pressed);
  }

  drag(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before || !this.size) return;
    const now = { x: event.clientX, y: event.clientY };
    const [right, down] = [now.x - before.x, now.y - before.y];
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    if (other) this.pinch(other, before, now);
    else if (event.buttons & 2) {
      if (this.pressed && !near(this.pressed, now)) this.pressed = null; // a drag is no click
      this.light(right, down);
    } else this.show(moved(this.look, right, down, this.size, this.room));
  }

  // Of deep gray the numbers themselves, of others their picture.
  light(right, down) {
    const { look, windowing } = this;
    if (!windowing.has) this.show(lit(look, right / DRAG_DOUBLES, -down / DRAG_DOUBLES));
    else this.show({ ...look, window: windowing.dragged(look.window, right, down) });
  }

  pinch(other, before, now) {
    const apart = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
    const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
    const factor = apart(now) / apart(before);
    this.show(zoomed(this.look, factor, this.size, this.room, this.from(middle)));
  }

  // Buttons that stay pressed; and whether any light is other than the file's.
  press(pressed) {
    const { look } = this;
    for (const button of this.tools.children) {
      const { look: name } = button.dataset;
      if (name in pressed) button.ariaPressed = String(Boolean(pressed[name]));
      if (name === "plain") button.classList.toggle("lit", filtered(look) !== "" || look.turns > 0);
    }
  }

  draw() {
    const { look, picture, size, room } = this;
    this.press({ keep: this.keeping, invert: look.inverted });
    this.windowing.draw(look.window);
    if (!size) return;
    const whole = fitting(size, room, 0);
    // Its own box: a canvas that `object-fit` fits into another is drawn beyond its edges
    picture.element.style.width = `${size.width * whole}px`;
    picture.element.style.height = `${size.height * whole}px`;
    const scale = (fitting(size, room, look.turns) / whole) * look.zoom;
    picture.element.style.transform = `translate(${look.x}px, ${look.y}px) rotate(${look.turns * 90}deg) scale(${scale})`;
    for (const { attributes } of this.gamma.children) attributes.exponent.value = 1 / look.gamma;
    picture.element.style.filter = filtered(look);
    picture.element.classList.toggle("tiny", whole * scale >= PIXELS);
    picture.sharpen(whole * scale * (window.devicePixelRatio ?? 1));
    this.stage.classList.toggle("near", look.zoom > 1);
  }
}

function near(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y) < STILL;
}
