// The picture on the stage under the pointer's hand: wheel and pinch zoom, a drag moves, a drag with
// the right button lights, a double click goes to true pixels and back.

import { fitting, lit, moved, natural, PLAIN, STEP, turned, zoomed } from "./look.js";

const PIXELS = 2; // from so many stage pixels on, one of the picture's is shown as a square
const DRAG_DOUBLES = 200; // stage pixels of a drag with the right button that double the light

export class Lens {
  constructor(stage, tools) {
    this.stage = stage;
    this.tools = tools;
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

  // Another picture: seen whole and plain, unless the look is kept from image to image.
  put(picture) {
    this.picture = picture;
    if (!this.keeping) this.look = PLAIN;
    const ready = () => this.picture === picture && this.draw();
    if (picture.complete) ready();
    else picture.addEventListener("load", ready, { once: true });
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
    const { naturalWidth: width, naturalHeight: height } = this.picture ?? {};
    return width ? { width, height } : null;
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
    const notches = event.deltaMode ? event.deltaY / 3 : event.deltaY / 100;
    const factor = STEP ** -Math.max(-3, Math.min(notches, 3));
    this.show(zoomed(this.look, factor, this.size, this.room, this.from(event)));
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
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.stage.setPointerCapture(event.pointerId);
  }

  drag(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before || !this.size) return;
    const now = { x: event.clientX, y: event.clientY };
    const [right, down] = [now.x - before.x, now.y - before.y];
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    if (other) this.pinch(other, before, now);
    else if (event.buttons & 2)
      this.show(lit(this.look, right / DRAG_DOUBLES, -down / DRAG_DOUBLES));
    else this.show(moved(this.look, right, down, this.size, this.room));
  }

  pinch(other, before, now) {
    const apart = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
    const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
    const factor = apart(now) / apart(before);
    this.show(zoomed(this.look, factor, this.size, this.room, this.from(middle)));
  }

  draw() {
    const { look, picture, size, room } = this;
    const pressed = { keep: this.keeping, invert: look.inverted };
    for (const button of this.tools.children)
      if (button.dataset.look in pressed)
        button.setAttribute("aria-pressed", String(Boolean(pressed[button.dataset.look])));
    if (!size) return;
    const whole = fitting(size, room, 0); // what the style sheet makes of it
    const scale = (fitting(size, room, look.turns) / whole) * look.zoom;
    picture.style.transform = `translate(${look.x}px, ${look.y}px) rotate(${look.turns * 90}deg) scale(${scale})`;
    const light = `brightness(${look.brightness}) contrast(${look.contrast})`;
    const plain = look.brightness === 1 && look.contrast === 1 && !look.inverted;
    picture.style.filter = plain ? "" : `${light}${look.inverted ? " invert(1)" : ""}`;
    picture.classList.toggle("tiny", whole * scale >= PIXELS);
    this.stage.classList.toggle("near", look.zoom > 1);
  }
}
