"""Rounds as pages ask for them: started or refused, how long they take, what came of them."""

from dataclasses import replace

import pytest

from annotator.errors import AnnotatorError, RoundError
from annotator.measuring.advice import advise
from annotator.measuring.timing.left import left
from annotator.model import Part, RoundRequest
from annotator.store import Fence
from tests.annotator.invented import begin, fail_round, finish_round, truly, wrongly
from tests.annotator.small import answer, event, source, truth, workspace
from tests.annotator.workers import finish


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 60)


def test_a_round_that_cannot_learn_says_what_is_missing(service):
    """No label, then one class only."""
    with pytest.raises(RoundError, match=r"two classes.*0 so far"):
        service.start_round()
    images = [
        each for each in service.images(limit=100) if "dark" in each.name and each.split == "pool"
    ]
    service.record([event(service, image, seq=i) for i, image in enumerate(images, 1)], "anna")
    with pytest.raises(RoundError, match="all 'dark'"):
        service.start_round()
    with pytest.raises(Exception, match="Did you mean 'fixmatch'"):
        service.start_round("fixmach")


def test_a_round_is_fixed_at_the_click(service):
    """Labels, classes, images and settings of that moment travel with the job."""
    answer(service, 20)
    before, mark = service.settings(), service.store.labels.watermark()
    service.start_round("fixmatch", "frozen", {"threshold": "0.8"})
    answer(service, 5, first=21)
    service.add_class("striped")
    service.save_settings(replace(before, steps=999))
    asked = RoundRequest.read(service.last_job().params)
    assert asked == RoundRequest(
        method="fixmatch",
        regime="frozen",
        params={"threshold": 0.8},
        watermark=mark,
        classes=(1, 2),
        labels=service.store.labels.count("pool", mark),
        newest=60,
        median_side=16,
        settings=before,
    )


def test_a_second_round_waits_for_the_first(service):
    """It is refused with the way out, and canceling makes room."""
    answer(service, 20)
    job = service.start_round()
    with pytest.raises(RoundError, match="cancel it: on Rounds"):
        service.start_round()
    service.cancel(job.id)
    assert (service.last_job().state, service.active_job()) == ("canceled", None)
    again = service.start_round()
    assert service.active_job() == again == service.last_job()
    assert again.id != job.id


def test_parameters_are_those_of_the_workspace_s_own_method_unless_another_is_named(service):
    """Checked as a round would check them."""
    service.save_settings(replace(service.settings(), method="fixmatch"))
    assert service.check_params(None, {"threshold": "0.5"}) == {"threshold": 0.5}
    assert service.check_params("self_training", {"max_iter": "3"}) == {"max_iter": 3}
    with pytest.raises(AnnotatorError, match="max_iter"):
        service.check_params(None, {"max_iter": "3"})
    with pytest.raises(AnnotatorError, match="from 0 to 1"):
        service.start_round(None, None, {"threshold": 7})
    assert service.last_job().kind == "prepare"  # nothing was queued by asking


def test_time_left_goes_by_the_parts_and_by_what_has_passed_since_their_last_news(service):
    """Half of a part in 30 seconds, and a second part that took 10 before; nothing but by parts."""
    store = service.store
    finish(service)
    answer(service, 20)
    service.start_round()
    assert service.timed(service.last_job()).parts == ()  # it waits
    assert service.timed(service.last_job()).seconds is None
    taken = store.jobs.claim("w")
    fence = Fence(taken.id, taken.attempt)
    parts = (Part("reading", "r", 10, 5, 30.0), Part("training", "t", 100, usual=0.1))
    store.parts.report(fence, parts, 0.4, "reading")
    job = service.last_job()
    found = service.timed(job)
    assert found.parts == parts
    assert found.seconds == pytest.approx(left(parts), abs=2)
    assert found.seconds == pytest.approx(40, abs=2)
    store.db.run("UPDATE job_part SET at = at - 15")
    assert service.timed(job).seconds == pytest.approx(25, abs=2)
    store.db.run("UPDATE job_part SET at = at - 500")
    assert service.timed(job).seconds == 0
    assert service.timed(replace(job, state="done")).seconds is None


def test_a_job_has_its_round_from_when_it_begins(service):
    """None before; pages show the method as it trains."""
    answer(service, 20)
    job = service.start_round()
    assert service.round_of(job) is None
    service.cancel(job.id)
    _, begun = begin(service)
    assert service.round_of(service.active_job()) == begun
    assert (begun.state, begun.finished, begun.seconds) == ("running", None, None)


