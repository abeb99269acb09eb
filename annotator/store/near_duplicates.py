"""Near-duplicates as they were found: groups, and the images that show one that measures."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.store.database import Database
from annotator.store.dividing.draw import SPLITS
from annotator.store.dividing.together import together

# Images of a group that has one that measures what they teach: of a patient who measures, say.
# Where there is no group, none is looked for; else by the groups (so the +), not by the splits
ANY_GROUP = "EXISTS (SELECT 1 FROM image WHERE in_group <> '')"
OF_TEST_GROUP = f"""SELECT id FROM image WHERE +split = 'pool' AND in_group <> '' AND in_group IN (
      SELECT in_group FROM image
      WHERE {ANY_GROUP} AND split IN ('val', 'test') AND in_group <> '')
    UNION SELECT id FROM image WHERE +split = 'val' AND in_group <> '' AND in_group IN (
      SELECT in_group FROM image WHERE {ANY_GROUP} AND split = 'test' AND in_group <> '')"""

# Images that teach nothing new, or must not teach: one of what measures or of its group; one
# whose near-duplicates are labeled or an earlier one in the pool.
SPARE = f"""SELECT mine.image_id FROM near_duplicate AS mine
    JOIN image AS own ON own.id = mine.image_id AND own.split = 'pool'
    WHERE mine.test_id IS NOT NULL OR EXISTS (
      SELECT 1 FROM near_duplicate AS other
      JOIN image AS pooled ON pooled.id = other.image_id AND pooled.split = 'pool'
      WHERE other.first_id = mine.first_id AND other.image_id <> mine.image_id
        AND (other.image_id < mine.image_id
             OR other.image_id IN (SELECT image_id FROM current_label)))
    UNION {OF_TEST_GROUP}"""


class NearDuplicatesTable:
    """Which images are near-duplicates of which. An image without one has no row."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def searched(self) -> int:
        """All images up to this id have been compared with each other."""
        return int(self.db.value("SELECT images FROM near_duplicate_search") or 0)

    def record(self, searched: int, pairs: Iterable[tuple[int, int]]) -> None:
        """Add pairs of ids and join the groups that they connect; images up to `searched` are done.

        A pool image remembers the test or validation image that it shows, if there is one, and a
        validation image the test image: direct pairs only, so that a long chain of ever so
        slightly different images does not empty the pool.
        """
        with self.db.immediate():
            rows = self.db.rows("SELECT image_id, first_id, test_id FROM near_duplicate")
            first = {row["image_id"]: row["first_id"] for row in rows}
            shows = {row["image_id"]: row["test_id"] for row in rows}
            apart = self.db.rows("SELECT id, split FROM image WHERE split <> 'pool'")
            measures = {row["id"]: SPLITS.index(row["split"]) for row in apart}
            for one, other in pairs:
                low, high = sorted((_first(first, one), _first(first, other)))
                first[high] = low
                for mine, its in ((one, other), (other, one)):
                    if measures.get(mine, 0) < measures.get(its, 0):
                        shows[mine] = min(shows.get(mine) or its, its)
            self.db.run_many(
                "INSERT OR REPLACE INTO near_duplicate VALUES (:id, :first, :test)",
                [
                    {"id": each, "first": _first(first, each), "test": shows.get(each)}
                    for each in sorted(first)
                ],
            )
            self.db.run(
                """INSERT INTO near_duplicate_search VALUES (1, :n)
                   ON CONFLICT (id) DO UPDATE SET images = max(images, :n)""",
                {"n": searched},
            )

    def of_test(self) -> list[int]:
        """Images that tell nothing, as they show one that measures, or belong together with one."""
        rows = self.db.rows(
            f"SELECT image_id FROM near_duplicate WHERE test_id IS NOT NULL UNION {OF_TEST_GROUP}"
        )
        return [row["image_id"] for row in rows]

    def together(self) -> dict[int, int]:
        """Image id -> a number of all that belong together with it, by their group or as these."""
        return together(self.db)

    def spare(self) -> list[int]:
        """Images that are asked after all others."""
        return [row["image_id"] for row in self.db.rows(SPARE)]

    def counts(self) -> tuple[int, int]:
        """Images beside the first of their group or that show one that measures, and the latter."""
        found = self.db.rows(
            """SELECT COUNT(*) FILTER (WHERE image_id <> first_id OR test_id IS NOT NULL) AS found,
                      COUNT(test_id) AS of_test FROM near_duplicate"""
        )[0]
        return found["found"], found["of_test"]


def _first(first: dict[int, int], image_id: int) -> int:
    """The first image of a group; every image on the way there is made to point at it."""
    root = first.setdefault(image_id, image_id)
    while first[root] != root:
        root = first[root]
    while first[image_id] != root:
        first[image_id], image_id = root, first[image_id]
    return root
