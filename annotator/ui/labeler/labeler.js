// Keys and the talk with the server. A key press shows the next image at once; the answers travel
// as one cumulative list, and leave the outbox only when the server says that they are stored.

import { actOf, busyElsewhere, Keyboard } from "./keys.js";
import { Leases } from "./leases.js";
import { Marks } from "./marks.js";
import { mounting } from "./mounting.js";
import { claimClient, Outbox } from "./outbox.js";
import { Queue } from "./queue.js";
import { Saying } from "./saying.js";
import { Talk } from "./talk.js";
import { View } from "./view.js";
import { _ } from "./words.js";

const TOLD = 2000; // ms that a press that did not count is spoken of
const OTHERS =
  "While the connection was gone, somebody else was given this image, or answered it. " +
  "Your answer is kept beside theirs; if the two differ, they are listed as a disagreement.";
const IDLE_POLL = 10000; // ms between questions for more when there is nothing to ask

const tabs = new Map(); // workspace -> {outbox, queue, leases, marks}: survives a visit to another page
const keyboards = new Map(); // workspace -> Keyboard: likewise, until the page is loaded anew

class Labeler {
  constructor(parentElement) {
    this.view = new View(parentElement.querySelector(".labeler"), (act) => this.act(act));
    this.saying = new Saying(this, parentElement.querySelector(".labeler"));
    this.turn = 0;
    this.talk = new Talk(
      () => this.send(),
      () => this.late(),
    );
    this.data = null;
    this.tab = null;
    this.shownAt = performance.now();
    this.onKey = (event) => this.key(event);
    this.onResize = () => this.view.fit();
    document.addEventListener("keydown", this.onKey);
    window.addEventListener("resize", this.onResize);
  }

  stop() {
    this.talk.stop();
    this.tab?.leases.stop();
    document.removeEventListener("keydown", this.onKey);
    window.removeEventListener("resize", this.onResize);
  }

  receive(data, setStateValue) {
    this.data = data;
    this.talk.publish = setStateValue;
    if (!keyboards.has(data.workspace)) keyboards.set(data.workspace, new Keyboard());
    this.keyboard = keyboards.get(data.workspace);
    this.keyboard.take(data.classes);
    this.view.classes(this.keyboard);
    this.view.facts.may(data.reveals);
    this.view.progress(data.progress);
    if (!this.tab) this.open(data.workspace);
    else if (data.client === this.tab.outbox.client) this.settle(data);
    return ++this.turn;
  }

  async open(workspace) {
    if (this.opening) return;
    this.opening = true;
    if (!tabs.has(workspace)) {
      tabs.set(
        workspace,
        claimClient(workspace).then((client) => ({
          outbox: new Outbox(workspace, client),
          queue: new Queue(),
          leases: new Leases(),
          marks: new Marks(),
        })),
      );
    }
    this.tab = await tabs.get(workspace);
    this.tab.outbox.adopt();
    this.tab.marks.adopt(this.tab.outbox.pending());
    this.tab.queue.changed = () => this.draw(); // a picture that had failed is there
    this.tab.queue.ahead = (...next) => this.view.lens.ahead(...next);
    if (this.tab.leases.lapsed()) this.tab.queue.lapse();
    this.tab.leases.heard = (said) => this.held(said);
    this.tab.leases.go();
    this.draw();
    this.send();
  }

  // What came of a sign of life.
  held({ status, shown, gone = [], more }) {
    const { queue } = this.tab;
    const others = gone.includes(shown) && queue.current?.id === shown && !queue.kept.has(shown);
    if (others) this.view.notice(_(OTHERS));
    if (gone.length) {
      queue.part(gone);
      this.draw();
    }
    if ((more || status === 403) && !this.talk.waiting) this.send();
  }

