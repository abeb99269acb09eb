"""Comparing, for whoever is asked: pictures of a class, and nothing that tells one by its name."""

from annotator.asking.comparing import NO_LABELS
from annotator.model import Person
from annotator.rounds.places import keep
from annotator.store.queue import Ask
from tests.annotator.clusters import clusters
from tests.annotator.small import event, workspace


def test_an_annotator_compares_what_they_are_asked_and_sees_each_new_label(tmp_path):
    """From none to one, in the class that it was given; a number is all that is told of it."""
    service = workspace(tmp_path / "ws", 20)
    keep(clusters(20)[0], service.workspace.embeddings)
    pool = service.store.images.ids("pool")
    service.store.queue.replace([Ask(each, "a close call", 0.5) for each in pool])
    anna = service.acting(Person("anna", "annotator"))
    question, other, *_ = anna.lease("tab", "anna", 5)
    assert anna.compare([question])[0].why_none == NO_LABELS
    anna.record([event(service, other.image, seq=1)], "anna")
    (label,) = service.store.labels.current("pool")
    (found,) = anna.compare([question])
    empty = {each.id: [] for each in service.classes()}
    assert found.nearest == empty | {label.class_id: [other.image.id]}
    assert (found.image_id, found.why_none) == (question.image.id, "")
