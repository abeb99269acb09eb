// What scripts say, in the language of the page. The table comes with the script that imports ours.

let [table, locale] = [{}, "en-US"];

// Called once, before anything is drawn.
export function speak(lines, code) {
  [table, locale] = [lines, code];
}

// An English text in that language; what stands in its braces is put into its places.
export function _(text, places = {}) {
  return (table[text] ?? text).replace(/\{(\w+)\}/g, (_place, name) => String(places[name]));
}

export function count(number) {
  return number.toLocaleString(locale);
}
