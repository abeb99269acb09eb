// One image on the stage: its bitmap, all of its pixels, and its numbers.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Picture } from "../../annotator/ui/labeler/picture.js";
import { Browser, bitmaps, Page, served } from "./browser.js";

const SCAN = { id: 1, url: "/full", display: "/display", width: 3000, height: 4000 };
const DEEP = { id: 2, url: "/deep", numbers: "/numbers", width: 3, height: 1 };
const LINE = { slope: 1, intercept: 0, width: 3, height: 1 };
const room = { width: 800, height: 400 };

beforeEach(() => {
  new Browser().tab();
  new Page();
  served.broken.clear();
  served.numbers.clear();
  served.asked.length = 0;
  bitmaps.clear();
});

const only = () => [...bitmaps].map(({ url, width, height }) => [url, width, height]);

test("a scan comes as large as its stage, from a picture that is not all of it", async () => {
  const picture = new Picture(SCAN);
  assert.equal(await picture.draw(room), true);
  assert.deepEqual(only(), [["/display", 300, 400]]);
  await picture.draw(room);
  assert.deepEqual(served.asked, ["/display"]); // once
  await picture.draw({ width: 800, height: 800 });
  assert.deepEqual(only(), [["/display", 600, 800]]); // and the smaller one is closed
});

test("a picture that is smaller than the stage is left as it is", async () => {
  const picture = new Picture({ id: 3, url: "/small", width: 24, height: 24 });
  await picture.draw(room);
  assert.deepEqual(only(), [["/small", 24, 24]]);
});

test("all pixels are fetched once one looks closer, in steps, and only once", async () => {
  const picture = new Picture(SCAN);
  await picture.draw(room);
  await picture.sharpen(0.1); // 300 pixels of the screen
  assert.deepEqual(served.asked, ["/display"]);
  await picture.sharpen(0.3); // 900: the display picture has 1050
  await picture.sharpen(0.3);
  assert.deepEqual(served.asked, ["/display", "/display"]);
  await picture.sharpen(1);
  await picture.sharpen(0.3);
  await picture.sharpen(2);
  assert.deepEqual(served.asked, ["/display", "/display", "/full"]);
  assert.deepEqual(
    picture.element.children.map(({ url, image }) => url ?? image.url),
    ["/display", "/full"],
  );
});

test("pixels that cannot be fetched are told, and the next zoom tries again", async () => {
  const told = [];
  const picture = new Picture(SCAN);
  picture.addEventListener("note", () => told.push(picture.note));
  await picture.draw(room);
  served.broken.add("/full");
  await picture.sharpen(1);
  served.broken.clear();
  await picture.sharpen(1);
  assert.match(told[1], /not all pixels could be fetched: zoom again/);
  assert.equal(told.at(-1), "");
  assert.equal(picture.element.children.at(-1).url, "/full");
});

test("a picture that is let go leaves no bitmap, whenever that is", async () => {
  const [before, after] = [new Picture(SCAN), new Picture(SCAN)];
  before.prepare(room);
  before.close(); // it is still being made
  assert.equal(await after.draw(room), true);
  after.close();
  assert.deepEqual(only(), []);
  assert.equal(await before.draw(room), false);
});

function pack(numbers, line = LINE) {
  const head = JSON.stringify(line);
  const text = `${head}${" ".repeat(1 - (head.length % 2))}\n`;
  const body = Buffer.from(new Uint16Array(numbers).buffer);
  return new Uint8Array(Buffer.concat([Buffer.from(text), body]));
}

test("numbers come as they are stored, once, and are painted in the colors of a table", async () => {
  served.numbers.set("/numbers", pack([7, 65535, 300]));
  const picture = new Picture(DEEP);
  await picture.draw(room);
  const found = await picture.numbers();
  assert.deepEqual([...found.pixels], [7, 65535, 300]);
  assert.deepEqual(found.line, LINE);
  await picture.numbers();
  assert.equal(served.asked.filter((url) => url === "/numbers").length, 1);
  const colors = new Uint32Array(65536).map((_, place) => 0xff000000 + place);
  picture.paint(found, colors);
  const { data } = picture.element.children.at(-1).image;
  assert.deepEqual([...new Uint32Array(data.buffer)], [0xff000007, 0xff00ffff, 0xff00012c]);
  picture.unpaint();
  assert.equal(picture.element.children.length, 1);
});

test("a picture without numbers has none, and numbers that are damaged are told and fetched again", async () => {
  assert.equal(await new Picture(SCAN).numbers(), null);
  served.numbers.set("/numbers", new Uint8Array([123, 10, 0, 0]));
  const picture = new Picture(DEEP);
  assert.equal(await picture.numbers(), null);
  assert.match(picture.note, /numbers could not be fetched/);
  served.numbers.set("/numbers", pack([1, 2, 3]));
  assert.deepEqual([...(await picture.numbers()).pixels], [1, 2, 3]);
});
