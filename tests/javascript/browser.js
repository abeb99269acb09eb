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

// A picture that is there as soon as its address is set, unless it is broken.
export class Picture extends EventTarget {
  static broken = new Set(); // addresses
  static asked = []; // addresses, oldest first

  dataset = {};
  style = {};
  classList = { toggle() {} };
  complete = true;

  get naturalHeight() {
    return this.naturalWidth;
  }

  get naturalWidth() {
    return Picture.broken.has(this.url) ? 0 : 24;
  }

  set src(url) {
    this.url = url;
    Picture.asked.push(url);
    if (Picture.broken.has(url)) this.dispatchEvent(new Event("error"));
  }

  async decode() {
    if (Picture.broken.has(this.url)) throw new DOMException("broken", "EncodingError");
  }
}

// As much of an element as the labeler draws with.
class Part extends EventTarget {
  dataset = {};
  style = { setProperty() {} };
  classList = { toggle() {} };
  children = [];
  hidden = true;

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
    return { top: 0, width: 100, height: 100 };
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

define("Image", { value: Picture });
define("crypto", { value: webcrypto }); // Node has it under this name from version 20 on
