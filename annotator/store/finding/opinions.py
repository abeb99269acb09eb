"""What each person says of an image, and where people disagree."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from annotator.model import Answer, Label, Work
from annotator.store.database import Database
from annotator.store.labels import counted_as
from annotator.store.views import ANY_LABELS_AS_OF, FOREVER, SAME, TOLD, outdone, stands

# What a person said when an image came back to them is no change of what they had said of it
APART = f"{SAME} AND (later.again = 'own') = (event.again = 'own')"
# The last answer of each person to each image, and that to its return, of a class that is shown;
# who said last that nobody can tell has none
OPINIONS = f"""SELECT event.image_id, class_now.now AS class_id, {TOLD}
    FROM event CROSS JOIN class_now ON class_now.id = event.class_id
    WHERE {stands("event")} AND NOT {outdone("label", APART)} AND NOT {outdone("unclear", APART)}"""

# Images that two people have answered, or one person twice: few, and the index alone tells them
TWICE = """SELECT image_id FROM event WHERE kind = 'label'
    GROUP BY image_id HAVING MIN(annotator) <> MAX(annotator) OR MAX(again = 'own')"""

# Who said what of these, of whatever class, as it stood when event :watermark had been written
SAID_AS_OF = f"""SELECT event.image_id, event.class_id FROM event
    WHERE {stands("event")} AND NOT {outdone("label", APART)} AND NOT {outdone("unclear", APART)}
      AND event.source <> 'imported' AND event.image_id IN ({TWICE})"""


def disagreement(among: str) -> str:
    """The query for those of some images about which people say different things.

    Or one person, who was asked the image again. A label that came with a source is nobody's
    opinion, and a settled image is not listed.
    """
    return f"""SELECT image_id FROM ({OPINIONS}) AS opinion
        WHERE source <> 'imported' AND image_id IN ({among})
        GROUP BY image_id HAVING COUNT(DISTINCT class_id) > 1 AND NOT EXISTS (
            SELECT 1 FROM current_label AS settled
            WHERE settled.image_id = opinion.image_id AND settled.source = 'adjudicated')"""


# A break is no look; who is away from the desk for an hour has not looked at an image for an hour
LONGEST_LOOK = 120.0  # seconds
OWN = """event.kind = 'label' AND event.source = 'human' AND NOT event.suggestion_shown
    AND event.client NOT LIKE 'data-%'"""  # that is what was answered anew, with all in sight
BLIND = f"{OWN} AND image_id IN ({TWICE})"

# What they had said of it
BEFORE_RETURN = f"""SELECT meant.now FROM event AS said
    CROSS JOIN class_now AS meant ON meant.id = said.class_id
    WHERE said.image_id = event.image_id AND +said.annotator = event.annotator
      AND said.again <> 'own' AND said.pressed <= event.pressed AND {stands("said")}
    ORDER BY said.pressed DESC, said.id DESC LIMIT 1"""


class Opinions:
    """Who said what."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def of(self, image_ids: Iterable[int]) -> dict[int, tuple[Label, ...]]:
        """The last answer of each person to these images, in the order of the presses."""
        rows = self.db.rows(
            f"""SELECT * FROM ({OPINIONS})
                WHERE image_id IN (SELECT value FROM json_each(:ids)) ORDER BY at""",
            {"ids": json.dumps(list(image_ids)), "watermark": FOREVER},
        )
        found: dict[int, list[Label]] = defaultdict(list)
        for row in rows:
            found[row["image_id"]].append(Label(**row))
        return {image_id: tuple(labels) for image_id, labels in found.items()}

    def disagreements(self, among: Iterable[int] | None = None) -> set[int]:
        """The images of which people say different things, unless somebody has settled that.

        Args:
            among: ids to look among; all images by default.
        """
        rows = self.db.rows(
            disagreement(TWICE if among is None else "SELECT value FROM json_each(:ids)"),
            {"ids": json.dumps(list(among or ())), "watermark": FOREVER},
        )
        return {row["image_id"] for row in rows}

    def unsettled(
        self, watermark: int, class_ids: Collection[int], merged: Iterable[tuple[int, int]] = ()
    ) -> set[int]:
        """The images about which people said different things at `watermark`, none of it settled.

        Classes count as they did then, as in `Labels.fixed`: so a round that is gone on with finds
        the same ones.
        """
        counts_as = counted_as(merged, class_ids)
        values: dict[str, Any] = {"watermark": watermark}
        said: dict[int, set[int]] = defaultdict(set)
        for image_id, class_id in self.db.pairs(SAID_AS_OF, values):
            if class_id in counts_as:
                said[image_id].add(counts_as[class_id])
        apart = {image_id for image_id, classes in said.items() if len(classes) > 1}
        settled = self.db.rows(
            f"""SELECT image_id FROM ({ANY_LABELS_AS_OF}) WHERE source = 'adjudicated'
                AND image_id IN (SELECT value FROM json_each(:ids))""",
            values | {"ids": json.dumps(sorted(apart))},
        )
        return apart - {row["image_id"] for row in settled}

    def settled(self, among: Iterable[int]) -> set[int]:
        """Those of these images whose label somebody has settled."""
        rows = self.db.rows(
            """SELECT image_id FROM current_label WHERE source = 'adjudicated'
               AND image_id IN (SELECT value FROM json_each(:ids))""",
            {"ids": json.dumps(list(among))},
        )
        return {row["image_id"] for row in rows}

    def untold(self, among: Iterable[int], but: str) -> set[int]:
        """Those of these images of which somebody else says that nobody can tell them."""
        rows = self.db.rows(
            """SELECT image_id FROM unclear_image
               WHERE annotator <> :but AND source <> 'imported'
                 AND image_id IN (SELECT value FROM json_each(:ids))""",
            {"ids": json.dumps(list(among)), "but": but},
        )
        return {row["image_id"] for row in rows}

    def blind(self) -> list[tuple[int, str, int]]:
        """The first answer of each person to images that two have answered: (image, who, class).

        The first: what is changed later may have been talked over. No guess of a model was in
        sight, nor what somebody else had said; answers that were taken back are left out.
        """
        rows = self.db.rows(
            f"""SELECT event.image_id, event.annotator, class_now.now AS class_id
                FROM event CROSS JOIN class_now ON class_now.id = event.class_id
                WHERE {BLIND} AND event.again <> 'own' AND {stands("event")}
                ORDER BY event.pressed DESC, event.id DESC""",
            {"watermark": FOREVER},
        )
        first = {(row["image_id"], row["annotator"]): row["class_id"] for row in rows}
        return [(image, who, class_id) for (image, who), class_id in sorted(first.items())]

    def repeated(self) -> list[tuple[str, bool]]:
        """Who was asked an image of their own again, and whether they said the same: (who, same).

        The first answer to its return, beside the last before it. What was taken back is left out,
        and what was of a class that is gone.
        """
        rows = self.db.rows(
            f"""SELECT event.annotator, event.image_id, class_now.now AS back,
                       ({BEFORE_RETURN}) AS before
                FROM event CROSS JOIN class_now ON class_now.id = event.class_id
                WHERE {OWN} AND event.again = 'own' AND {stands("event")}
                ORDER BY event.pressed DESC, event.id DESC""",
            {"watermark": FOREVER},
        )
        first = {(row["annotator"], row["image_id"]): row for row in rows}
        known = [each for _, each in sorted(first.items()) if each["before"] is not None]
        return [(each["annotator"], each["back"] == each["before"]) for each in known]

    def work(self) -> list[Work]:
        """How many images each person has answered on the Label page, and for how long."""
        rows = self.db.rows(
            f"""SELECT annotator, COUNT(*) AS labels, SUM(MIN(seconds, :longest)) AS seconds
                FROM event WHERE {OWN} AND again <> 'own' GROUP BY annotator ORDER BY annotator""",
            {"longest": LONGEST_LOOK},
        )
        return [Work(**row) for row in rows]

    def people(self) -> list[str]:
        """Everybody who has answered, by name."""
        rows = self.db.rows("SELECT DISTINCT annotator FROM event ORDER BY annotator")
        return [row["annotator"] for row in rows]

    def answers(self, image_id: int) -> list[Answer]:
        """All that was said of an image, the latest press first."""
        rows = self.db.rows(
            f"""SELECT event.kind, event.class_id, event.annotator, event.pressed AS at,
                       event.source, event.reason, event.note, event.again,
                       EXISTS (SELECT 1 FROM event AS taken WHERE taken.undoes = event.id)
                         AS taken_back,
                       event.id IS (SELECT id FROM (
                           SELECT id, pressed, weight FROM event
                           WHERE image_id = :image AND {stands("event")}
                           UNION ALL SELECT id, pressed, weight FROM event
                           WHERE image_id = :image AND {stands("event", "unclear")})
                         ORDER BY weight DESC, pressed DESC, id DESC LIMIT 1) AS counts
                FROM event WHERE event.image_id = :image
                ORDER BY event.pressed DESC, event.id DESC""",
            {"image": image_id, "watermark": FOREVER},
        )
        flags = ("taken_back", "counts")
        return [Answer(**row | {flag: bool(row[flag]) for flag in flags}) for row in rows]
