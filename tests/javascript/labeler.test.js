// What is sent when, and what the page says while the server cannot store.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import start from "../../annotator/ui/labeler/labeler.js";
import { answerTo, Browser, Page } from "./browser.js";

const CLASSES = [{ id: 1, name: "cat" }];
const PROGRESS = { labeled: 0, images: 9, next: null };
const QUEUE = [1, 2, 3].map((id) => ({ id, sha256: `${id}`, name: `${id}`, url: `/img/${id}` }));

let opened = 0; // the labeler keeps its queue by workspace, so each test has one of its own
let page;
let sent; // messages, oldest first
let later; // what waits for its time: {work, ms}
let now;

beforeEach(() => {
  new Browser().tab();
  opened += 1;
  page = new Page();
  sent = [];
  later = [];
  now = 1_700_000_000_000;
  mock.method(Date, "now", () => now);
  mock.method(globalThis, "setTimeout", (work, ms) => {
    later.push({ work, ms });
    return later.at(-1);
  });
  mock.method(globalThis, "clearTimeout", (timer) => {
    later = later.filter((each) => each !== timer);
  });
});

afterEach(() => mock.restoreAll());

function reply(more) {
  const data = { workspace: `work ${opened}`, ...answerTo(sent.at(-1)) };
  const rest = { classes: CLASSES, queue: QUEUE, progress: PROGRESS, empty: "", least: 0 };
  const publish = (_, message) => sent.push(message);
  start({ data: { ...data, ...rest, ...more }, parentElement: page, setStateValue: publish });
}

const turns = async (number) => {
  for (let turn = 0; turn < number; turn++) await new Promise((resolve) => setImmediate(resolve));
};

async function open(more = {}) {
  reply(more);
  while (!sent.length) await turns(1);
  reply(more);
  await turns(9); // until the first image was painted
}

// A class key, as one who looks at the next image before pressing on.
async function press(key = "1") {
  page.press(key);
  await turns(9);
}

function wait() {
  assert.equal(later.length, 1); // one timer, whatever happened
  const { work, ms } = later.pop();
  now += ms;
  work();
  return ms;
}

const notice = () => page.part("notice").textContent;
const events = () => sent.at(-1).events.map((event) => event.image_id);

test("what cannot be stored stays, is said, and is sent again ever less often", async () => {
  await open();
  await press();
  assert.deepEqual(events(), [1]);
  const waits = [];
  for (let time = 0; time < 6; time++) {
    reply({ error: "The database is locked." });
    assert.match(notice(), /The database is locked\. Your answers stay in this browser\./);
    reply({ error: "The database is locked." }); // drawn anew for another reason
    waits.push(wait());
    assert.deepEqual(events(), [1]);
  }
  assert.deepEqual(waits, [5000, 10000, 20000, 30000, 30000, 30000]);
  await press(); // one labels on meanwhile, and it goes with the next message
  assert.deepEqual(events(), [1]);
  reply({ error: "The database is locked." });
  wait();
  assert.deepEqual(events(), [1, 2]);
  reply({ ack: { [sent.at(-1).client]: 2 }, queue: QUEUE.slice(2) });
  assert.equal(notice(), "");
  assert.match(page.part("status").textContent, /^saved 2$/);
  await press();
  assert.equal(later[0].ms, 2500); // patient no longer
});

test("a button that changes the view is no answer", async () => {
  await open();
  for (const dataset of [{ look: "invert" }, { look: "keep" }, { act: "skip" }]) {
    const button = { dataset, closest: (what) => (has(dataset, what) ? button : null) };
    const click = new Event("click");
    Object.defineProperty(click, "target", { value: button });
    page.part("hints").dispatchEvent(click);
    await turns(9);
    assert.equal(page.part("stage").dataset.image, dataset.act ? 2 : 1);
  }
  assert.deepEqual(
    sent.at(-1).events.map(({ kind }) => kind),
    ["skip"],
  );
});

const has = (dataset, selector) => selector === "button" || selector.slice(6, -1) in dataset;

test("images of a list of before are not asked again", async () => {
  await open();
  await press();
  reply({ ack: { [sent.at(-1).client]: 1 }, error: "What to ask next cannot be read." });
  assert.equal(page.part("stage").dataset.image, 2);
  await press();
  await press();
  reply({ ack: { [sent.at(-1).client]: 1 }, error: "What to ask next cannot be read." });
  assert.equal(page.part("name").textContent, ""); // image 1 is in the list and not in the queue
});

test("a server that does not answer is asked again within ten seconds", async () => {
  await open();
  await press();
  const waits = Array.from({ length: 5 }, wait);
  assert.deepEqual(waits, [2500, 5000, 10000, 10000, 10000]);
  assert.match(page.part("status").textContent, /offline, kept in this browser/);
  assert.deepEqual(events(), [1]);
});

test("a round that cannot start is said beside answers that are saved", async () => {
  await open();
  await press();
  reply({ ack: { [sent.at(-1).client]: 1 }, queue: QUEUE.slice(1), notice: "No round can start." });
  assert.equal(notice(), "No round can start.");
  assert.match(page.part("status").textContent, /^saved 1$/);
});

