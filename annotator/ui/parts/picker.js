// A gallery whose pictures are buttons. Every text from outside goes through textContent.

export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".picker");
  const drawn = JSON.stringify(data.cards);
  if (grid.dataset.drawn === drawn) return; // a redraw would take the focus away
  grid.dataset.drawn = drawn;
  grid.replaceChildren(
    ...data.cards.map(({ id, url, headline, detail }) => {
      const card = document.createElement("button");
      const picture = document.createElement("img");
      const title = document.createElement("strong");
      const line = document.createElement("span");
      card.type = "button";
      card.title = `${detail}: find more like this`;
      picture.loading = "lazy";
      picture.alt = "";
      picture.src = url;
      title.textContent = headline;
      const name = document.createElement("bdi"); // reads left to right, and is cut at its start
      name.textContent = detail;
      line.append(name);
      card.append(picture, title, line);
      card.addEventListener("click", () => setTriggerValue("picked", id));
      return card;
    }),
  );
}
