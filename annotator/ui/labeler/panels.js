// What stands around the picture: opened and closed by buttons and keys, and remembered by this browser.

const KEPT = "certilabel:panels"; // of localStorage: for every workspace, as it is the person's habit
const NAMES = ["about", "next", "compare", "aside"];

export class Panels {
  // part: gives an element by its class; changed: called with a name, as the room for the picture is another.
  constructor(part, changed) {
    Object.assign(this, { part, changed });
    this.open = new Set(kept().filter((name) => NAMES.includes(name)));
    part("panels").addEventListener("click", (event) => {
      const button = event.target.closest("[data-panel]");
      if (button) this.toggle(button.dataset.panel);
    });
    this.draw();
  }

  has(name) {
    return this.open.has(name);
  }

  toggle(name) {
    if (!this.open.delete(name)) this.open.add(name);
    keep([...this.open]);
    this.draw();
    this.changed(name);
  }

  draw() {
    for (const button of this.part("panels").children)
      button.ariaPressed = String(this.has(button.dataset.panel));
    this.part("facts").open = this.has("about");
    this.part("coming").hidden = !this.has("next");
    this.part("strip").hidden = !this.has("compare");
    // The column beside the labeler is the page's own, whose style looks for this
    document.documentElement.dataset.aside = this.has("aside") ? "folded" : "open";
  }
}

// Where storage is switched off or damaged, it is as on the first visit.
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function keep(names) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(names));
  } catch {
    // it holds until the page is left
  }
}
