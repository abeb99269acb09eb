// One's own flags and notes on images, and what was done to each image here, for an undo.

const NONE = { flag: false, note: "" };

export class Marks {
  constructor() {
    this.own = new Map(); // image id -> {flag, note}: what was pressed here, before the server tells
    this.done = new Map(); // image id -> [{kind, before}]: kind is "answer", "flag" or "note"
  }

  // Of what waits to be sent from before a reload.
  adopt(events) {
    for (const { kind, image_id: id, note = "", takes } of events) {
      const mark = this.own.get(id) ?? NONE;
      if (kind === "flag") this.own.set(id, { ...mark, flag: true });
      if (kind === "note") this.own.set(id, { ...mark, note });
      if (kind === "undo" && takes === "flag") this.own.set(id, { ...mark, flag: false });
      if (kind === "undo" && takes === "note") this.own.set(id, { ...mark, note: "" });
    }
  }

  of({ id, flag = false, note = "" }) {
    return this.own.get(id) ?? { flag, note };
  }

  flag(item) {
    this.push(item, "flag");
    this.own.set(item.id, { ...this.of(item), flag: true });
  }

  unflag(item) {
    const steps = this.done.get(item.id) ?? [];
    const place = steps.findLastIndex(({ kind }) => kind === "flag");
    if (place >= 0) steps.splice(place, 1);
    if (item.last === "flag") item.last = "";
    this.own.set(item.id, { ...this.of(item), flag: false });
  }

  note(item, text) {
    this.push(item, "note", this.of(item).note);
    this.own.set(item.id, { ...this.of(item), note: text });
  }

  answered(item) {
    this.push(item, "answer");
  }

  push({ id }, kind, before = "") {
    this.done.set(id, [...(this.done.get(id) ?? []), { kind, before }]);
  }

  // What an undo takes back of an image: what was done to it last, here or before a reload.
  last(item, answered) {
    return this.done.get(item.id)?.at(-1)?.kind ?? (answered ? item.last : "");
  }

  takeBack(item, kind) {
    if (kind === "flag") return this.unflag(item);
    const before = kind === "note" ? (this.done.get(item.id)?.pop()?.before ?? "") : "";
    if (item.last === "note") item.last = "";
    this.own.set(item.id, { ...this.of(item), note: before });
    return undefined;
  }

  answerTaken({ id }) {
    const steps = this.done.get(id) ?? [];
    const place = steps.findLastIndex(({ kind }) => kind === "answer");
    if (place >= 0) steps.splice(place, 1);
  }
}
