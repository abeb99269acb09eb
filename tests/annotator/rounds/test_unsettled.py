"""What people disagree about is learned from as it counts meanwhile, or left out until settled."""

from dataclasses import replace

import pytest

from annotator.errors import AnnotatorError
from annotator.model import Person
from annotator.worker.loop import Worker
from tests.annotator.small import event, truth, workspace

OTHER = {"dark": "light", "light": "dark"}


@pytest.fixture
def service(tmp_path):
    """Twenty images that Anna has answered, of which Ben answered three otherwise."""
    made = workspace(tmp_path / "ws", 40, test_share=0.1, regime="finetune", method="supervised")
    for seq, image in enumerate(pool(made), 1):
        made.record([event(made, image, seq=seq, client="a")], "anna")
        if seq <= 3:
            name = OTHER[truth(image.name)]
            made.record([event(made, image, seq=seq, client="b", name=name)], "ben")
    yield made
    made.close()


def pool(service):
    return [each for each in service.images(limit=99) if each.split == "pool"][:20]


def test_a_round_that_leaves_them_out_says_how_many_those_were(service):
    """It learns from the others; these keep their labels, and are not asked or pseudo-labeled."""
    service.save_settings(replace(service.settings(), unsettled="leave_out", threshold=0.0))
    apart = {each.id for each in pool(service)[:3]}
    service.acting(Person("rita", "reviewer")).answer_anew([min(apart)], 1)
    apart -= {min(apart)}
    service.start_round()
    assert Worker(service.workspace).run(once=True)
    [done] = service.rounds()
    assert (done.labels, done.details.left_out) == (18, 2)
    pseudo = {each.image_id for each in service.pseudo_labels(done.number, limit=-1)}
    assert pseudo
    assert not apart & pseudo
    assert not apart & {each.image.id for each in service.lease("c", "carl", 40)}
    assert apart <= {each.image_id for each in service.store.labels.current()}


def test_what_was_settled_or_merged_after_the_click_changes_nothing(service):
    """As it stood then: a round that is gone on with learns from the same labels."""
    store, classes = service.store, (1, 2)
    then = store.labels.watermark()
    apart = {each.id for each in pool(service)[:3]}
    assert store.search.opinions.unsettled(then, classes) == apart
    service.acting(Person("rita", "reviewer")).answer_anew(sorted(apart), 1)
    assert store.search.opinions.unsettled(store.labels.watermark(), classes) == set()
    assert store.search.opinions.unsettled(then, classes) == apart
    service.merge_class(2, 1)
    assert store.search.opinions.unsettled(then, classes) == apart
    assert store.search.opinions.unsettled(then, (1,), store.classes.merged()) == set()


def test_no_round_starts_where_too_little_is_left_and_the_page_says_why(service):
    """Everybody's next label would else do nothing, and nobody would know."""
    service.save_settings(replace(service.settings(), unsettled="leave_out"))
    last = service.store.labels.acknowledged("b")
    for seq, image in enumerate(pool(service)[3:], last + 1):
        if truth(image.name) == "dark":
            one = event(service, image, seq=seq, client="b", name="light")
            service.record([one], "ben")
    with pytest.raises(AnnotatorError, match=r"Settle them on Settle, or set unsettled to learn"):
        service.start_round()
    service.save_settings(replace(service.settings(), round_every=5))
    fresh = [each for each in service.images(limit=99) if each.split == "pool"][20:26]
    given = [
        event(service, image, seq=seq, client="a", name="light")
        for seq, image in enumerate(fresh, 100)
    ]
    said = service.record(given, "anna").notice
    assert "no round can start: People disagree about" in said