  settle(data) {
    const { outbox, queue, leases } = this.tab;
    leases.take(data.held);
    outbox.settle(data.ack, data.refused);
    // With an error comes the list of before: its images may be answered by now.
    if (!data.error) queue.merge(data.queue, outbox.answered());
    this.view.strip.take(data.compared ?? [], queue);
    if (data.recalled && data.recalled.from === this.recalling) {
      this.recalling = null;
      queue.recall(data.recalled.from, data.recalled.answers);
    }
    if (data.error) this.view.strip.again();
    if (data.error) this.view.notice(_("{error} Your answers stay in this browser.", data));
    else if (data.refused.length) this.view.notice(refusal(data.refused));
    else if (data.beat === this.talk.beat) this.view.notice(data.notice);
    if (this.talk.heard(data)) {
      const more =
        ((queue.looking || queue.doubt) && queue.wanting !== null) ||
        this.view.comparing(queue).length;
      if (outbox.events.size || more) this.send();
      else if (!queue.current) this.talk.after(IDLE_POLL);
    }
    this.draw();
  }

  send() {
    const { queue, outbox } = this.tab;
    const recall = queue.wanting;
    if (queue.doubt) queue.doubt.asked = true;
    this.recalling = recall;
    const compare = this.view.comparing(queue);
    this.view.strip.ask(compare);
    this.talk.say(outbox, { recall, compare, reveal: this.view.facts.revealing });
  }

  seen() {
    return this.view.seen(this.data.least);
  }

  tooSoon() {
    this.status(true);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.status(), TOLD);
  }

  emit(kind, question, fields) {
    this.put(kind, question, fields);
    this.draw();
    if (!this.talk.waiting) this.send();
  }

  put(kind, question, { classId = null, note = "", takes = "" }) {
    const seconds = (performance.now() - this.shownAt) / 1000;
    this.tab.outbox.append({
      kind,
      image_id: question.id,
      sha256: question.sha256,
      class_id: classId,
      seconds: Math.round(seconds * 1000) / 1000,
      shown: Boolean(question.guess),
      ...(note && { note }),
      ...(takes && { takes }),
      ...(question.again && { again: question.again }),
    });
  }

  act({ kind, classId, look, panel, ...move }) {
    if (!this.tab) return;
    if (kind === "panel") return this.view.panels.toggle(panel);
    if (kind === "opened") return this.opened();
    if (kind === "reveal") return this.again();
    if (kind === "look") return this.view.lens.act(look);
    if (kind === "page") return this.turnPage(move);
    if (kind === "help") return this.view.help();
    if (kind === "close") return this.view.help(false);
    if (kind === "back" || kind === "forward") return this.move(kind === "back" ? -1 : 1);
    return this.saying.act(kind, classId);
  }

  // No reply came to the last message, so it may be that nothing of it was read.
  late() {
    this.view.strip.again();
    this.status();
  }

  again() {
    this.view.strip.again();
    this.send();
  }

  // Something beside the picture was opened, or closed.
  opened() {
    this.view.strip.again();
    this.draw();
    if (this.view.comparing(this.tab.queue).length && !this.talk.waiting) this.send();
  }

  move(step) {
    this.tab.queue.move(step);
    this.saying.taken = null;
    this.draw();
    if (this.tab.queue.wanting !== null && !this.talk.waiting) this.send();
  }

  turnPage(move) {
    this.view.pages.turn(move);
    this.draw();
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!this.tab || busyElsewhere(event)) return;
    const act = actOf(event, this.keyboard.classes);
    if (!act || (act.kind === "why" && !this.saying.explainable)) return;
    // A key that is held labels once, and turns page after page
    if (act.kind === "page" ? !this.view.pages.many : event.repeat) return;
    event.preventDefault();
    this.act(act);
  }

  draw() {
    const shown = this.tab.queue.current?.id;
    if (shown !== this.shown) this.shownAt = performance.now();
    this.shown = shown;
    this.tab.leases.has(this.tab.queue.items, this.talk.beat);
    this.view.fit();
    this.saying.draw();
    this.view.around(this.tab.queue, this.keyboard.classes);
    const empty = this.data.beat ? this.data.empty : _("Fetching images…");
    this.view.question(this.tab.queue, empty, this.saying.undone);
    this.status();
  }

  status(hasty = false) {
    const { outbox } = this.tab;
    const [saved, saving] = [outbox.saved, outbox.events.size];
    this.view.status({ saved, saving, offline: this.talk.offline || !navigator.onLine, hasty });
  }
}

function refusal(refused) {
  const [, , reason] = refused[refused.length - 1];
  if (refused.length === 1) return _("One answer was not stored: {reason}", { reason });
  return _("{n} answers were not stored: {reason}", { n: refused.length, reason });
}

export default mounting(Labeler);
