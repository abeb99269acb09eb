// What the expert sees. Every text from outside goes through textContent.

import { Choices } from "./choices.js";
import { Coming } from "./coming.js";
import { Facts } from "./facts.js";
import { Lens } from "./lens.js";
import { Pages } from "./pages.js";
import { Panels } from "./panels.js";
import { twoFrames } from "./sight.js";
import { Strip } from "./strip.js";
import { _, count } from "./words.js";

export class View {
  constructor(root, act) {
    this.root = root;
    this.part = (name) => root.querySelector(`.${name}`);
    this.act = act;
    this.paintedAt = null;
    this.choices = new Choices(this.part, act);
    this.lens = new Lens(...["stage", "tools", "windows", "gamma"].map(this.part));
    this.facts = new Facts(this.part, () => act({ kind: "reveal" }));
    this.strip = new Strip(this.part);
    this.coming = new Coming(this.part("coming"));
    this.panels = new Panels(this.part, (name) => {
      this.fit();
      act({ kind: "opened", panel: name });
    });
    this.pages = new Pages(this.part, (move) => act({ kind: "page", ...move }));
    this.onNote = ({ target }) => this.told(target);
    this.part("hints").addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]"); // those that only change the view have none
      if (button) act({ kind: button.dataset.act });
    });
    // A button that takes the focus would take the next space bar as its own.
    root.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault();
    });
  }

  fit() {
    const space = window.innerHeight - this.root.getBoundingClientRect().top - 16;
    this.root.style.height = `${Math.max(space, 320)}px`;
    this.choices.arrange(this.root.getBoundingClientRect().width);
    this.lens.draw();
  }

  classes({ classes, notice }) {
    this.part("changes").textContent = notice;
    this.part("changes").hidden = !notice;
    this.choices.take(classes);
  }

  // What is known of the images around the one on the stage, where that is open.
  around(queue, classes) {
    if (this.panels.has("compare")) this.strip.draw(queue, classes);
    if (this.panels.has("next")) this.coming.draw(queue);
  }

  // Images that are to be compared with others.
  comparing(queue) {
    return this.panels.has("compare") ? this.strip.wanting(queue) : [];
  }

  // `undone`: what an undo has just taken back of it, in words
  question(queue, emptyText, undone = "") {
    const stage = this.part("stage");
    const item = queue.current;
    this.part("name").textContent = item ? item.name : "";
    this.part("reason").textContent = [undone, item ? reasonText(item, queue.looking) : ""]
      .filter(Boolean)
      .join(" · ");
    this.part("reason").title = item && !queue.looking ? hoverText(item) : "";
    this.choices.mark(item, queue.looking?.classId);
    this.facts.draw(item?.about);
    if (!item) {
      this.pages.leave();
      return this.say(emptyText);
    }
    const turned = String(stage.dataset.image) === String(item.id); // to another page of it
    const picture = this.pages.picture(queue, item);
    stage.dataset.image = item.id;
    stage.dataset.page = this.pages.number;
    if (picture.failed)
      return this.say(_("This image cannot be shown; it is fetched again. Space skips it."), true);
    if (stage.firstChild === picture.element) return undefined;
    picture.addEventListener("error", () => this.question(queue, emptyText, undone), {
      once: true,
    });
    picture.addEventListener("note", this.onNote);
    stage.replaceChildren(picture.element);
    this.told(picture);
    return this.watch(picture, turned);
  }

  told(picture) {
    if (this.part("stage").firstChild === picture.element)
      this.part("told").textContent = picture.note;
  }

  // When the picture came to the eye: it was put in, and two frames were drawn since.
  async watch(picture, turned) {
    this.paintedAt = null;
    delete this.part("stage").dataset.painted;
    const drawn = await this.lens.put(picture, turned); // a failed one is told by its error event
    await twoFrames();
    const stage = this.part("stage");
    if (stage.firstChild !== picture.element || !drawn) return;
    this.paintedAt = performance.now();
    stage.dataset.painted = stage.dataset.image;
  }

  // Whether the picture on the stage has been seen for so many milliseconds.
  seen(least) {
    return this.paintedAt !== null && performance.now() - this.paintedAt >= least;
  }

  // `kept`: the image stays the one that keys are for
  say(text, kept = false) {
    const line = document.createElement("p");
    line.textContent = text;
    this.paintedAt = null;
    this.part("told").textContent = "";
    this.part("windows").hidden = true;
    if (!kept) delete this.part("stage").dataset.image;
    delete this.part("stage").dataset.painted;
    this.part("stage").replaceChildren(line);
  }

  progress({ labeled, images, next, running }) {
    const words = [
      _("{labeled} of {images} labeled", { labeled: count(labeled), images: count(images) }),
    ];
    if (running) words.push(_("a round is running"));
    if (next) words.push(_("next round in {n}", { n: count(next) }));
    if (next === 0) words.push(running ? _("the next starts when it ends") : _("a round is due"));
    this.part("progress").textContent = words.join(" · ");
  }

  status({ saved, saving, offline, hasty }) {
    const words = [_("saved {n}", { n: saved })];
    if (hasty) words.unshift(_("pressed before it was seen: not counted"));
    if (saving) words.push(_("saving {n}", { n: saving }));
    if (offline) words.push(_("offline, kept in this browser"));
    const status = this.part("status");
    status.textContent = words.join(" · ");
    status.dataset.tone = offline ? "offline" : "calm";
  }

  // Other keys go on working: the list lies beside the picture, not in the way.
  help(open = !this.part("help").open) {
    this.part("help").open = open;
  }

  notice(text) {
    this.part("notice").textContent = text;
    this.part("notice").hidden = !text;
  }
}

function reasonText(item, looking) {
  if (looking?.kind === "skip") return _("skipped before: a class key answers it");
  if (looking?.kind === "unclear")
    return _("you could not tell{why}: a class key answers it", {
      why: looking.why && ` (${looking.why})`,
    });
  if (looking) return _("answered before: a class key changes the answer");
  return item.guess ? _("{reason} · the model is {guess}", item) : item.reason;
}

function hoverText({ detail, place }) {
  return [detail, place && _("number {place} in the order of questions", { place: count(place) })]
    .filter(Boolean)
    .join(" · ");
}