test("a key that comes before the image was seen for long enough is not counted, and that is said", async () => {
  let time = 1000;
  mock.method(performance, "now", () => time);
  await open({ least: 150 });
  time += 149;
  page.press("1");
  assert.deepEqual(sent.at(-1).events, []);
  assert.match(page.part("status").textContent, /^pressed before it was seen: not counted/);
  time += 1;
  page.press("1"); // the next image is not painted yet: a bouncing key
  time += 1000;
  page.press("1");
  assert.deepEqual(events(), [1]);
  await turns(9);
  time += 150;
  page.press("1");
  reply({ least: 150, queue: QUEUE.slice(1) });
  assert.deepEqual(events(), [1, 2]);
  assert.match(page.part("status").textContent, /^saved 0/);
});

test("classes that are put into another order while a page is open keep their keys", async () => {
  const [cat, dog] = [CLASSES[0], { id: 2, name: "dog" }];
  await open({ classes: [cat, dog] });
  reply({ classes: [dog, cat] });
  await press("1");
  assert.equal(sent.at(-1).events[0].class_id, 1);
  assert.match(page.part("changes").textContent, /the order is another/);
  reply({ classes: [dog], ack: { [sent.at(-1).client]: 1 } });
  const before = sent.length;
  await press("1");
  assert.equal(sent.length, before); // its class is gone, and no other has its key
  assert.match(page.part("changes").textContent, /“cat” was removed or merged/);
});

test("while a round runs the page says so, and that the next one needs no press", async () => {
  const told = async (next, running) => {
    await open({ progress: { labeled: 1, images: 9, next, running } });
    return page.part("progress").textContent;
  };
  assert.equal(await told(4, false), "1 of 9 labeled · next round in 4");
  assert.equal(await told(4, true), "1 of 9 labeled · a round is running · next round in 4");
  const follows = "1 of 9 labeled · a round is running · the next starts when it ends";
  assert.equal(await told(0, true), follows);
  assert.equal(await told(0, false), "1 of 9 labeled · a round is due");
  assert.equal(await told(null, true), "1 of 9 labeled · a round is running");
  assert.equal(await told(null, false), "1 of 9 labeled");
});

test("where no image is left none is said to be painted", async () => {
  await open({ queue: QUEUE.slice(0, 1), empty: "Every image is labeled." });
  assert.equal(page.part("stage").dataset.painted, 1);
  await press();
  const { image, painted } = page.part("stage").dataset;
  assert.deepEqual([image, painted], [undefined, undefined]);
  assert.equal(page.part("stage").firstChild.textContent, "Every image is labeled.");
});

test("images are compared where that is open, anew where a reply was lost or none could be given, and never in a circle", async () => {
  await open();
  assert.deepEqual(sent.at(-1).compare, []);
  page.press(".");
  assert.deepEqual(sent.at(-1).compare, [1, 2, 3]);
  wait(); // no reply
  assert.deepEqual(sent.at(-1).compare, [1, 2, 3]);
  reply({ error: "The database is locked." });
  wait();
  assert.deepEqual(sent.at(-1).compare, [1, 2, 3]);
  const before = sent.length;
  const classes = [{ id: 1, urls: ["/img/9"] }];
  reply({ compared: [{ image: 1, reason: undefined, why: "", classes }] }); // of the others it says nothing
  assert.equal(sent.length, before);
  assert.equal(page.part("strip").children[0].children.at(-1).textContent, "1 cat");
  await press();
  assert.match(page.part("strip").children[0].textContent, /Looking for/);
  page.press(".");
  reply({ ack: { [sent.at(-1).client]: 1 }, queue: QUEUE.slice(1) });
  await press();
  assert.deepEqual(sent.at(-1).compare, []); // it is closed
});

test("undo says what was taken back and on which image, and what counts again there", async () => {
  await open({ classes: [CLASSES[0], { id: 2, name: "dog" }] });
  const reason = () => page.part("reason").textContent;
  const keys = async (...all) => {
    for (const key of all) await press(key);
  };
  await keys("1", "1", "ArrowLeft", "ArrowLeft", "2", "ArrowRight", "u");
  assert.equal(page.part("stage").dataset.image, 1);
  const again = "taken back on 1: “dog” · your earlier answer counts again: “cat”";
  assert.ok(reason().startsWith(again), reason());
  reply({ ack: { [sent.at(-1).client]: 4 }, queue: QUEUE.slice(2) });
  assert.match(page.part("status").textContent, /^saved 2$/);
  await keys("u");
  assert.equal(page.part("stage").dataset.image, 2);
  assert.match(reason(), /^taken back on 2: “cat”/);
  await keys("f", "u");
  assert.match(reason(), /^taken back on 2: the flag/);
  await keys("u", "u");
  assert.match(reason(), /^nothing to take back/);
  await keys("1");
  assert.doesNotMatch(reason(), /take/);
});
