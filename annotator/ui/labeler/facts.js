// What is known of the image in sight, in a list that stays open from image to image. What may name a
// person stays on the server until somebody asks for it, and is forgotten with the page.

export class Facts {
  // part: gives an element by its class; changed: called when more or less is wanted.
  constructor(part, changed) {
    this.rows = part("facts").querySelector("tbody");
    this.button = part("reveal");
    this.revealing = false;
    this.drawn = "";
    this.button.addEventListener("click", () => {
      this.revealing = !this.revealing;
      this.button.ariaPressed = String(this.revealing);
      changed();
    });
  }

  // Whether this person may see it.
  may(allowed) {
    this.button.hidden = !allowed;
    if (!allowed) this.revealing = false;
  }

  draw(said = []) {
    const drawn = JSON.stringify(said);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const rows = said.map((words) => {
      const row = document.createElement("tr");
      for (const text of words) {
        const cell = document.createElement("td");
        cell.textContent = text;
        row.append(cell);
      }
      return row;
    });
    this.rows.replaceChildren(...rows);
  }
}
