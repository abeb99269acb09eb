// What scripts say, in the language that came with them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { _, count, speak } from "../../annotator/ui/labeler/words.js";

test("without a table a text is as it was written, with what belongs into its places", () => {
  assert.equal(_("saved {n}", { n: 3 }), "saved 3");
  assert.equal(count(12345), "12,345");
});

test("with a table it is that of the language; what the table lacks stays English", () => {
  speak({ "{labeled} of {images} labeled": "von {images} sind {labeled} annotiert" }, "de");
  const places = { labeled: count(1200), images: "$& {labeled}" };
  assert.equal(_("{labeled} of {images} labeled", places), "von $& {labeled} sind 1.200 annotiert");
  assert.equal(_("undo"), "undo");
  speak({}, "en-US");
});
