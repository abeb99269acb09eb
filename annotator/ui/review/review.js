// Guesses on cards, decided by keys. A decision shows at once; it travels as one of a cumulative
// list, and leaves the outbox only when the server says that it is stored.

import { cardOf, largeOf, markOf } from "./card.js";
import { Decisions, meant, reviewAct, reviewKey } from "./decisions.js";
import { busyElsewhere, Keyboard } from "./keys.js";
import { mounting } from "./mounting.js";
import { claimClient, Outbox } from "./outbox.js";
import { isLoaded, Sight } from "./sight.js";
import { Talk } from "./talk.js";
import { _ } from "./words.js";

const TURNS = 10000; // ms until the next page may be asked for anew

const outboxes = new Map(); // workspace -> promise of its outbox: survives a visit to another page
const pages = new Map(); // workspace -> {page, decisions} of the newest page of cards: likewise
const keyboards = new Map(); // workspace -> Keyboard: likewise

class Review {
  constructor(parentElement) {
    this.root = parentElement.querySelector(".review");
    this.part = (name) => this.root.querySelector(`.${name}`);
    this.turn = 0;
    this.talk = new Talk(
      () => this.send(),
      () => this.draw(),
    );
    this.page = null;
    this.sight = new Sight(this.part("cards"));
    this.turning = null; // the page that is left for the next, and since when
    this.told = "";
    this.decisions = new Decisions([]);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault(); // it would take the next keys
    });
  }

  stop() {
    this.talk.stop();
    document.removeEventListener("keydown", this.onKey);
  }

  receive(data, setStateValue, setTriggerValue) {
    Object.assign(this, { data, trigger: setTriggerValue });
    this.talk.publish = setStateValue;
    if (!keyboards.has(data.workspace)) keyboards.set(data.workspace, new Keyboard());
    this.keyboard = keyboards.get(data.workspace);
    this.keyboard.take(data.classes);
    this.root.toggleAttribute("data-labels", Boolean(data.labels));
    this.part("cards").setAttribute(
      "aria-label",
      data.labels ? _("Labels that may be wrong") : _("Pseudo-labels"),
    );
    this.choices();
    if (!this.outbox) this.begin(data.workspace);
    else if (data.client === this.outbox.client) this.settle(data);
    this.open();
    this.draw();
    return ++this.turn;
  }

  async begin(workspace) {
    if (this.beginning) return;
    this.beginning = true;
    const place = `${workspace}:review`;
    if (!outboxes.has(place))
      outboxes.set(
        place,
        claimClient(place).then((client) => new Outbox(place, client)),
      );
    this.outbox = await outboxes.get(place);
    this.outbox.adopt();
    this.open();
    this.draw();
    this.send();
  }

  // A page of cards is as it was until another is asked for, whatever was decided on it, and what
  // was decided on it is remembered while other pages are looked at. What was decided before the
  // browser's page was loaded anew may be on its way still: it has no card.
  open() {
    if (!this.outbox || this.page === this.data.page) return;
    const pending = this.outbox.answered();
    const cards = this.data.cards.filter(({ id }) => !pending.has(id));
    this.page = this.data.page;
    this.told = "";
    const before = pages.get(this.data.workspace);
    if (before?.page === this.page) before.decisions.enter(cards); // another page was in between
    this.decisions = before?.page === this.page ? before.decisions : new Decisions(cards);
    pages.set(this.data.workspace, { page: this.page, decisions: this.decisions });
    this.seenAt = performance.now();
    this.part("cards").replaceChildren(...this.decisions.cards.map(cardOf));
    this.sight.begin();
    this.takeKeys();
  }

  // A filter that was just chosen keeps the keys for itself otherwise, until a card is clicked.
  takeKeys() {
    const holder = document.activeElement;
    if (!holder?.matches("input, select") || holder.getAttribute("aria-expanded") === "true")
      return;
    this.part("cards").focus({ preventScroll: true });
  }

  whole({ id }) {
    return this.part("cards").querySelector(`[data-image="${id}"]`);
  }

  choices() {
    const { classes } = this.keyboard;
    const drawn = JSON.stringify(classes);
    if (drawn === this.drawnClasses) return;
    this.drawnClasses = drawn;
    const buttons = classes.map(({ id, name, ...other }) => {
      const key = reviewKey(other); // none: a click alone says this class
      const button = document.createElement("button");
      const sign = document.createElement("kbd");
      sign.textContent = key.toUpperCase();
      Object.assign(button, { type: "button", title: _("It is {name}", { name }) });
      button.dataset.classId = id;
      if (key) button.append(sign);
      button.append(name);
      return button;
    });
    this.part("choices").replaceChildren(...buttons);
  }

  settle(data) {
    const { outbox } = this;
    outbox.settle(data.ack, data.refused);
    const refused = data.refused.at(-1)?.[2];
    this.notice(
      data.error
        ? _("{error} Your decisions stay in this browser.", data)
        : refused
          ? _("A decision was not stored: {reason}", { reason: refused })
          : data.notice,
    );
    if (this.talk.heard(data) && outbox.events.size) this.send();
  }

  send() {
    this.talk.say(this.outbox);
  }

  emit(kind, card, classId = null) {
    const seconds = Math.round(performance.now() - this.seenAt) / 1000;
    this.seenAt = performance.now();
    const fields = { image_id: card.id, sha256: card.sha256, class_id: classId, seconds };
    this.outbox.append({ kind, ...fields });
  }

  say(card, act) {
    const { kind, classId } = meant(act, card);
    this.decide(card, kind, classId);
  }

  decide(card, kind, classId) {
    if (!card) return;
    if (!this.sight.seen(this.data.least) || !isLoaded(this.whole(card))) {
      this.told = _("pressed before it was seen: not counted");
      return;
    }
    if (this.decisions.made.has(card.id)) this.emit("undo", card); // it is decided anew
    this.decisions.decide(card, kind, classId);
    this.emit(kind, card, classId);
  }

  act({ kind, classId }) {
    const { decisions } = this;
    const card = decisions.current;
    this.told = "";
    if (kind === "label") this.decide(card, "label", classId);
    else if (kind === "accept" && !decisions.open.length) this.next();
    else if (kind === "accept" || kind === "reject") card && this.say(card, kind);
    else if (kind === "all") this.all();
    else if (kind === "undo") this.undo();
    else if (kind === "zoom") this.zoom(!this.part("large").open);
    else if (kind === "close") this.zoom(false);
    else if (kind === "next") this.next();
    else decisions.move({ left: -1, right: 1, up: -this.columns(), down: this.columns() }[kind]);
    this.draw();
    if (!this.talk.waiting && this.outbox.events.size) this.send();
  }

  // Accept, or keep, what is in sight of the rest; a picture that has not come was seen by nobody.
  all() {
    const { open } = this.decisions;
    const there = open.filter((card) => isLoaded(this.whole(card)));
    for (const card of there) this.say(card, "accept");
    if (there.length < open.length && !this.told)
      this.told = _("{n} of {all} not loaded yet: not decided", {
        n: open.length - there.length,
        all: open.length,
      });
  }

  undo() {
    const card = this.decisions.undo();
    if (card) this.emit("undo", card);
  }

  next() {
    this.zoom(false);
    const now = performance.now();
    const { turning } = this;
    if (turning?.page === this.page && now - turning.at < TURNS) return; // it is asked for
    this.turning = { page: this.page, at: now };
    this.told = _("the next page is on its way");
    this.trigger("turned", this.page); // by its name: what comes twice turns one page
  }

  // The picture at full size; it follows the keys.
  zoom(open) {
    this.part("large").open = open;
  }

  columns() {
    const cards = [...this.part("cards").children];
    return cards.filter((each) => each.offsetTop === cards[0].offsetTop).length;
  }

  click(event) {
    const button = event.target.closest("button");
    const card = event.target.closest(".card");
    if (!this.outbox) return;
    if (button?.dataset.classId)
      this.act({ kind: "label", classId: Number(button.dataset.classId) });
    else if (button?.dataset.act) this.act({ kind: button.dataset.act });
    else if (card) {
      this.decisions.look(Number(card.dataset.image));
      this.draw();
    }
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.outbox) return;
    if (busyElsewhere(event) || event.target.closest?.("[role=listbox]:not(.cards)")) return;
    const act = reviewAct(event, this.keyboard.classes);
    const moves = ["left", "right", "up", "down"].includes(act?.kind);
    if (!act || (event.repeat && !moves)) return;
    event.preventDefault();
    this.act(act);
  }

  draw() {
    const { decisions, outbox } = this;
    const names = new Map(this.keyboard.seats.map(({ id, name }) => [id, name]));
    for (const whole of this.part("cards").children) {
      const id = Number(whole.dataset.image);
      const made = decisions.made.get(id);
      const selected = decisions.current?.id === id;
      whole.setAttribute("aria-selected", String(selected));
      if (selected) whole.scrollIntoView({ block: "nearest" });
      whole.toggleAttribute("data-decided", Boolean(made));
      whole.querySelector(".mark").textContent = made
        ? markOf(made, names, whole.hasAttribute("data-doubted"))
        : "";
    }
    const card = decisions.current;
    this.part("cards").setAttribute("aria-activedescendant", card ? `card-${card.id}` : "");
    if (card && this.part("large").open) this.large(card);
    const left = decisions.open.length;
    const all = decisions.cards.length;
    this.part("where").textContent = left
      ? _("{n} of {all} on this page decided", { n: all - left, all })
      : _("All on this page decided: Enter for the next");
    const saving = outbox?.events.size ?? 0;
    const late = saving > 0 && this.talk.failures > 0;
    const words = [this.told, _("saved {n}", { n: outbox?.saved ?? 0 })];
    if (saving) words.push(_("saving {n}", { n: saving }));
    if (late) words.push(_("no answer yet, kept in this browser"));
    this.part("status").textContent = words.filter(Boolean).join(" · ");
  }

  large(card) {
    const [picture, line] = largeOf(card);
    if (this.part("large").firstChild?.src !== picture.src)
      this.part("large").replaceChildren(picture, line);
  }

  notice(text) {
    this.part("notice").textContent = text;
    this.part("notice").hidden = !text;
  }
}

export default mounting(Review);
