// What Node lacks of a browser: tabs with their storages and locks, and pictures.

import { webcrypto } from "node:crypto";

class Storage {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, text) {
    this[key] = String(text);
  }

  removeItem(key) {
    delete this[key];
  }
}

// One person's browser. The code under test sees the globals of the tab that was opened last.
export class Browser {
  local = new Storage();
  locks = new Map(); // name -> the tab that holds it

  tab(session = new Storage()) {
    return new Tab(this, session);
  }
}

class Tab {
  constructor(browser, session) {
    this.browser = browser;
    this.session = session;
    this.focus();
  }

  focus() {
    define("localStorage", { value: this.browser.local });
    define("sessionStorage", { value: this.session });
    define("navigator", { value: { locks: { request: (...given) => this.request(...given) } } });
  }

  async request(name, { ifAvailable }, use) {
    if (!ifAvailable) throw new Error("this fake only asks for locks that are free");
    const free = !this.browser.locks.has(name);
    if (free) this.browser.locks.set(name, this);
    return use(free ? { name } : null);
  }

  // The page goes and its locks with it; what the tab remembers stays for a reload.
  reload() {
    for (const [name, tab] of this.browser.locks) if (tab === this) this.browser.locks.delete(name);
    this.focus();
  }

  duplicate() {
    return this.browser.tab(this.remembered());
  }

  // What the tab remembers now, as a browser keeps it for a tab that it opens again.
  remembered() {
    return Object.assign(new Storage(), this.session);
  }
}

// As a browser does whose user has switched storage off: naming one throws, and so does a lock.
export function switchStorageOff() {
  const refuse = () => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };
  define("localStorage", { get: refuse });
  define("sessionStorage", { get: refuse });
  define("navigator", { value: { locks: { request: async () => refuse() } } });
}

// What a server has under its addresses: any picture but those that are broken, and some numbers.
export const served = {
  broken: new Set(), // addresses
  numbers: new Map(), // address -> bytes
  asked: [], // addresses, in the order of asking
};

// Bitmaps that were made and not closed.
export const bitmaps = new Set();

async function fetched(url) {
  served.asked.push(url);
  if (served.broken.has(url)) return { ok: false, status: 503 };
  const bytes = served.numbers.get(url);
  const buffer = bytes?.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return { ok: true, blob: async () => ({ url }), arrayBuffer: async () => buffer };
}

async function bitmap({ url }, { resizeWidth: width = 24, resizeHeight: height = 24 } = {}) {
  const made = { url, width, height, close: () => bitmaps.delete(made) };
  bitmaps.add(made);
  return made;
}

// A picture that is decoded as soon as its address is set, unless it is broken.
class Whole {
  set src(url) {
    this.url = url;
    served.asked.push(url);
  }

  async decode() {
    if (served.broken.has(this.url)) throw new DOMException("broken", "EncodingError");
  }
}

// As much of an element as the labeler draws with.
class Part extends EventTarget {
  dataset = {};
  style = { setProperty() {} };
  classList = { toggle() {} };
  children = [];
  parts = new Map();
  hidden = true;

  // Of a canvas: what was put on it last.
  getContext() {
    return {
      drawImage: (image) => Object.assign(this, { image }),
      putImageData: (image) => Object.assign(this, { image }),
      createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }),
    };
  }

  querySelector(name) {
    return this.parts.get(name) ?? this.parts.set(name, new Part()).get(name);
  }

  setAttribute() {}

  append(...parts) {
    this.children.push(...parts);
  }

  replaceChildren(...parts) {
    this.children = parts;
  }

  get firstChild() {
    return this.children[0] ?? null;
  }

  getBoundingClientRect() {
    return { top: 0, left: 0, width: 100, height: 100 };
  }
}

// The element that Streamlit gives to the labeler, and the page around it.
export class Page {
  parts = new Map();
  root = new Part();

  constructor() {
    this.root.querySelector = (name) => this.part(name.slice(1));
    this.document = new EventTarget();
    this.document.createElement = () => new Part();
    this.document.documentElement = new Part();
    define("document", { value: this.document });
    define("requestAnimationFrame", { value: (work) => setImmediate(work) });
    define("window", { value: Object.assign(new EventTarget(), { innerHeight: 600 }) });
    define("Element", { value: Part });
    navigator.onLine = true;
  }

  querySelector() {
    return this.root;
  }

  part(name) {
    if (!this.parts.has(name)) this.parts.set(name, new Part());
    return this.parts.get(name);
  }

  press(key, more = {}) {
    const told = { key, code: `Digit${key}`, ...more };
    const event = Object.assign(new Event("keydown", { cancelable: true }), told);
    event.composedPath = () => [null];
    this.document.dispatchEvent(event);
  }
}

function define(name, descriptor) {
  Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
}

define("Image", { value: Whole });
define("fetch", { value: fetched, writable: true });
define("createImageBitmap", { value: bitmap });
define("crypto", { value: webcrypto }); // Node has it under this name from version 20 on

// What the server says of a page's message where all is well; more is the caller's.
export function answerTo({ client = "", beat = 0 } = {}) {
  return { client, beat, ack: {}, refused: [], error: "", notice: "" };
}