def test_the_curve_follows_the_test_labels_there_are_now(service):
    """Shares of right answers counted by hand, for both models; none without a test label."""
    finish_round(service)
    assert service.curve() == []
    seen = []
    for seq, image in enumerate(service.images(kind="test", limit=9), 1):
        service.record([event(service, image, seq=seq)], "anna")
        seen.append(image)
        points = {point.model: point for point in service.curve()}
        for model, says in (("ssl", truly), ("baseline", wrongly)):
            right = sum(says(each)[0] == truth(each.name) for each in seen)
            assert points[model].accuracy == pytest.approx(right / len(seen))
            assert points[model].low <= right / len(seen) <= points[model].high
            assert points[model].n == len(seen)
    found = service.confusion(1)
    dark = sum(truth(each.name) == "dark" for each in seen)
    assert (found.classes, found.counts) == (("dark", "light"), ((dark, 0), (0, 9 - dark)))
    assert service.confusion(2) is None


def test_test_images_that_come_later_break_the_curve_once_they_are_labeled(service, tmp_path):
    """The rounds before have not answered for them; the next one has, and the curve says it."""

    def judged():
        return [{(each.round, each.n) for each in part} for part in service.stretches()]

    for seq, image in enumerate(service.images(kind="test", limit=5), 1):
        service.record([event(service, image, seq=seq)], "anna")
    finish_round(service)
    finish_round(service)
    service.import_source(source(tmp_path / "later", 30, kinds=("striped",)))
    finish_round(service, wrongly)
    assert judged() == [{(1, 5), (2, 5), (3, 5)}]
    assert service.breaks() == ""
    late = [each for each in service.images(kind="test", limit=99) if "striped" in each.name]
    service.record([event(service, late[0], seq=9, name="dark")], "anna")
    assert judged() == [{(1, 5), (2, 5)}, {(3, 6)}]
    assert "1 more test image from round 3 on" in service.breaks()


def test_confidences_are_counted_over_what_is_open(service):
    """Each bin against a count by hand; a round that nobody knows has none."""
    answer(service, 20)
    finish_round(service, lambda image: (truth(image.name), image.id / 61))
    bars = service.confidences(1)
    open_ = [each for each in service.images(kind="unlabeled", limit=-1) if each.split == "pool"]
    assert bars[0][0] == 0
    assert bars[-1][1] == 1
    for low, high, n in bars:
        assert n == sum(low <= each.id / 61 < high for each in open_)
    assert service.confidences(2) == []


def test_pages_of_pseudo_labels_put_together_are_all_of_them(service):
    """Surest first, or least sure; one class or all; of an unknown round none."""
    answer(service, 20)
    done = finish_round(service, lambda image: (truth(image.name), image.id / 61), threshold=0.5)
    surest = service.pseudo_labels(1, limit=-1)
    assert len(surest) == done.pseudo_labels > 8
    assert [each.confidence for each in surest] == sorted(
        (each.confidence for each in surest), reverse=True
    )
    assert surest[-1].confidence >= 0.5
    assert service.pseudo_labels(1, order="uncertain", limit=-1) == surest[::-1]
    pages = [service.pseudo_labels(1, offset=start, limit=4) for start in range(0, 60, 4)]
    assert [each for page in pages for each in page] == surest
    for known in service.classes():
        of_class = service.pseudo_labels(1, class_id=known.id, limit=-1)
        assert of_class == [each for each in surest if each.class_id == known.id]
    assert service.pseudo_labels(9, limit=-1) == []


def test_ratios_and_epochs_are_those_that_the_round_wrote(service):
    """By class and by model, in order; other rounds' are not among them."""
    answer(service, 20)
    one, two = finish_round(service), finish_round(service)
    for number in (one.number, two.number):
        points = service.epochs(number)
        assert [(each.model, each.number) for each in points] == [
            (model, number) for model in ("baseline", "ssl") for number in range(5)
        ]
    ratios = [each for each in service.ratios() if each.round == two.number]
    assert [each.class_name for each in ratios] == ["dark", "light"]
    assert sum(each.pseudo for each in ratios) == two.pseudo_labels
    assert service.epochs(9) == []
    assert [each.number for each in service.rounds()] == [1, 2]


def test_methods_are_offered_with_their_parameters(service):
    """Every one of them can be asked for with its own defaults."""
    for info in service.methods():
        given = {each.name: each.default for each in info.parameters}
        assert service.check_params(info.name, given) == given
    assert service.settings().method in {info.name for info in service.methods()}


def test_advice_is_about_finished_rounds_alone(service):
    """One that failed says nothing of how well models learn."""
    answer(service, 30)
    finish_round(service)
    fail_round(service)
    finish_round(service)
    ssl = [point for point in service.curve() if point.model == "ssl"]
    assert [point.round for point in ssl] == [1, 3]
    looks = service.store.looks.all()
    assert [each.round for each in looks] == [1, 3]
    assert service.advice() == advise(ssl, looks, [None, None], service.settings().goal)
