// What a key says of the image in sight: an answer, a mark, a note, or that the last of these was wrong.

import { Beside } from "./beside.js";
import { _ } from "./words.js";

export class Saying {
  // page: the labeler, which has the tab's queue and marks, shows images and sends what is said.
  constructor(page, root) {
    this.page = page;
    this.taken = null; // {question, kind, classId}: what was taken back last, until something else is done
    this.beside = new Beside(root, {
      note: (question, text) => this.note(question, text),
      why: (question, text) => this.why(question, text),
    });
  }

  get explainable() {
    return this.beside.unclear !== null;
  }

  act(kind, classId = null) {
    const acts = {
      flag: () => this.flag(),
      note: () => this.write(),
      why: () => this.beside.explain(),
      undo: () => this.undo(),
    };
    this.taken = null;
    return acts[kind] ? acts[kind]() : this.answer(kind, classId);
  }

  answer(kind, classId) {
    const { queue, marks } = this.page.tab;
    if (!queue.current) return undefined;
    const broken = kind === "unclear" && queue.load(queue.current).failed;
    if (kind !== "skip" && !broken && !this.page.seen()) return this.page.tooSoon();
    if (kind === "skip" && queue.looking) return this.page.move(1); // it has its answer
    const question = queue.answer(classId, kind);
    marks.answered(question);
    this.beside.couldNotTell(kind === "unclear" ? question : null);
    return this.page.emit(kind, question, { classId });
  }

  // The flag is put on, or taken off where it is on.
  flag() {
    const { queue, marks } = this.page.tab;
    const item = queue.current;
    if (!item) return;
    const on = marks.of(item).flag;
    if (on) marks.unflag(item);
    else marks.flag(item);
    this.page.emit(on ? "undo" : "flag", item, { takes: on ? "flag" : "" });
  }

  write() {
    const { queue, marks } = this.page.tab;
    if (queue.current) this.beside.note(queue.current, marks.of(queue.current).note);
  }

  note(question, text) {
    const { marks } = this.page.tab;
    if (text === marks.of(question).note) return;
    marks.note(question, text);
    this.page.emit("note", question, { note: text });
  }

  // The reason comes with the answer: so that one is taken back and given anew.
  why(question, text) {
    const { queue } = this.page.tab;
    const entry = queue.history.find((each) => each.question.id === question.id);
    this.beside.couldNotTell(null);
    if (!text || entry?.kind !== "unclear") return;
    entry.why = text;
    this.page.put("undo", question, { takes: "answer" }); // both go in one message
    this.page.emit("unclear", question, { note: text });
  }

  // Of what was last done to the image in sight; else of the last answer.
  undo() {
    const { queue, marks } = this.page.tab;
    const item = queue.current;
    const last = item && marks.last(item, queue.looking);
    this.beside.couldNotTell(null);
    if (last === "flag" || last === "note") {
      this.taken = { question: item, kind: last };
      marks.takeBack(item, last);
      this.page.emit("undo", item, { takes: last });
      return;
    }
    this.taken = { ...queue.undoable };
    const question = queue.undo();
    if (!question) {
      this.page.draw();
      return;
    }
    marks.answerTaken(question);
    this.page.emit("undo", question, { takes: "answer" });
  }

  // What was taken back, of which image, and what of it counts again; empty if nothing was just now.
  get undone() {
    const { queue } = this.page.tab;
    if (!this.taken) return "";
    if (!this.taken.question) return _("nothing to take back");
    const { question, kind } = this.taken;
    const words = [
      _("taken back on {name}: {what}", { name: question.name, what: this.named(this.taken) }),
    ];
    if (kind !== "flag" && kind !== "note" && queue.looking)
      words.push(
        _("your earlier answer counts again: {what}", { what: this.named(queue.looking) }),
      );
    return words.join(" · ");
  }

  named({ kind, classId }) {
    const words = {
      skip: _("the skip"),
      unclear: _("“can’t tell”"),
      flag: _("the flag"),
      note: _("the note"),
    };
    const found = this.page.keyboard.classes.find(({ id }) => id === classId);
    return words[kind] ?? (found ? `“${found.name}”` : _("the label"));
  }

  draw() {
    const { queue, marks } = this.page.tab;
    this.beside.draw(queue.current, marks);
  }
}
