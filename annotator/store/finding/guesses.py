"""Guesses to look through: pseudo-labels, and labels that may be wrong, each in its order."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from annotator.model import Guess, GuessesAmong, GuessOrder, SoughtGuesses
from annotator.store.database import Database
from annotator.store.finding.counting import FORMER, left, sure_by_class
from annotator.store.finding.doubts import DOUBTFUL
from annotator.store.finding.first import COMPLETE, KNOWN, LAST
from annotator.store.images import PICTURE, picture
from annotator.store.views import AUDITED, FOREVER, PSEUDO_LABELS, REJECTED

# Where others contradict comes first, the surest of them before all; then what is least sure
AGAINST = "CASE WHEN {0}_now.now <> guess.class_id THEN -{0}.confidence ELSE guess.confidence END"
# The place of a guess, ascending
PLACE: dict[GuessOrder, str] = {
    "uncertain": "guess.confidence",
    "confidence": "-guess.confidence",
    "rounds": AGAINST.format("former"),
    "models": AGAINST.format("plain"),
    "remote": "-COALESCE(guess.distance, 0)",
}
AMONG: dict[GuessesAmong, str] = {
    "all": "1",
    "models": "plain_now.now <> guess.class_id",
    "rounds": "former_now.now <> guess.class_id",
}

JOINS = {  # what an order or a choice goes by
    "models": """LEFT JOIN prediction AS plain ON plain.round_id = :round
            AND plain.model = 'baseline' AND plain.image_id = guess.image_id
        LEFT JOIN class_now AS plain_now ON plain_now.id = plain.class_id""",
    "rounds": f"""LEFT JOIN prediction AS former ON former.round_id = {FORMER}
            AND former.model = 'ssl' AND former.image_id = guess.image_id
        LEFT JOIN class_now AS former_now ON former_now.id = former.class_id""",
}
# Beside what a round says: what its baseline says, and what the round before it said. Of what an
# open audit asks about no guess is shown: it is answered blind
GUESSES = f"""SELECT guess.image_id, guess.class_id, guess.confidence, plain_now.now AS baseline,
        former_now.now AS before, NULL AS label, NULL AS own, {{place}} AS place,
        guess.class_id AS filed
    FROM ({PSEUDO_LABELS}) AS guess {JOINS["models"]} {JOINS["rounds"]}
    WHERE guess.image_id NOT IN ({AUDITED.replace(":watermark", str(FOREVER))})
      AND ({{among}}) {{these}}"""
THESE = "image_id IN (SELECT value FROM json_each(:within))"
FIRST = f"""SELECT guess.image_id, {{place}} AS place FROM ({PSEUDO_LABELS}) AS guess {{joins}}
    WHERE guess.image_id NOT IN ({AUDITED.replace(":watermark", str(FOREVER))}) AND ({{among}})
      AND (:class IS NULL OR guess.class_id = :class)
      AND (:last IS NULL OR ({{place}}, guess.image_id) > (:last, :last_id)) {{these}}
    ORDER BY place, guess.image_id LIMIT :n"""
# Of such a page, those that were kept as the first of their order, and no further than all were
AMONG_FIRST = f"""AND guess.image_id IN ({KNOWN})
    AND ({{place}}, guess.image_id) <= ({LAST})"""
LABELS = f"""SELECT image_id, class_id, confidence, NULL AS baseline, NULL AS before, label, own,
        own AS place, label AS filed
    FROM ({DOUBTFUL})"""


class GuessPages:
    """Confident predictions of unlabeled pool images; never all of them at once."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def page(
        self,
        number: int,
        threshold: float,
        sought: SoughtGuesses,
        after: tuple[float, int] | None,
        limit: int,
        within: Collection[int] | None = None,
    ) -> list[Guess]:
        """At most `limit` of a round's, those that follow a place and image of `after`.

        With `within` only those of these images.
        """
        if within is None and sought.among != "labels":
            within = self._first(number, threshold, sought, after, limit)
        rows = self.db.rows(
            f"""SELECT {PICTURE}, class_id, confidence, baseline, before, label, own, place
                FROM ({_found(sought, "" if within is None else THESE)}) AS found
                JOIN image ON image.id = found.image_id
                WHERE (:class IS NULL OR filed = :class)
                  AND (:last IS NULL OR (place, found.image_id) > (:last, :last_id))
                ORDER BY place, found.image_id LIMIT :n""",
            _values(number, threshold, sought)
            | _following(after, limit)
            | {"within": None if within is None else json.dumps(sorted(within))},
        )
        told = ("class_id", "confidence", "baseline", "before", "label", "own", "place")
        return [Guess(image=picture(row), **{key: row[key] for key in told}) for row in rows]

    def _first(
        self,
        number: int,
        threshold: float,
        sought: SoughtGuesses,
        after: tuple[float, int] | None,
        limit: int,
    ) -> list[int]:
        """The images of such a page: what else is told of them is looked up for them alone.

        All predictions are gone through only where those that were kept do not fill the page.
        """
        needed = {sought.order, sought.among}
        joins = " ".join(join for name, join in JOINS.items() if name in needed)
        place = PLACE[sought.order]
        values = _values(number, threshold, sought) | _following(after, limit)

        def found(these: str) -> list[int]:
            query = FIRST.format(place=place, among=AMONG[sought.among], joins=joins, these=these)
            return [image_id for image_id, _ in self.db.each(query, values)]

        page = found(AMONG_FIRST.format(sought.order, place=place))
        if len(page) == limit:
            return page
        all_kept = self.db.value(COMPLETE.format(sought.among), values)
        return found(f"AND guess.image_id IN ({KNOWN.format(sought.among)})" if all_kept else "")

    def count(self, number: int, threshold: float, sought: SoughtGuesses) -> int:
        """How many there are."""
        if sought.among != "labels":
            found = left(self.db, number, threshold, sought.among, sought.class_id)
            if found is not None:
                return found
        return int(
            self.db.value(
                f"""SELECT COUNT(*) FROM ({_found(sought, "")})
                    WHERE :class IS NULL OR filed = :class""",
                _values(number, threshold, sought),
            )
        )

    def pseudo(self, number: int, threshold: float) -> int | None:
        """How many pseudo-labels a round gives now; None where it did not count them."""
        counted = sure_by_class(self.db, number, threshold)
        return None if counted is None else sum(counted.values())

    def decided(self) -> tuple[int, int]:
        """How many guesses were checked and labeled, and how many were turned down and stand so."""
        checked = self.db.value("SELECT COUNT(*) FROM current_label WHERE source = 'verified'")
        turned_down = self.db.value(
            f"""SELECT COUNT(DISTINCT image_id) FROM ({REJECTED})
                WHERE image_id NOT IN (SELECT image_id FROM current_label)"""
        )
        return int(checked), int(turned_down)


def _found(sought: SoughtGuesses, these: str) -> str:
    if sought.among == "labels":
        return f"{LABELS} WHERE {these}" if these else LABELS
    these = f"AND guess.{these}" if these else ""
    return GUESSES.format(place=PLACE[sought.order], among=AMONG[sought.among], these=these)


def _following(after: tuple[float, int] | None, limit: int) -> dict[str, Any]:
    return {"last": after and after[0], "last_id": after and after[1], "n": limit}


def _values(number: int, threshold: float, sought: SoughtGuesses) -> dict[str, Any]:
    return {"round": number, "threshold": threshold, "class": sought.class_id}
