"""What a real workspace says to whoever comes back, from its making to its certificate."""

import time

from annotator.model import Person, Settings
from annotator.model.auditing.plans import Terms
from annotator.service import Service
from tests.annotator import audits, small
from tests.annotator.invented import fail_round, finish_round


def test_a_workspace_leads_from_its_making_to_its_first_rounds(tmp_path):
    """Each thing that is done is the next one's turn."""
    service = Service.create(tmp_path / "ws", [], Settings(round_every=10, test_share=0.3))
    seen = [service.next_step().state]
    for kind in small.KINDS[:2]:
        service.add_class(kind)
    seen.append(service.next_step().state)
    service.import_source(small.source(tmp_path / "source", 40))
    service.cancel(service.active_job().id)
    seen.append(service.next_step().state)
    images = service.images(kind="unlabeled", limit=40)
    dark = [each for each in images if small.truth(each.name) == "dark"]
    service.record([small.event(service, dark[0], seq=1)], "anna")
    seen.append(service.next_step().state)
    events = [small.event(service, each, seq=seq) for seq, each in enumerate(images[:8], 2)]
    service.record(events, "anna")
    seen.append(service.next_step().state)
    rest = [small.event(service, each, seq=seq) for seq, each in enumerate(images[8:16], 20)]
    service.record(rest, "anna")
    assert service.active_job().kind == "round"
    service.ensure_worker = lambda: None
    seen.append(service.next_step().state)
    assert seen == ["classes", "images", "no labels", "too few classes", "labeling", "stuck"]
    service.close()


def test_rounds_answers_and_audits_are_told_of_when_they_are_there(tmp_path):
    """A failed round, people who disagree, an audit from its draw to its certificate."""
    service = audits.ready(tmp_path / "ws", 60)
    fail_round(service, "the disk is full")
    assert service.next_step().said == "The last round failed: the disk is full."
    finish_round(service)
    first = service.store.labels.current()[0].image_id
    image = service.image(first)
    other = small.event(
        service, image, seq=900, client="b", name=audits.other(small.truth(image.name))
    )
    service.record([other], "bert")
    assert service.next_step().state == "disagreements"
    assert service.acting(Person("carla", "annotator")).next_step().page == "Label"
    service.answer_anew([first], service.class_named(small.truth(image.name)).id)
    service.certify.begin(12, Terms("0.8", "0.8"))
    assert service.next_step().state == "audit open"
    audits.answer(service)
    assert service.next_step().state == "audit answered"
    assert service.certify.close().released
    assert service.next_step().state == "certified"
    service.close()


def test_the_goal_is_reached_once_the_bound_of_all_rounds_is_above_it(tmp_path):
    """Of twelve test images that are all right at least 69 % are, as the first look says."""
    service = small.workspace(tmp_path / "ws", 40)
    small.answer(service, 40)
    finish_round(service)
    service.import_source(small.source(tmp_path / "more", 4, side=20))
    n = service.progress().test_labeled
    low = (0.025 / 2) ** (1 / n)  # of n that are all right: Clopper and Pearson, half the level
    for goal, state in ((low + 0.01, "labeling"), (low - 0.01, "goal reached")):
        service.save_settings(Settings(goal=round(goal, 3), round_every=10))
        assert service.next_step().state == state
    service.close()


def test_what_happened_is_told_from_the_end_of_the_sitting_before(tmp_path):
    """Anna's of yesterday is told apart from what came since, hers and others'."""
    service = small.workspace(tmp_path / "ws", 40, round_every=0)
    anna = service.acting(Person("anna", "annotator"))
    assert anna.news().since is None
    assert anna.news().said == ("40 images came in.",)
    small.answer(service, 6)
    assert anna.news().since is None, "this is her first sitting"
    yesterday = time.time() - 86_400
    service.store.db.run("DROP TRIGGER event_kept_update")
    service.store.db.run("UPDATE event SET at = :at, received = :at", {"at": yesterday})
    service.store.db.run("UPDATE image SET added = :at", {"at": yesterday - 1})
    assert anna.news().since == yesterday
    assert anna.news().said == ()
    small.answer(service, 3, client="today", first=50)
    images = service.images(kind="unlabeled", limit=2)
    events = [small.event(service, each, seq=seq, client="b") for seq, each in enumerate(images, 1)]
    service.record(events, "bert")
    finish_round(service)
    told = anna.news()
    assert told.since == yesterday
    assert told.said[:2] == ("You labeled 3 images.", "Others labeled 2 images.")
    assert told.said[2].startswith("Round 1 ended")
    assert len(told.said) == 3
    service.close()
