// What is said of an image beside its class: its marks in sight, and the field for a note or a reason.

import { _ } from "./words.js";

export class Beside {
  // work: note(question, text) and why(question, text), called when a text is to be kept.
  constructor(root, work) {
    this.part = (name) => root.querySelector(`.${name}`);
    this.work = work;
    this.unclear = null; // the question whose reason may be told now
    this.asked = null; // {kind, question} while the field is open
    this.field = this.part("text");
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.part("explain").addEventListener("click", () => this.explain());
  }

  key(event) {
    event.stopPropagation(); // what is typed is no key of the page
    if (event.key === "Enter") this.keep();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  ask(kind, question, label, text) {
    this.asked = { kind, question };
    this.part("asking").textContent = label;
    this.part("telling").hidden = false;
    this.field.value = text;
    this.field.focus();
    this.field.select();
  }

  note(question, text) {
    this.ask("note", question, _("Note on {name}", question), text);
  }

  // Of the image that nobody can tell, which has left the screen.
  explain() {
    if (this.unclear) this.ask("why", this.unclear, _("{name}: why not?", this.unclear), "");
  }

  keep() {
    const { kind, question } = this.asked;
    const text = this.field.value.trim();
    this.close();
    this.work[kind](question, text);
  }

  close() {
    this.asked = null;
    this.part("telling").hidden = true;
    this.field.blur();
  }

  // The reason can be told until the next answer.
  couldNotTell(question) {
    this.unclear = question;
    this.part("explain").hidden = !question;
    if (question) this.part("explain").textContent = _("⏎ why can nobody tell {name}?", question);
  }

  draw(item, marks) {
    const { flag, note } = item ? marks.of(item) : { flag: false, note: "" };
    const words = [flag ? _("⚑ flagged") : "", note ? _("note: {note}", { note }) : ""].filter(
      Boolean,
    );
    this.part("marks").textContent = words.join(" · ");
    this.part("marks").hidden = !words.length;
    this.part("flag").ariaPressed = String(flag);
  }
}
