// What people disagree about, one image after the other, answered by keys. An answer counts for the
// image that was seen, shows at once, and leaves the outbox only when the server says that it is stored.

import { Apart } from "./apart.js";
import { actOf, busyElsewhere, Keyboard } from "./keys.js";
import { mounting } from "./mounting.js";
import { claimClient, Outbox } from "./outbox.js";
import { pageOf } from "./pages.js";
import { twoFrames } from "./sight.js";
import { Talk } from "./talk.js";
import { _, count } from "./words.js";

const SMALL = 256; // px; smaller pictures are shown with their pixels
const AHEAD = 3; // pictures that are fetched before they are asked
const ANEW = 5000; // ms until a picture that did not come is fetched again
const KEPT = 12; // pages from the one on the stage up to which a fetched one is kept

const rooms = new Map(); // workspace -> {apart, keyboard, outbox}: survives a visit to another page

class Settling {
  constructor(parentElement) {
    this.root = parentElement.querySelector(".settling");
    this.part = (name) => this.root.querySelector(`.${name}`);
    this.turn = 0;
    this.told = "";
    this.page = 1; // of the image on the screen
    this.pictures = new Map(); // image id and page -> <img>
    this.talk = new Talk(
      () => this.talk.say(this.outbox),
      () => this.draw(),
    );
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault(); // it would take the next keys
    });
  }

  stop() {
    this.talk.stop();
    clearTimeout(this.seeing);
    this.pictures.clear(); // what did not come is not fetched again
    document.removeEventListener("keydown", this.onKey);
  }

  receive(data, setStateValue) {
    Object.assign(this, { data, tell: setStateValue });
    this.talk.publish = setStateValue;
    const { workspace } = data;
    if (!rooms.has(workspace))
      rooms.set(workspace, { apart: new Apart(), keyboard: new Keyboard() });
    Object.assign(this, rooms.get(workspace));
    this.keyboard.take(data.classes);
    if (!this.outbox) this.begin(rooms.get(workspace));
    else this.settle();
    this.draw();
    return ++this.turn;
  }

  async begin(room) {
    const place = `${this.data.workspace}:settle`;
    room.opening ??= claimClient(place).then((client) => new Outbox(place, client));
    this.outbox = room.outbox = await room.opening;
    this.outbox.adopt();
    this.settle();
    this.draw();
    this.talk.say(this.outbox);
  }

  // What the server says of what was sent, and what it lists by now.
  settle() {
    const { data, outbox, apart } = this;
    for (const [client, seq] of data.refused) {
      const event = outbox.events.get(outbox.key({ client, seq }));
      if (event) apart.refused(event.image_id);
    }
    if (data.client === outbox.client) outbox.settle(data.ack, data.refused);
    const sent = outbox.answered(); // before a reload: they have no card, and are on their way
    apart.take(data.cards.filter(({ id }) => apart.made.has(id) || !sent.has(id)));
    const why = data.refused.at(-1)?.[2];
    this.notice(
      data.error
        ? _("{error} Your answers stay in this browser.", data)
        : why
          ? _("One answer was not stored: {reason}", { reason: why })
          : data.notice || this.keyboard.notice,
    );
    if (data.client === outbox.client && this.talk.heard(data) && outbox.events.size)
      this.talk.say(outbox);
  }

  emit(kind, card, classId = null) {
    const seconds = Math.round(performance.now() - (this.seenAt ?? performance.now())) / 1000;
    const fields = { image_id: card.id, sha256: card.sha256, class_id: classId, seconds };
    this.outbox.append({ kind, ...fields });
  }

  act({ kind, classId, step }) {
    const { apart } = this;
    if (kind === "page") return this.leaf(step);
    this.told = "";
    if (kind === "undo") this.undo();
    else if (kind === "skip" && apart.shown) {
      apart.putOff();
      this.tell("later", apart.later);
    } else if (kind === "label" && apart.shown) this.answer(classId);
    this.draw();
    if (!this.talk.waiting && this.outbox.events.size) this.talk.say(this.outbox);
  }

  answer(classId) {
    const card = this.apart.shown;
    if (this.part("stage").dataset.painted !== String(card.id)) {
      this.told = _("pressed before it was seen: not counted");
      return;
    }
    this.emit("label", card, classId);
    this.apart.answer(classId);
    const { name } = this.keyboard.seats.find(({ id }) => id === classId);
    this.told = _("labeled “{name}”; U takes it back", { name });
  }

  undo() {
    const card = this.apart.undo();
    if (card) this.emit("undo", card);
    this.told = card ? _("the last answer was taken back") : _("nothing to take back");
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button || !this.outbox) return;
    const { act, classId, step } = button.dataset;
    if (step) this.leaf(Number(step));
    else this.act(act ? { kind: act } : { kind: "label", classId: Number(classId) });
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.outbox) return;
    if (busyElsewhere(event) || event.target.closest?.("[role=listbox]")) return;
    const act = actOf(event, this.keyboard.classes);
    if (!["undo", "skip", "label", "page"].includes(act?.kind)) return;
    if (act.kind === "page" ? !(this.apart.shown?.pages > 1) : event.repeat) return;
    event.preventDefault();
    this.act(act);
  }

  draw() {
    const { apart, data, outbox } = this;
    const left = apart.left(data.left);
    this.part("where").textContent =
      left === 1 ? _("1 image to settle") : _("{n} images to settle", { n: count(left) });
    this.part("where").hidden = !left;
    this.part("answers").hidden = !apart.shown && !apart.order.length;
    this.choices(apart.shown);
    this.stage(apart.shown, left);
    const saving = outbox?.events.size ?? 0;
    const words = [this.told];
    if (saving) words.push(_("saving {n}", { n: saving }));
    if (saving && this.talk.failures) words.push(_("no answer yet, kept in this browser"));
    this.part("status").textContent = words.filter(Boolean).join(" · ");
  }

  // The answers that were given, side by side, and below them all other classes.
  choices(card) {
    const { classes } = this.keyboard;
    const drawn = JSON.stringify([card?.said, classes]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const said = new Map(card?.said ?? []);
    const given = classes.filter(({ id }) => said.has(id));
    const others = card ? classes.filter(({ id }) => !said.has(id)) : [];
    this.part("said").replaceChildren(...given.map((each) => beneath(said.get(each.id), each)));
    this.part("none").hidden = !others.length;
    this.part("others").replaceChildren(...others.map(buttonOf));
  }

  stage(card, left) {
    const stage = this.part("stage");
    for (const next of this.apart.open.slice(0, AHEAD)) this.picture(next);
    if (card && stage.dataset.image === String(card.id)) return;
    this.part("pages").hidden = !(card?.pages > 1);
    delete stage.dataset.painted;
    clearTimeout(this.seeing);
    if (!card) {
      delete stage.dataset.image;
      const line = document.createElement("p");
      line.textContent = left ? _("The next images are on their way.") : this.data.empty;
      stage.replaceChildren(line);
      return;
    }
    stage.dataset.image = card.id;
    this.page = card.face;
    this.seenAt = null;
    this.show(card);
  }

  // Another page of the document is shown, and has to be seen before a key counts.
  leaf(step) {
    const card = this.apart.shown;
    const page = Math.min(Math.max(this.page + step, 1), card?.pages ?? 1);
    if (!card || page === this.page) return;
    this.page = page;
    delete this.part("stage").dataset.painted;
    clearTimeout(this.seeing);
    this.show(card);
  }

  // What is far from the stage goes: other images but the next ones, and pages of this one.
  drop(card) {
    const next = new Set(this.apart.open.slice(0, AHEAD).map(({ id }) => id));
    for (const name of this.pictures.keys()) {
      const [id, number] = name.split("/").map(Number);
      const near = number === card.face || Math.abs(number - this.page) <= KEPT;
      if (id === card.id ? !near : !next.has(id)) this.pictures.delete(name);
    }
  }

  show(card) {
    this.drop(card);
    const place = { number: this.page, pages: card.pages };
    this.part("place").textContent = _("page {number} of {pages}", place);
    const picture = this.picture(card, this.page);
    this.part("stage").replaceChildren(picture);
    picture
      .decode()
      .catch(() => {}) // it is fetched again
      .then(() => this.painted(card, picture));
  }

  // It counts as seen once two frames have drawn it, and it was there for the least time.
  async painted(card, picture) {
    const stage = this.part("stage");
    await twoFrames();
    if (!picture.isConnected || stage.dataset.image !== String(card.id)) return;
    if (!picture.naturalWidth) return;
    this.seenAt ??= performance.now();
    clearTimeout(this.seeing);
    this.seeing = setTimeout(() => {
      stage.dataset.painted = card.id;
    }, this.data.least);
  }

  picture(card, number = card.face) {
    const name = `${card.id}/${number}`;
    const known = this.pictures.get(name);
    if (known) return known;
    const picture = new Image();
    const { display, width, height } = this.paged(card, number);
    picture.addEventListener("error", () =>
      setTimeout(() => this.fetchAgain(card, number, picture), ANEW),
    );
    picture.addEventListener("load", () => this.painted(card, picture));
    Object.assign(picture, { alt: _("Image to settle"), src: display });
    picture.classList.toggle("small", Math.max(width, height) < SMALL);
    this.pictures.set(name, picture);
    return picture;
  }

  // The page as the server lists it by now: an address is good for an hour or two.
  paged(card, number) {
    const now = this.apart.cards.find(({ id }) => id === card.id) ?? card;
    return number === now.face ? now : pageOf(now, number);
  }

  // Its address may be too old: the server gives another with its next word.
  fetchAgain(card, number, picture) {
    if (this.pictures.get(`${card.id}/${number}`) !== picture) return; // it is not wanted any more
    if (!this.talk.waiting) this.talk.say(this.outbox);
    picture.src = this.paged(card, number).display;
  }

  notice(text) {
    this.part("notice").textContent = text;
    this.part("notice").hidden = !text;
  }
}

function beneath(people, each) {
  const whole = document.createElement("div");
  const line = document.createElement("span");
  line.textContent = people === 1 ? _("1 person says") : _("{n} people say", { n: people });
  whole.append(line, buttonOf(each));
  return whole;
}

function buttonOf({ id, name, key, description }) {
  const button = document.createElement("button");
  const sign = document.createElement("kbd");
  sign.textContent = key.toUpperCase();
  Object.assign(button, { type: "button", title: description });
  button.dataset.classId = id;
  if (key) button.append(sign);
  button.append(name);
  return button;
}

export default mounting(Settling);
