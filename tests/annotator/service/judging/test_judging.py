"""What is told of a round beside its accuracy, counted again image by image."""

import random

import numpy as np
import pytest

from annotator.measuring.accuracy import interval
from ssl_core.measure.calibration import calibration_error
from tests.annotator.invented import finish_round, truly, wrongly
from tests.annotator.small import KINDS, event, truth, workspace

SURE = 0.8  # threshold of pseudo-labels


def guesser(seed, right=0.8):
    """The same for the same image: often the truth, as sure as chance has it."""

    def says(image):
        rng = random.Random(1000 * seed + image.id)
        name = truth(image.name) if rng.random() < right else rng.choice(KINDS)
        return name, 0.4 + 0.6 * rng.random()

    return says


FIRST, SECOND, BASELINE = guesser(1), guesser(2), guesser(3, right=0.5)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """300 images of three kinds, 60 test labels and 30 others, two rounds."""
    made = workspace(tmp_path_factory.mktemp("judged") / "ws", 300, kinds=KINDS, test_share=0.35)
    images = made.images(limit=-1)
    test = [each for each in images if each.split == "test"][:60]
    pool = [each for each in images if each.split == "pool"][:30]
    made.record([event(made, each, seq=n) for n, each in enumerate([*test, *pool], 1)], "anna")
    finish_round(made, FIRST, BASELINE, threshold=SURE)
    finish_round(made, SECOND, BASELINE, threshold=SURE)
    yield made
    made.close()


def split(service, labeled, name):
    known = {each.image_id for each in service.store.labels.current()}
    return [
        each
        for each in service.images(limit=-1)
        if each.split == name and (each.id in known) == labeled
    ]


def test_the_classes_have_their_labels_guesses_and_how_right_those_are(service):
    """Class by class, with the exact interval of those that are as sure as a pseudo-label."""
    open_, test = split(service, False, "pool"), split(service, True, "test")
    for row in service.class_table(2):
        said = [SECOND(each) for each in open_]
        assert row.labels == sum(truth(e.name) == row.name for e in split(service, True, "pool"))
        assert row.predicted == sum(name == row.name for name, _ in said)
        assert row.pseudo == sum(name == row.name and sure >= SURE for name, sure in said)
        sure = [each for each in test if SECOND(each)[0] == row.name and SECOND(each)[1] >= SURE]
        right = sum(truth(each.name) == row.name for each in sure)
        assert (row.tested, row.right) == (len(sure), right)
        assert len(sure) > 0
        assert (row.low, row.high) == interval(right, len(sure))


def test_confidence_is_measured_on_the_test_images(service):
    """The numbers are those of `ssl_core` on what the round said; 60 images make six bins."""
    found = service.reliability(2)
    test = split(service, True, "test")
    said = np.array(
        [
            [sure if kind == name else (1 - sure) / 2 for kind in KINDS]
            for name, sure in map(SECOND, test)
        ]
    )
    y = np.array([KINDS.index(truth(each.name)) for each in test])
    assert (found.n, len(found.bins), sum(each.n for each in found.bins)) == (60, 6, 60)
    measures = dict(found.measures)
    # Shares are kept in steps of 1 in 65,000
    assert measures["calibration error"] == pytest.approx(calibration_error(y, said, 6), abs=1e-3)
    assert measures["Brier score"] == pytest.approx(
        ((said - np.eye(3)[y]) ** 2).sum(1).mean(), abs=1e-3
    )
    assert "60 test images in 6 bins" in found.told


def test_flips_are_counted_among_images_that_both_rounds_are_sure_of(service):
    """By class before and after; of an earlier round nothing is kept to compare with."""
    both = [
        (FIRST(each)[0], SECOND(each)[0])
        for each in split(service, False, "pool")
        if FIRST(each)[1] >= SURE and SECOND(each)[1] >= SURE
    ]
    found = service.flips(2)
    assert found.both == len(both)
    changed = [pair for pair in both if pair[0] != pair[1]]
    assert {(was, now): n for was, now, n in found.classes} == {
        pair: changed.count(pair) for pair in changed
    }
    assert f"{len(changed)} of {len(both)} images" in found.told
    assert service.flips(1).told == "There is no earlier round."


