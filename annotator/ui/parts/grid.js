// Pictures in a grid; those with an id are buttons. Every text from outside goes through
// textContent.

export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".grid");
  const drawn = JSON.stringify(data.cards);
  if (grid.dataset.drawn === drawn) return; // a redraw would take the focus away
  grid.dataset.drawn = drawn;
  grid.replaceChildren(
    ...data.cards.map(({ id, ...texts }) => {
      if (id === null) return card("figure", texts);
      const button = card("button", texts);
      button.type = "button";
      button.title = `${texts.detail}: find more like this`;
      button.addEventListener("click", () => setTriggerValue("picked", id));
      return button;
    }),
  );
}

function card(tag, { url, headline, detail }) {
  const whole = document.createElement(tag);
  const picture = document.createElement("img");
  const title = document.createElement("strong");
  const line = document.createElement("span");
  const name = document.createElement("bdi"); // reads left to right, and is cut at its start
  whole.title = detail;
  picture.loading = "lazy";
  picture.alt = "";
  picture.src = url;
  title.textContent = headline;
  name.textContent = detail;
  line.append(name);
  whole.append(picture, title, line);
  return whole;
}
