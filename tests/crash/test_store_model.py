"""Any order of what can happen to labels: the store says what a dictionary says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from annotator.asking import answers
from annotator.errors import AnnotatorError
from annotator.model import LabelEvent, LabelSource, NewImage
from annotator.store import Store
from tests.crash import conftest

CLIENTS = ("one", "two")
NAMES = ("cat", "dog", "fox")
IMAGES = st.integers(1, 8)
WHO = st.sampled_from(CLIENTS)


class Labels(RuleBasedStateMachine):
    """Two experts, three classes, up to eight images; a list of answers is the model."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = Store.create(self.folder / "certilabel.db")
        self.images = 0
        self.classes: dict[str, bool] = {}  # name -> whether it is not removed
        self.into: dict[str, str] = {}  # name -> the class that it was merged into
        self.sent: list[LabelEvent] = []
        self.given: list[list[object]] = []  # [image, class name, client, whether it settles]
        self.marks: list[tuple[int, dict[int, str]]] = []  # watermark, labels then

    def teardown(self) -> None:
        self.store.db.close()
        shutil.rmtree(self.folder)

    def record(self, event: LabelEvent) -> bool:
        told = answers.record(self.store, [event], event.client)
        newest = max(each.seq for each in self.sent if each.client == event.client)
        assert told.ack == {event.client: newest}
        type(self).steps += 1
        return told.written == (event,)

    def send(
        self,
        client: str,
        kind: str,
        image: int,
        class_id: int | None = None,
        source: LabelSource = "human",
    ) -> bool:
        seq = 1 + max((each.seq for each in self.sent if each.client == client), default=0)
        self.sent.append(
            LabelEvent(client, seq, kind, image, f"sha-{image}", class_id, source=source)  # type: ignore[arg-type]
        )
        return self.record(self.sent[-1])

    @rule(n=st.integers(1, 8))
    def import_images(self, n: int) -> None:
        """Those that are there already stay as they are."""
        new = [
            NewImage(f"sha-{i}", f"{i}.png", f"images/{i}.png", 9, 9, "") for i in range(1, n + 1)
        ]
        assert self.store.images.add(new, test_share=0.3, seed=1) == list(range(1, n + 1))
        self.images = max(self.images, n)

    @rule(name=st.sampled_from(NAMES))
    def add_class(self, name: str) -> None:
        """A class that is shown or merged is not added again; one that was removed comes back."""
        try:
            self.store.classes.add(name)
        except AnnotatorError:
            assert self.classes[name]
        else:
            assert not self.classes.get(name)
            self.classes[name] = True

    @precondition(lambda self: self.classes)
    @rule(data=st.data())
    def merge_or_split(self, data: st.DataObject) -> None:
        """Its labels count as the other's, and are its own again afterwards."""
        name, other = (data.draw(st.sampled_from(sorted(self.classes))) for _ in "ab")
        if name in self.into:
            self.store.classes.split(self.id_of(name))
            del self.into[name]
            return
        try:
            self.store.classes.merge(self.id_of(name), self.id_of(other))
        except AnnotatorError:
            shown = [self.classes[each] and each not in self.into for each in (name, other)]
            assert name == other or not all(shown)
        else:
            self.into[name] = other

    @precondition(lambda self: self.classes)
    @rule(data=st.data(), shown=st.booleans())
    def show_or_hide_class(self, data: st.DataObject, shown: bool) -> None:
        """Its labels go, and come back with it."""
        name = data.draw(st.sampled_from(sorted(self.classes)))
        if name in self.into:
            return  # it must be split off first
        (self.store.classes.restore if shown else self.store.classes.remove)(self.id_of(name))
        self.classes[name] = shown

    @precondition(lambda self: self.classes)
    @rule(data=st.data(), client=WHO, image=IMAGES, settles=st.sampled_from((False, False, True)))
    def label(self, data: st.DataObject, client: str, image: int, settles: bool) -> None:
        """Written if the image and the class are there; what settles outranks what is pressed."""
        name = data.draw(st.sampled_from(sorted(self.classes)))
        source: LabelSource = "adjudicated" if settles else "human"
        written = self.send(client, "label", image, self.id_of(name), source)
        assert written == (image <= self.images and self.classes[self.counts_as(name)])
        if written:
            self.given.append([image, name, client, settles])

    @rule(client=WHO, image=IMAGES)
    def undo(self, client: str, image: int) -> None:
        """Takes back the expert's own newest answer on the image, if any."""
        assert self.send(client, "undo", image) == (image <= self.images)
        own = [each for each in self.given if each[0] == image and each[2] == client]
        if own:
            self.given.remove(own[-1])

    @rule(client=WHO, image=IMAGES)
    def skip(self, client: str, image: int) -> None:
        """No label, and no label less."""
        assert self.send(client, "skip", image) == (image <= self.images)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        """Whatever became of it: a second time, nothing does."""
        assert not self.record(data.draw(st.sampled_from(self.sent)))

    @rule(client=WHO, n=st.integers(1, 5))
    def ask(self, client: str, n: int) -> None:
        """Only images without a label are asked, or those that somebody took back."""
        asked = [question.image.id for question in answers.lease(self.store, client, client, n)]
        assert len(asked) == len(set(asked))
        assert set(asked) <= set(range(1, self.images + 1))

    @rule()
    def remember(self) -> None:
        """What a round that is asked for now will train on."""
        self.marks.append((self.store.labels.watermark(), self.labels_of_any_class()))

    @rule()
    def restart(self) -> None:
        """All of it lies on disk."""
        self.store.db.close()
        self.store = Store(self.folder / "certilabel.db")

    def id_of(self, name: str) -> int:
        return next(each.id for each in self.store.classes.all() if each.name == name)

    def counts_as(self, name: str) -> str:
        while name in self.into:
            name = self.into[name]
        return name

    def shown(self, labels: dict[int, str]) -> dict[int, str]:
        """What these labels count as now, without those of classes that are removed."""
        now = {image: self.counts_as(name) for image, name in labels.items()}
        return {image: name for image, name in now.items() if self.classes[name]}

    def labels_of_any_class(self) -> dict[int, str]:
        ranked = sorted(self.given, key=lambda each: bool(each[3]))  # each kind in its order
        return {int(image): str(name) for image, name, *_ in ranked}  # type: ignore[call-overload]

    @invariant()
    def labels_agree(self) -> None:
        """The newest answer of each image that stands, if its class is shown."""
        wanted = self.shown(self.labels_of_any_class())
        names = {each.id: each.name for each in self.store.classes.all()}
        found = {each.image_id: names[each.class_id] for each in self.store.labels.current()}
        assert found == wanted
        assert self.store.labels.count() == len(wanted)

    @invariant()
    def the_past_stays(self) -> None:
        """Labels as of a watermark are what they were, whatever came later."""
        names = {each.id: each.name for each in self.store.classes.all()}
        for watermark, labels in self.marks[-2:]:
            now = self.store.labels.current(watermark=watermark)
            wanted = self.shown(labels)
            assert {each.image_id: names[each.class_id] for each in now} == wanted


def test_the_store_says_what_a_dictionary_says(counts, long_or_short):
    """Hypothesis looks for an order of events on which they differ, and prints the shortest."""
    Labels.steps, examples = 0, long_or_short(400, 15)
    run_state_machine_as_test(
        seed(conftest.SEED)(Labels),
        settings=settings(
            max_examples=examples,
            stateful_step_count=long_or_short(50, 25),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    counts.add(runs=examples, answers=Labels.steps, lost=0)
