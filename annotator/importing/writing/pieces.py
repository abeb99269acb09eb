"""A few images at a time, each with its labels: answers of experts come in between."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from annotator.errors import PartlyInError, StoreError
from annotator.importing.deciding.labels import Chosen
from annotator.importing.writing.plan import Plan
from annotator.model import NewImage
from annotator.store import Store
from annotator.store.arriving import since

BY = "import"  # who gave a label of which the source does not say it
AT_ONCE = 250  # images a transaction: it holds the lock some ten milliseconds
REST = 0.01  # seconds in between: a writer that waits looks that often whether it may


@dataclass(frozen=True, slots=True)
class Piece:
    """What one transaction writes."""

    images: Sequence[NewImage]
    joining: Sequence[str]  # SHA-256 of images that are here, and join a group
    labeled: Sequence[str]  # SHA-256 of images with a label that was chosen, perhaps


def write(store: Store, plan: Plan, seen: Callable[[int], None] | None = None) -> None:
    """Write all of a plan; what has changed meanwhile is decided anew.

    `seen` is told how many images are in.

    Raises:
        StoreError: the database cannot be written; nothing is in.
        PartlyInError: likewise in the middle; it says how much is in already.
    """
    writing = _Writing(store, plan)
    for number, piece in enumerate(_pieces(plan)):
        if number:
            time.sleep(REST)
        writing.write(piece)
        if seen:
            seen(writing.images)
    if plan.others.said:
        writing.say()


class _Writing:
    """What all transactions of one import have in common."""

    def __init__(self, store: Store, plan: Plan) -> None:
        self._store, self._plan = store, plan
        self._client = f"{BY}-{uuid.uuid4()}"
        self._started = time.time()  # all images of an import bear one time
        self._left = {each.sha256: each for each in plan.labels.chosen}
        self._classes: dict[str, int] | None = None  # name -> id
        self._begun, self.images, self._labels = False, 0, 0  # what is written

    def write(self, piece: Piece) -> None:
        """Write it once what was decided of it holds."""
        with self._saying_what_is_in():
            while not self._written(piece):
                self._decide_again()
        for sha in piece.labeled:
            self._labels += self._left.pop(sha, None) is not None
        self.images += len(piece.images)
        self._begun = True

    def say(self) -> None:
        """Write what is said beside labels; what nobody can tell is not asked."""
        store = self._store
        with self._saying_what_is_in(), store.db.immediate():
            others = self._plan.say_again(store)
            ids = store.images.ids_of([sha for sha, *_ in others.said])
            said = [(ids[sha], kind, text, given) for sha, kind, text, given in others.said]
            store.beside.take_in(said, f"{BY}-{uuid.uuid4()}", BY)
            store.queue.settle(ids[sha] for sha in others.unclear)

    @contextmanager
    def _saying_what_is_in(self) -> Iterator[None]:
        """Have a failure tell what was written before it."""
        try:
            yield
        except StoreError as problem:
            if not self._begun:
                raise
            raise PartlyInError(
                f"{problem} {self.images:,} of {len(self._plan.new):,} new images and "
                f"{self._labels:,} labels are in already; importing again brings in the rest."
            ) from problem

    def _decide_again(self) -> None:
        self._plan.decide_again(self._store, self._left)
        chosen = self._plan.labels.chosen
        self._left = {each.sha256: each for each in chosen if each.sha256 in self._left}
        self._classes = None

    def _written(self, piece: Piece) -> bool:
        """Whether it could be written: not if something has changed that its labels go by.

        What has changed of other pieces is looked at when they are written, so that people who
        answer all the while do not hold this one back.
        """
        store, plan = self._store, self._plan
        with store.db.immediate():
            labeled = [sha for sha in piece.labeled if sha in self._left]
            if labeled and plan.outdated(store, labeled):
                return False
            there = store.images.ids_of([each.sha256 for each in piece.images])
            store.images.append(
                piece.images, plan.splits, seed=plan.seed, groups=plan.groups, at=self._started
            )
            store.images.join({sha: plan.groups[sha] for sha in piece.joining})
            self._label([self._left[sha] for sha in labeled])
            change = since.now(store.db).change
        if labeled:  # the classes that were added are ours
            plan.moment = replace(plan.moment, change=change)
            plan.found.classes.update(self._classes or {})
        plan.overtaken.update(there)
        return True

    def _label(self, chosen: Sequence[Chosen]) -> None:
        store = self._store
        if not chosen:
            return
        classes = self._classes = self._classes or self._ids_of_classes()
        ids = store.images.ids_of([each.sha256 for each in chosen])
        rows = [
            # Taken over now: by the time at which it was given, the other would be the newer one
            (
                ids[each.sha256],
                classes[each.name],
                replace(each.given, at=None) if each.replaces else each.given,
            )
            for each in chosen
        ]
        store.labels.take_in(rows, self._client, BY, first=self._labels + 1)
        store.queue.settle(image_id for image_id, _, _ in rows)

    def _ids_of_classes(self) -> dict[str, int]:
        """The id of each class by its name; those that were agreed to are added."""
        labels = self._plan.labels
        missing = sorted(labels.missing())
        self._plan.made.update(missing)
        return {name: each.id for name, each in labels.naming.classes.items()} | {
            name: self._store.classes.add(name).id for name in missing
        }


def _pieces(plan: Plan) -> Iterator[Piece]:
    """New images in their order with what is told of them, then what is told of those here."""
    for start in range(0, len(plan.new), AT_ONCE):
        images = plan.new[start : start + AT_ONCE]
        yield Piece(images, (), [each.sha256 for each in images])
    for start in range(0, len(plan.joining), AT_ONCE):
        yield Piece((), plan.joining[start : start + AT_ONCE], ())
    new = {each.sha256 for each in plan.new}
    told = [each.sha256 for each in plan.labels.chosen if each.sha256 not in new]
    for start in range(0, len(told), AT_ONCE):
        yield Piece((), (), told[start : start + AT_ONCE])
