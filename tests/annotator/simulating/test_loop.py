"""An annotator who knows the answers: what it answers, waits for, and measures in a lap."""

import pytest

from annotator.errors import AnnotatorError, RoundError
from annotator.simulating.loop import HOLDER, Annotator, copy, lap, precision, run, wait
from tests.annotator.invented import fail_round, finish_round, truly, wrongly
from tests.annotator.small import KINDS, truth, workspace


@pytest.fixture
def service(tmp_path):
    """A workspace as simulations copy it: images, and neither class nor label."""
    made = workspace(tmp_path / "made", 60)
    with copy(made, tmp_path / "copy", seed=0, policy="random") as fresh:
        yield fresh


def known(service, only=None):
    """SHA-256 to class, as a truth file would give it; of some images, or of all."""
    images = [image for image in service.images(limit=-1) if only is None or only(image)]
    return {image.sha256: truth(image.name) for image in images}


def labels(service):
    """The class of each labeled image, by id."""
    names = {each.id: each.name for each in service.classes()}
    return {each.image_id: names[each.class_id] for each in service.store.labels.current()}


def test_a_copy_plays_by_the_policy_and_never_starts_rounds_by_itself(tmp_path):
    """Seed and policy are the copy's own, the rest is the workspace's; it is closed at the end."""
    made = workspace(tmp_path / "made", 20, round_every=5, goal=0.7)
    with copy(made, tmp_path / "copy", seed=4, policy="margin") as fresh:
        settings = fresh.settings()
        assert (settings.seed, settings.policy) == (4, "margin")
        assert (settings.round_every, settings.map_images) == (0, 0)
        assert (settings.goal, settings.preset) == (0.7, "handwriting")
        fresh.ensure_worker()
    assert not fresh.worker_alive()
    assert made.settings().round_every == 5


def test_it_answers_the_next_questions_truly(service):
    """In the queue's order, as events of one holder; classes come from the truth."""
    annotator = Annotator(service, known(service))
    assert [each.name for each in service.classes()] == ["dark", "light"]
    asked = [question.image.id for question in service.lease(HOLDER, HOLDER, 7)]
    assert annotator.answer(7) == 7
    assert labels(service) == {each: truth(service.image(each).name) for each in asked}
    assert {each.annotator for each in service.store.labels.current()} == {HOLDER}


def test_classes_that_are_there_are_used(service):
    """A truth with a class more adds that one alone."""
    service.add_class("light")
    Annotator(service, dict(zip("abc", KINDS, strict=True)))
    assert [each.name for each in service.classes()] == ["light", "dark", "striped"]


def test_what_it_does_not_know_it_passes_over_until_it_comes_round(service):
    """A batch is filled with what is known; when nothing else is left it stops."""
    truths = known(service, lambda image: image.id % 3 == 0)
    annotator = Annotator(service, truths)
    assert annotator.answer(8) == 8
    assert annotator.answer(100) == 12
    assert annotator.answer(1) == 0
    assert sorted(labels(service)) == [each for each in range(1, 61) if each % 3 == 0]


def test_test_images_are_answered_beforehand_as_many_as_wanted(service):
    """All by default; never one of the pool."""
    annotator = Annotator(service, known(service))
    annotator.answer_test(4)
    assert service.progress().test_labeled == 4
    annotator.answer_test(None)
    assert service.progress().test_labeled == service.progress().test
    assert service.progress().pool_labeled == 0


def test_waiting_ends_with_the_job_s_own_error(service):
    """What went wrong in the worker is what the command says."""
    fail_round(service, "the disk is full")
    with pytest.raises(RoundError, match="the disk is full"):
        list(wait(service))
    job = service.store.jobs.add("round", {"watermark": 0})
    service.cancel(job.id)
    with pytest.raises(RoundError, match="The round was canceled"):
        list(wait(service))


def test_waiting_for_nothing_or_for_what_is_done_yields_nothing(service):
    """No job, or one that ended well."""
    assert list(wait(service)) == []
    Annotator(service, known(service))
    finish_round(service)
    assert list(wait(service)) == []


def test_a_lap_holds_what_the_round_and_the_test_labels_say(service):
    """Each number against a count by hand."""
    truths = known(service)
    annotator = Annotator(service, truths)
    annotator.answer_test(None)
    annotator.answer(10)
    wrong = {image.id for image in service.images(limit=-1) if image.id % 4 == 0}

    def says(image):
        name, sure = truly(image)
        return ("light" if name == "dark" else "dark") if image.id in wrong else name, sure

    done = finish_round(service, says, threshold=0.96, details={"baseline": "logistic"})
    found = lap(service, truths, service.last_job())
    tests = service.store.images.ids("test")
    pseudo = [
        image.id for image in service.images(kind="unlabeled", limit=-1) if truly(image)[1] >= 0.96
    ]
    right = [each for each in tests if each not in wrong]
    assert (found.round, found.labels, found.method) == (1, 10, done.method)
    assert found.test_labels == len(tests)
    assert found.test_accuracy == pytest.approx(len(right) / len(tests))
    assert found.test_interval[0] <= found.test_accuracy <= found.test_interval[1]
    dark = [each for each in tests if truth(service.image(each).name) == "dark"]
    assert found.baseline_method == "logistic"
    assert found.baseline_accuracy == pytest.approx(len(dark) / len(tests))
    assert found.baseline_balanced_accuracy == pytest.approx(0.5)
    assert found.pseudo_labels == len(pseudo) > 0
    assert found.pseudo_ratio == pytest.approx(len(pseudo) / (60 - len(tests) - 10))
    assert found.pseudo_precision == pytest.approx(
        sum(each not in wrong for each in pseudo) / len(pseudo)
    )
    assert found.seconds >= 0


def test_precision_is_of_those_whose_truth_is_known(service):
    """None where nothing is known: no precision is made up."""
    Annotator(service, known(service))
    done = finish_round(service, wrongly, threshold=0.5)
    half = known(service, lambda image: image.id <= 30)
    pool = [service.image(each) for each in service.store.images.ids("pool") if each <= 30]
    dark = sum(truth(image.name) == "dark" for image in pool)
    assert precision(service, half, done) == pytest.approx(dark / len(pool))
    assert precision(service, {}, done) is None


def test_a_lap_without_test_labels_says_what_to_do(service):
    """The truth must cover the reserved images, or more must be reserved."""
    truths = known(service, lambda image: image.split == "pool")
    annotator = Annotator(service, truths)
    annotator.answer_test(None)
    annotator.answer(6)
    finish_round(service)
    with pytest.raises(AnnotatorError, match=r"truth must cover.*test_share"):
        lap(service, truths, service.last_job())


def test_the_loop_ends_when_there_is_nothing_left_to_answer(service):
    """After what the truth holds, before a round on nothing new."""
    truths = known(service, lambda image: image.split == "test")
    told = list(
        run(service, truths, rounds=3, batch=5, method="supervised", params={}, test_labels=None)
    )
    assert {each.kind for each in told} == {"prepare"}
    assert service.rounds() == []
    assert service.last_job().state == "done"
