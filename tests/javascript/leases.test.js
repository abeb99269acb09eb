// What a tab says of what it holds, and what becomes of what others have.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Leases } from "../../annotator/ui/labeler/leases.js";
import { Queue } from "../../annotator/ui/labeler/queue.js";
import { Browser, Page } from "./browser.js";

const HELD = { ticket: { client: "tab" }, every: 4000, silence: 16000 };
const items = (...ids) => ids.map((id) => ({ id }));

let workers;
let heard;
let now;
let leases;

class Worker {
  sent = [];
  constructor() {
    workers.push(this);
  }
  postMessage(message) {
    this.sent.push(message);
  }
  terminate() {
    this.ended = true;
  }
}

beforeEach(() => {
  new Browser().tab();
  new Page();
  document.baseURI = "http://here/below/";
  globalThis.Worker = Worker;
  workers = [];
  heard = [];
  now = 1_700_000_000_000;
  mock.method(Date, "now", () => now);
  leases = new Leases((said) => heard.push(said));
});

afterEach(() => mock.restoreAll());

const said = () => workers.at(-1).sent.map(({ body }) => JSON.parse(body));

test("nothing is said before there is a ticket, then what is on the screen and what follows", () => {
  leases.has(items(1, 2), 5);
  assert.equal(workers.length, 0);
  leases.take(HELD);
  assert.deepEqual(said(), [{ ticket: HELD.ticket, shown: 1, items: [1, 2] }]);
  assert.equal(workers[0].sent[0].address, "http://here/below/held");
  leases.has(items(1, 2), 6);
  assert.equal(said().length, 1); // the worker says it again by itself
  leases.has(items(2), 7);
  leases.has([], 8);
  assert.deepEqual(
    said().map(({ shown }) => shown),
    [1, 2, null],
  );
});

test("a tab is taken for forgotten only when nobody has answered it for long", () => {
  assert.equal(leases.lapsed(), false);
  leases.take(HELD);
  leases.has(items(1), 1);
  now += 15_000;
  workers[0].onmessage({ data: { status: 0 } });
  assert.equal(leases.lapsed(), false);
  now += 2_000;
  assert.equal(leases.lapsed(), true);
  workers[0].onmessage({ data: { status: 200, gone: [] } });
  assert.equal(leases.lapsed(), false);
  assert.equal(heard.length, 2);
});

test("another page of the app ends the worker, and coming back starts another", () => {
  leases.take(HELD);
  leases.has(items(1), 1);
  leases.stop();
  assert.equal(workers[0].ended, true);
  leases.has(items(2), 2);
  assert.equal(workers.length, 1);
  leases.go();
  assert.equal(said()[0].shown, 2);
});

test("a tab that closes says so once, with the number of its last message", () => {
  const farewells = [];
  navigator.sendBeacon = (address, body) => farewells.push([address, JSON.parse(body)]);
  leases.take(HELD);
  leases.has(items(1), 41);
  window.dispatchEvent(new Event("pagehide"));
  assert.deepEqual(farewells, [["http://here/below/held", { ticket: HELD.ticket, turn: 41 }]]);
  leases.stop();
  window.dispatchEvent(new Event("pagehide"));
  assert.equal(farewells.length, 1);
});

test("what others have leaves the list, but for what is on the screen or was taken back", () => {
  const queue = new Queue();
  queue.merge(items(1, 2, 3, 4), new Set());
  queue.answer(7);
  queue.undo();
  queue.part([1, 2, 4]);
  assert.deepEqual(queue.items, items(1, 3));
  queue.lapse();
  assert.equal(queue.current, null);
});
