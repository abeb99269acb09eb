"""One round looked at: whether its confidence is right, what changed, what it says of a class."""

from __future__ import annotations

from annotator.measuring.accuracy import interval
from annotator.measuring.judging import change, sure
from annotator.model.judging.rows import ClassRow, Flips, Reliability
from annotator.service.opened import Opened


class Judging(Opened):
    """What else is told of a round than its accuracy."""

    def reliability(self, number: int) -> Reliability:
        """Whether a round is as often right as it is sure, on the test labels there are now."""
        found = self.store.results.get(number)
        columns = found.details.classes if found else ()
        return sure.reliability(self.store.comparing.tested(number), columns, self._counts_as())

    def flips(self, number: int) -> Flips:
        """Which pseudo-labels of the round before a round contradicts."""
        done = [each for each in self.store.results.rounds() if each.state == "done"]
        later = next((each for each in done if each.number == number), None)
        earlier = [each for each in done if each.number < number]
        if later is None or not earlier:
            return Flips(0, (), "There is no earlier round.")
        if number != done[-1].number:
            return Flips(
                0, (), "What rounds say of the pool is kept for the newest two: look at the newest."
            )
        before = earlier[-1]
        counts = self.store.comparing.flips(
            number, later.threshold, before.number, before.threshold
        )
        return change.flips(counts, before.number, self._names())

    def beside_baseline(self, number: int) -> tuple[str, ...]:
        """How far a round's model and its baseline agree, and which is more often right."""
        found = self.store.results.get(number)
        if found is None:
            return ()
        comparing = self.store.comparing
        right, agreeing = comparing.right(number), comparing.agreeing(number)
        return change.beside(right, agreeing, found.method, found.baseline)

    def drift(self, number: int) -> str:
        """Whether the labeled test images are like the others, by what a round says of them."""
        return change.drift(self.store.comparing.test_said(number), self._names())

    def class_table(self, number: int) -> list[ClassRow]:
        """What there is of each class: labels, guesses of a round, and how right those are."""
        found = self.store.results.get(number)
        if found is None:
            return []
        labels = self.store.labels.by_class("pool")
        ratios = self.store.comparing.ratios(number)
        precision = self.store.comparing.precision(number, found.threshold)
        rows = []
        for each in self.store.classes.active():
            predicted, pseudo = ratios.get(each.id, (0, 0))
            n, right = precision.get(each.id, (0, 0))
            low, high = interval(right, n) if n else (0.0, 1.0)
            given = labels.get(each.id, 0)
            rows.append(ClassRow(each.name, given, predicted, pseudo, n, right, low, high))
        return rows

    def _names(self) -> dict[int, str]:
        return {each.id: each.name for each in self.store.classes.all()}

    def _counts_as(self) -> dict[int, int]:
        """What each class was merged into in the end, or itself."""
        into = {each.id: each.merged_into for each in self.store.classes.all()}
        ends = {}
        for start in into:
            end = start
            while (further := into.get(end)) is not None:
                end = further
            ends[start] = end
        return ends
