"""Label events: numbered by their sender, appended once, never changed."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

from annotator.model import Acknowledged, Given, Label, LabelEvent, Split
from annotator.store.auditing import blind
from annotator.store.database import BIGGEST, Database
from annotator.store.holding.asked import asked, once_more
from annotator.store.undoing import last_of
from annotator.store.views import ANY_LABELS_AS_OF, AUDITED, FOREVER, LABELS_AS_OF, stands

BIGGEST_SEQ = 2**40  # what a page counts to
LONGEST_LOOK = 86_400.0  # seconds; who looks for longer has gone away


class Labels:
    """The log of what experts did, and the labels that follow from it."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def record(self, events: Sequence[LabelEvent], annotator: str) -> Acknowledged:
        """Append the events that are new; say which numbers are safe and which were refused.

        Sending an event again does nothing. An event that names an image as it is not is refused.
        An event is given between the import of its image and its arrival: a time by the client's
        clock that lies outside is written as the nearer of the two. It is not before an earlier
        answer of the same client to the image, nor before one that was given later than it is now:
        there a clock was put back, and what came last was pressed last.

        Raises:
            StoreError: the database cannot be written; no event of these was.
        """
        refused: list[tuple[str, int, str]] = []
        written: list[LabelEvent] = []
        with self.db.immediate():
            for event in sorted(events, key=lambda each: (each.client, each.seq)):
                if not 0 < event.seq <= BIGGEST_SEQ:  # it would acknowledge all that come after
                    refused.append((event.client, event.seq, "its number cannot be one"))
                elif self.known(event):
                    continue
                elif reason := self._objection(event):
                    self.refuse(event, reason)
                    refused.append((event.client, event.seq, reason))
                else:
                    self._append(event, annotator)
                    written.append(event)
            ack = {client: self.acknowledged(client) for client in {e.client for e in events}}
        return Acknowledged(ack, tuple(refused), tuple(written))

    def acknowledged(self, client: str) -> int:
        """The highest number of this client that has been dealt with; 0 if none."""
        highest = self.db.value(
            """SELECT MAX(seq) FROM (SELECT seq FROM event WHERE client = :client
                                     UNION ALL SELECT seq FROM refusal WHERE client = :client)""",
            {"client": client},
        )
        return int(highest or 0)

    def known(self, event: LabelEvent) -> bool:
        """Whether it has been written, or refused."""
        key = {"client": event.client, "seq": event.seq}
        return bool(
            self.db.value("SELECT 1 FROM event WHERE client = :client AND seq = :seq", key)
            or self.db.value("SELECT 1 FROM refusal WHERE client = :client AND seq = :seq", key)
        )

    def _objection(self, event: LabelEvent) -> str | None:
        """Why this event must not be written, if so."""
        image = self.db.row(
            "SELECT sha256, split FROM image WHERE id = :id", {"id": _fitting(event.image_id)}
        )
        if image is None:
            return f"there is no image {event.image_id} in this workspace"
        if image["sha256"] != event.sha256:
            return f"image {event.image_id} is not the one that was on the screen"
        if reason := blind.seen(self.db, event, image["split"]):
            return reason
        if event.kind not in blind.OF_A_CLASS:
            return None
        known = self.db.row(
            """SELECT name, class_now.now FROM class LEFT JOIN class_now ON class_now.id = class.id
               WHERE class.id = :id""",
            {"id": _fitting(event.class_id)},
        )
        if known is None:
            return f"there is no class with the id {event.class_id}; reload the page"
        if known["now"] is None:  # it, or what it was merged into
            return f"the class '{known['name']}' was removed; restore it, or answer with another"
        return None

    def refuse(self, event: LabelEvent, reason: str) -> None:
        """Keep an event, and why it is none."""
        self.db.run(
            "INSERT INTO refusal VALUES (:client, :seq, :reason, :now, :body)",
            {
                "client": event.client,
                "seq": event.seq,
                "reason": reason,
                "now": time.time(),
                "body": json.dumps(asdict(event)),
            },
        )

    def _append(self, event: LabelEvent, annotator: str) -> None:
        again = once_more(self.db, event, annotator)
        question = asked(self.db, event, annotator, again)
        undoes = last_of(self.db, event, annotator) if event.kind == "undo" else None
        self.db.run(
            """INSERT INTO event (client, seq, kind, image_id, class_id, undoes, annotator,
                                  at, received, seconds, reason, score, source, propensity,
                                  suggestion_shown, note, again)
               SELECT :client, :seq, :kind, :image_id, :class_id, :undoes, :annotator,
                      MAX(COALESCE(MIN(MAX(:at, added), :received), :received), floor),
                      MAX(:received, floor),
                      COALESCE(MIN(MAX(:seconds, 0), :longest), 0), :reason, :score, :source,
                      :propensity, :shown, :note, :again
               FROM image, (SELECT COALESCE(MAX(pressed), 0) AS floor FROM (
                                SELECT pressed, client FROM event
                                WHERE image_id = :image_id AND kind = 'label'
                                UNION ALL SELECT pressed, client FROM event
                                WHERE image_id = :image_id AND kind <> 'label')
                            WHERE client = :client OR pressed > :received)
               WHERE id = :image_id""",  # what is no number is NULL here
            {
                "client": event.client,
                "seq": event.seq,
                "kind": event.kind,
                "image_id": event.image_id,
                "class_id": event.class_id if event.kind in blind.OF_A_CLASS else None,
                "undoes": undoes,
                "annotator": annotator,
                "at": event.at,
                "received": time.time(),
                "seconds": event.seconds,
                "longest": LONGEST_LOOK,
                "reason": question["reason"] if question else "",
                "score": question["score"] if question else None,
                "source": event.source,
                "propensity": question["propensity"] if question else None,
                "shown": int(event.suggestion_shown),
                "note": event.note,
                "again": again,
            },
        )

    def take_in(
        self, labels: Sequence[tuple[int, int, Given]], client: str, by: str, *, first: int = 1
    ) -> None:
        """Append labels that came with an import: (image, class, whose word it is) each.

        They were given elsewhere, so perhaps before the image came here, but never later than now;
        `by` has given those of which nobody knows who did. `first` is the number of the first one.

        Raises:
            StoreError: the database cannot be written; nothing was.
        """
        now = time.time()
        self.db.run_many(
            """INSERT INTO event (client, seq, kind, image_id, class_id, annotator, at, received,
                                  seconds, reason, source, propensity, suggestion_shown)
               SELECT :client, :seq, 'label', :image_id, :class_id, :annotator,
                      COALESCE(MIN(MAX(:at, 0), :now), MAX(:now, floor)), MAX(:now, floor),
                      COALESCE(MIN(MAX(:seconds, 0), :longest), 0), :reason, :source,
                      :propensity, :shown
               FROM (SELECT COALESCE(MAX(pressed), 0) AS floor FROM event
                     WHERE image_id = :image_id AND kind = 'label' AND pressed > :now)""",
            [
                {
                    "client": client,
                    "seq": seq,
                    "image_id": image_id,
                    "class_id": class_id,
                    "annotator": given.annotator or by,
                    "at": given.at,
                    "now": now,
                    "seconds": given.seconds,
                    "longest": LONGEST_LOOK,
                    "reason": given.reason,
                    "source": given.source,
                    "propensity": given.propensity,
                    "shown": int(given.suggestion_shown),
                }
                for seq, (image_id, class_id, given) in enumerate(labels, first)
            ],
        )

    def given_by(self, client: str, annotator: str) -> list[int]:
        """The images whose labels this client gave for a person, without those taken back."""
        rows = self.db.rows(
            f"""SELECT DISTINCT image_id FROM event
                WHERE client = :client AND annotator = :who AND {stands("event")}""",
            {"client": client, "who": annotator, "watermark": FOREVER},
        )
        return [row["image_id"] for row in rows]

    def watermark(self) -> int:
        """The id of the newest event."""
        return int(self.db.value("SELECT COALESCE(MAX(id), 0) FROM event"))

    def given(self, *, after: int) -> int:
        """How many labels have been written since an event, whatever became of them."""
        counted = "SELECT COUNT(*) FROM event WHERE kind = 'label' AND id > :after"
        return int(self.db.value(counted, {"after": after}))

    def current(self, split: Split | None = None, watermark: int = FOREVER) -> list[Label]:
        """The label of each labeled image, as it stood at `watermark`."""
        rows = self.db.rows(
            f"""SELECT label.* FROM ({LABELS_AS_OF}) AS label
                JOIN image ON image.id = image_id AND (:split IS NULL OR image.split = :split)
                ORDER BY image_id""",
            {"watermark": watermark, "split": split},
        )
        return [Label(**row) for row in rows]

    def of(self, image_ids: Iterable[int], split: Split | None = None) -> dict[int, Label]:
        """The labels of these images, by id; ids without a label are left out."""
        rows = self.db.rows(
            """SELECT label.* FROM current_label AS label
               JOIN image ON image.id = image_id AND (:split IS NULL OR image.split = :split)
               WHERE image_id IN (SELECT value FROM json_each(:ids))""",
            {"ids": json.dumps(list(image_ids)), "split": split},
        )
        return {row["image_id"]: Label(**row) for row in rows}

    def standing(self) -> list[Label]:
        """The newest label of each image that nobody took back, also of a removed class."""
        rows = self.db.rows(ANY_LABELS_AS_OF, {"watermark": FOREVER})
        return [Label(**row) for row in rows]

    def fixed(
        self,
        watermark: int,
        class_ids: Collection[int],
        merged: Iterable[tuple[int, int]] = (),
        split: Split = "pool",
    ) -> list[Label]:
        """The labels of these classes, of a split, as they stood at `watermark`.

        A class that was removed since is one of them all the same. Labels of a class that was
        `merged` by then count as what it was merged into, whatever became of it since. What an
        audit asks about is left out until it has ended.
        """
        counts_as = counted_as(merged, class_ids)
        rows = self.db.rows(
            f"""SELECT label.* FROM ({ANY_LABELS_AS_OF}) AS label
                JOIN image ON image.id = image_id AND image.split = :split
                WHERE class_id IN (SELECT value FROM json_each(:classes))
                  AND image_id NOT IN ({AUDITED}) ORDER BY image_id""",
            {"watermark": watermark, "classes": json.dumps(list(counts_as)), "split": split},
        )
        for row in rows:
            row["class_id"] = counts_as[row["class_id"]]
        return [Label(**row) for row in rows]

    def count(self, split: Split | None = None, watermark: int = FOREVER) -> int:
        """How many images had a label at `watermark`."""
        return int(
            self.db.value(
                f"""SELECT COUNT(*) FROM ({LABELS_AS_OF})
                    JOIN image ON image.id = image_id
                    WHERE :split IS NULL OR image.split = :split""",
                {"watermark": watermark, "split": split},
            )
        )

    def by_class(self, split: Split | None = None) -> dict[int, int]:
        """How many current labels each class has."""
        rows = self.db.rows(
            """SELECT class_id, COUNT(*) AS n FROM current_label
               JOIN image ON image.id = image_id AND (:split IS NULL OR image.split = :split)
               GROUP BY class_id ORDER BY class_id""",
            {"split": split},
        )
        return {row["class_id"]: row["n"] for row in rows}


def counted_as(merged: Iterable[tuple[int, int]], class_ids: Collection[int]) -> dict[int, int]:
    """Which of these classes each class counts as; one that leads to none of them is left out."""
    into, ends = dict(merged), {each: each for each in class_ids}
    for start in into:
        end = start
        while end not in ends and end in into:
            end = into[end]
        if end in ends:
            ends[start] = ends[end]
    return ends


def _fitting(number: int | None) -> int | None:
    """The number, or one that no row has where SQLite could not take it."""
    return number if number is None or 0 < number <= BIGGEST else 0