def test_the_two_models_are_compared_on_the_same_images(service):
    """How many say the same, and who is right where they do not."""
    open_, test = split(service, False, "pool"), split(service, True, "test")
    same = sum(SECOND(each)[0] == BASELINE(each)[0] for each in open_)
    alike, apart = service.beside_baseline(2)
    assert f"the same of {same} of {len(open_)} unlabeled images" in alike
    own = [SECOND(each)[0] == truth(each.name) for each in test]
    plain = [BASELINE(each)[0] == truth(each.name) for each in test]
    gained = sum(a and not b for a, b in zip(own, plain, strict=True))
    lost = sum(b and not a for a, b in zip(own, plain, strict=True))
    assert f"{100 * sum(own) / 60:.1f}" in apart
    assert f"{100 * sum(plain) / 60:.1f}" in apart
    assert f"{gained} only fixmatch has right, {lost} only the baseline" in apart
    assert service.below_baseline() is None


def test_a_model_that_is_clearly_below_its_baseline_is_told_at_once(tmp_path):
    """One round is enough where chance does not explain it."""
    made = workspace(tmp_path / "ws", 60, test_share=0.5)
    test = [each for each in made.images(limit=-1) if each.split == "test"]
    made.record([event(made, each, seq=n) for n, each in enumerate(test, 1)], "anna")
    finish_round(made, wrongly, truly)
    told = made.below_baseline()
    assert told.startswith("The unlabeled images do harm: fixmatch is below its baseline")
    assert "plain or logistic" in told
    finish_round(made, truly, truly)
    assert made.below_baseline() is None
    made.close()


def test_with_few_test_images_nothing_is_drawn(tmp_path):
    """It is said, with how many it takes; so it is of the pool, and where nothing is labeled."""
    made = workspace(tmp_path / "ws", 60, test_share=0.3)
    test = [each for each in made.images(limit=-1) if each.split == "test"][:5]
    made.record([event(made, each, seq=n) for n, each in enumerate(test, 1)], "anna")
    finish_round(made)
    found = made.reliability(1)
    assert (found.bins, found.measures) == ((), ())
    assert "5 labeled test images: nothing can be read from so few; it takes 50" in found.told
    assert "nobody can tell" in made.drift(1)
    assert made.class_table(1)[0].tested <= 5
    made.close()


def test_a_merged_class_counts_as_the_other_and_a_new_one_is_left_out_and_told(tmp_path):
    """What the model said of both is added up."""
    made = workspace(tmp_path / "ws", 240, kinds=KINDS, test_share=0.4)
    test = [each for each in made.images(limit=-1) if each.split == "test"][:70]
    made.record([event(made, each, seq=n) for n, each in enumerate(test, 1)], "anna")
    finish_round(made, guesser(5), truly)
    ids = {each.name: each.id for each in made.classes()}
    made.merge_class(ids["striped"], ids["dark"])
    late = made.add_class("late").id
    made.record([event(made, each, seq=100 + n, name="late") for n, each in enumerate(test[:3])],
                "anna")  # fmt: skip
    assert late
    found = made.reliability(1)
    assert found.n == 67
    assert "3 test images of classes that the round did not know are left out" in found.told
    made.close()


def test_a_pool_that_has_changed_since_it_was_labeled_is_told(tmp_path):
    """Test images of another mix are not labeled yet; while the mix is the same nothing is said."""
    made = workspace(tmp_path / "ws", 300, test_share=0.5)
    test = [each for each in made.images(limit=-1) if each.split == "test"]
    dark = [each for each in test if truth(each.name) == "dark"]
    light = [each for each in test if truth(each.name) == "light"]
    mixed = [image for pair in zip(dark, light, strict=False) for image in pair][:80]
    made.record([event(made, each, seq=n) for n, each in enumerate(mixed, 1)], "anna")
    finish_round(made)
    assert made.drift(1).startswith("No sign that the pool is another")

    def says(image):
        labeled = image.id in {each.id for each in mixed}
        return (truth(image.name) if labeled else "light"), 0.9

    finish_round(made, says)
    told = made.drift(2)
    assert told.startswith("The pool has changed since it was labeled")
    assert "label more test images" in told
    made.close()
