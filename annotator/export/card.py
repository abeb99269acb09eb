"""The data card in Markdown: what is in an export, how right it is, and what to beware of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.export.about import About
from annotator.export.tally import Tally
from annotator.wording import could_not, deferred, percent

SOURCES = {
    "human": "said by a person who saw no guess",
    "verified": "said by a person who checked the model's guess",
    "imported": "came with the images",
    "adjudicated": "settled by a person where others disagreed",
    "pseudo": "said by a model, and by nobody else",
    "unclear": "no label: a person who saw it could not tell",
}
SPLITS = {
    "pool": "to learn from",
    "val": "for choosing and calibrating, never learned from here",
    "test": "for measuring alone",
}
SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$&])")


def card(about: About, tally: Tally, notes: Sequence[str]) -> str:
    """Write it for those who get the folder without having seen how it was made."""
    facts = about.provenance
    return "\n".join(
        [
            f"# {plain(str(facts.get('workspace', 'Data set')))}",
            "",
            f"{tally.rows - tally.unclear:,} labeled images"
            + ("" if about.images else ", named but not included")
            + f", exported {facts.get('made_at', '')} by Certilabel {facts.get('certilabel', '')}.",
            "",
            *_table(("source", "rows", "is"), _sources(tally)),
            *_table(("class", *_splits(about)), _classes(about, tally)),
            *(f"The split `{name}` is {does}.  " for name, does in _splits(about).items()),
            "",
            "## How the labels came about",
            "",
            *_round(facts),
            "",
            "## Beware",
            "",
            *(f"- {plain(each)}" for each in [*_caveats(tally), *notes]),
            "",
            "## License",
            "",
            "Not said. Whoever has the rights to the images fills it in.",
            "",
        ]
    )


def plain(text: str) -> str:
    """Text that Markdown takes for nothing else, in one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [*("| " + " | ".join(each) + " |" for each in lines), ""]


def _sources(tally: Tally) -> list[tuple[str, str, str]]:
    return [(f"`{name}`", f"{n:,}", SOURCES[name]) for name, n in tally.sources.items()]


def _splits(about: About) -> dict[str, str]:
    """What each split is for; validation is spoken of where there is some."""
    there = {split for _, split, _ in about.counts}
    return {name: does for name, does in SPLITS.items() if name != "val" or name in there}


def _classes(about: About, tally: Tally) -> list[list[str]]:
    found = []
    for label in about.classes:
        cells = [plain(label)]
        for split in _splits(about):
            by_source = {
                source: n
                for (name, where, source), n in tally.cells.items()
                if (name, where) == (label, split)
            }
            n, pseudo = sum(by_source.values()), by_source.get("pseudo", 0)
            cells.append(f"{n:,}" + (f" ({pseudo:,} pseudo)" if pseudo else ""))
        found.append(cells)
    return found


def _round(facts: Mapping[str, Any]) -> list[str]:
    if "round" not in facts:
        return ["No model had a part in them."]
    said = [
        f"Pseudo-labels are those of round {facts['round']} (method `{facts['method']}`, regime "
        f"`{facts['regime']}`, model `{facts['model']}`, seed {facts['seed']}), where it was "
        f"confident to {percent(facts['threshold'])} or more.",
        "",
    ]
    if "answered_by" in facts:
        said += [plain(deferred(facts["answered_by"])), ""]
    found = facts.get("accuracy")
    if not found:
        return [*said, "How right the model is was not measured: no test image is labeled."]
    low, high = found["interval"]
    told = could_not(found.get("could_not_be_judged", 0), found["test_images"])
    return [
        *said,
        f"Of {found['test_images']:,} test images the model labels {percent(found['value'])} as "
        f"people did (exact 95 % interval: {percent(low)} to {percent(high)}{told}). They were "
        "drawn by chance when the images were imported, and never learned from. The number speaks "
        "of all images like them, not of the confident pseudo-labels alone.",
    ]


def _caveats(tally: Tally) -> list[str]:
    said = [
        "Text that is burnt into the pixels, such as a name on a scan, is not taken out.",
        "Which images were asked was chosen by a policy: human labels of the pool are no random "
        "sample. The columns reason and propensity say more.",
    ]
    if tally.pseudo:
        said.insert(
            0,
            f"{tally.pseudo:,} of {tally.rows:,} labels are a model's. Leave rows with the source "
            "'pseudo' out where you need a person's word.",
        )
    return said
