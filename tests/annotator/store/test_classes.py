"""Classes are renamed, merged, split, ordered, removed and restored: no label is lost by it."""

import sqlite3
from collections import Counter

import pytest

from annotator.catalog.checks import round_request
from annotator.errors import AnnotatorError
from annotator.model import Person
from annotator.rounds.snapshot import take
from annotator.store.classes import alike
from tests.annotator.invented import finish_round, truly
from tests.annotator.small import KINDS, answer, event, truth, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 30, KINDS)
    yield made
    made.close()


def ids(service):
    return {each.name: each.id for each in service.classes(removed=True)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Σ", "σ"),
        ("Tumor", "tumor"),
        ("no tumor", "no-tumor"),
        ("no tumor", "no_tumor"),
        ("no\u2013tumor", "No_Tumor"),
        ("grade \u2161", "grade II"),
        ("ﬁbroma", "fibroma"),
        ("pituitary\u200b", "pituitary"),
        ("Straße", "STRASSE"),
    ],
)
def test_names_that_are_one_to_the_eye_read_alike(one, other):
    """Told of what is new, and not of two that are here, which somebody has decided on."""
    assert alike([one], [other]) == ((other, one),)
    assert alike([one, other], ["something else"]) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumor", "tumour"),
        ("HER2-", "HER2"),
        ("CD3+", "CD3-"),
        ("level -1", "level 1"),
        ("no tumor", "notumor"),
        ("grade 1", "grade 2"),
    ],
)
def test_names_whose_signs_mean_something_do_not_read_alike(one, other):
    """A hint that is mostly wrong is read by nobody."""
    assert alike([one], [other]) == ()


def test_classes_that_read_alike_are_told_until_one_is_the_other(service):
    """Also where one of them is removed and holds labels; a merge is what mends it, and ends it."""
    answer(service, 6)
    added = service.add_class("Dark")
    [pair] = service.alike_classes()
    assert [each.name for each in pair] == ["Dark", "dark"]
    service.remove_class(ids(service)["dark"])
    [(shown, removed)] = service.alike_classes()
    assert (shown.name, removed.name, removed.removed) == ("Dark", "dark", True)
    service.restore_class(removed.id)
    service.remove_class(added.id)  # it has no label that could be missed
    assert service.alike_classes() == []
    service.restore_class(added.id)
    service.merge_class(added.id, removed.id)
    assert service.alike_classes() == []


def told(service):
    """image -> class by name, as an export would have them."""
    names = {each.id: each.name for each in service.classes(removed=True)}
    return {each.image_id: names[each.class_id] for each in service.store.labels.current()}


def test_labels_of_a_merged_class_count_as_the_other_and_a_split_gives_them_back(service):
    """Over two steps as well, and answers that come with the old name count too."""
    images = answer(service, 18)
    given, known = {each.id: truth(each.name) for each in images}, ids(service)
    assert told(service) == given
    service.merge_class(known["dark"], known["light"])
    once = {image: "light" if name == "dark" else name for image, name in given.items()}
    assert told(service) == once
    service.merge_class(known["light"], known["striped"])
    assert set(told(service).values()) == {"striped"}
    assert [each.name for each in service.classes()] == ["striped"]
    [late] = service.images(kind="unlabeled", limit=1)
    service.record([event(service, late, seq=90, name="dark")], "ben")
    assert told(service)[late.id] == "striped"
    service.split_class(known["light"])
    assert told(service) == once | {late.id: "light"}
    service.split_class(known["dark"])
    assert told(service) == given | {late.id: "dark"}
    assert service.progress().labeled == 19


def test_nothing_is_asked_again_by_a_merge_a_rename_or_an_order(service):
    """What has a label is not in anybody's queue, whatever its class is called."""
    labeled = {each.id for each in answer(service, 12)}
    known = ids(service)
    service.merge_class(known["dark"], known["light"])
    service.rename_class(known["light"], "bright")
    service.order_classes([known["striped"], known["light"]])
    asked = {each.image.id for each in service.lease("other", "ben", 30)}
    assert asked.isdisjoint(labeled)
    assert service.count_by_class()["bright"] + service.count_by_class()["striped"] == 12


def test_what_comes_back_with_its_class_is_not_asked_any_more(service):
    """It waited in the queue while its class was hidden."""
    images = answer(service, 12)
    dark = {each.id for each in images if truth(each.name) == "dark"}
    service.remove_class(ids(service)["dark"])
    assert dark <= {each.image.id for each in service.lease("tab", "anna", 30)}
    service.restore_class(ids(service)["dark"])
    assert dark.isdisjoint(each.image.id for each in service.lease("tab", "anna", 30))


def test_a_new_name_is_that_of_all_labels_and_a_taken_one_is_refused(service):
    """Also where the one who has it is hidden: then the words name the way out."""
    images, known = answer(service, 9), ids(service)
    service.rename_class(known["dark"], " night  shift ")
    assert [each.name for each in service.classes()] == ["night shift", "light", "striped"]
    renamed = {each.id: truth(each.name).replace("dark", "night shift") for each in images}
    assert told(service) == renamed
    with pytest.raises(AnnotatorError, match="named 'light' already"):
        service.rename_class(known["dark"], "light")
    service.remove_class(known["light"])
    with pytest.raises(AnnotatorError, match="removed: restore it"):
        service.rename_class(known["dark"], "light")
    service.merge_class(known["striped"], known["dark"])
    with pytest.raises(AnnotatorError, match="merged into another: split it off"):
        service.add_class("striped")
    assert service.rename_class(known["dark"], "night shift").name == "night shift"


def test_a_merge_that_would_lead_nowhere_is_refused(service):
    """Into itself, into or from what is hidden, round in a circle; and nothing is changed by it."""
    known = ids(service)
    dark, light, striped = (known[name] for name in KINDS)
    service.merge_class(dark, light)
    service.remove_class(striped)
    before = service.classes(removed=True)
    for act, words in (
        (lambda: service.merge_class(light, light), "into itself"),
        (lambda: service.merge_class(light, dark), "'dark' is merged into 'light'; split"),
        (lambda: service.merge_class(dark, light), "'dark' is merged"),
        (lambda: service.merge_class(light, striped), "'striped' was removed; restore"),
        (lambda: service.merge_class(striped, light), "'striped' was removed; restore"),
        (lambda: service.merge_class(light, 99), "No class has the id 99"),
        (lambda: service.remove_class(dark), "'dark' is merged"),
        (lambda: service.split_class(light), "not merged into another"),
    ):
        with pytest.raises(AnnotatorError, match=words):
            act()
    assert service.classes(removed=True) == before


def test_a_removed_class_hides_what_was_merged_into_it_and_refuses_answers(service):
    """An open page may still show the class that was merged."""
    answer(service, 12)
    known, before = ids(service), told(service)
    service.merge_class(known["dark"], known["light"])
    service.remove_class(known["light"])
    assert set(told(service).values()) == {"striped"}
    [image] = service.images(kind="unlabeled", limit=1)
    late = event(service, image, seq=80, name="dark")
    [(_, _, reason)] = service.record([late], "anna").refused
    assert "'dark' was removed" in reason
    service.split_class(known["dark"])
    assert told(service) == {image: name for image, name in before.items() if name != "light"}


def test_an_order_is_of_all_classes_that_are_shown(service):
    """What is hidden keeps its place, and comes back there."""
    known = ids(service)
    dark, light, striped = (known[name] for name in KINDS)
    service.remove_class(light)
    service.order_classes([striped, dark])
    service.restore_class(light)
    assert [each.id for each in service.classes()] == [striped, light, dark]
    for wrong in ([striped, dark], [striped, dark, light, light], [striped, dark, 9], []):
        with pytest.raises(AnnotatorError, match="names each class once"):
            service.order_classes(wrong)
    service.add_class("last")
    assert [each.name for each in service.classes()][-1] == "last"


def test_a_description_is_kept_and_nonsense_refused(service):
    """A part that is not named stays; an empty one goes."""
    dark, image = ids(service)["dark"], service.images(limit=1)[0]
    service.describe_class(dark, color="#1F77B4", description=" as at night ", example_id=image.id)
    service.describe_class(dark, description="as at dusk")
    service.rename_class(dark, "dim")
    [found] = [each for each in service.classes() if each.id == dark]
    assert (found.color, found.description, found.example_id) == (
        "#1f77b4", "as at dusk", image.id,
    )  # fmt: skip
    for wrong in ({"color": "red"}, {"description": "x" * 1001}, {"example_id": 99}):
        with pytest.raises(AnnotatorError):
            service.describe_class(dark, **wrong)
    emptied = service.describe_class(dark, color="", description="", example_id=0)
    assert (emptied.color, emptied.description, emptied.example_id) == ("", "", None)


def test_the_log_tells_who_did_what_and_what_was_before(service):
    """One row a change, none where nothing changed, and SQLite itself refuses to alter any."""
    known, zoe = ids(service), service.acting(Person("zoe", "admin"))
    service.rename_class(known["dark"], "dark")  # as it was
    zoe.merge_class(known["dark"], known["light"])
    answer(service, 3)
    zoe.split_class(known["dark"])
    zoe.rename_class(known["dark"], "dim")
    zoe.order_classes([known["light"], known["dark"], known["striped"]])
    found = service.class_log(4)
    assert [(each.person, each.kind) for each in found] == [
        ("zoe", "order"), ("zoe", "rename"), ("zoe", "split"), ("zoe", "merge"),
    ]  # fmt: skip
    order, rename, split, merge = found
    assert (rename.before, rename.after) == ({"name": "dark"}, {"name": "dim"})
    assert (merge.before, merge.after) == ({"merged_into": None}, {"merged_into": "light"})
    assert order.after == {"order": ["light", "dim", "striped"]}
    assert (merge.watermark, split.watermark) == (0, 3)
    assert Counter(each.kind for each in service.class_log())["add"] == 3
    for statement in ("UPDATE class_change SET person = ''", "DELETE FROM class_change"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            service.store.db.run(statement)


def test_a_round_of_before_a_merge_can_be_read_with_the_classes_of_now(service):
    """What its models said of the merged class counts as the other one, and so do the truths."""
    answer(service, 20)
    finish_round(service, truly, truly, threshold=0.5)
    known = ids(service)
    ratios = {each.class_name: (each.predicted, each.pseudo) for each in service.ratios()}
    pseudo = Counter(each.class_id for each in service.pseudo_labels(1, limit=-1))
    service.merge_class(known["dark"], known["light"])
    sums = tuple(one + other for one, other in zip(ratios["dark"], ratios["light"], strict=True))
    assert {each.class_name: (each.predicted, each.pseudo) for each in service.ratios()} == {
        "light": sums, "striped": ratios["striped"],
    }  # fmt: skip
    now = Counter(each.class_id for each in service.pseudo_labels(1, limit=-1))
    assert now[known["light"]] == pseudo[known["dark"]] + pseudo[known["light"]]
    assert len(service.pseudo_labels(1, class_id=known["light"], limit=-1)) == now[known["light"]]
    matrix = service.confusion(1)
    assert matrix.classes == ("light", "striped")
    assert sum(map(sum, matrix.counts)) == service.progress().test_labeled
    assert all(point.accuracy == 1 for point in service.curve())
    known_now = {each.class_id for each in service.store.results.predictions(1).values()}
    assert known_now == {known["light"], known["striped"]}
    service.split_class(known["dark"])
    assert {each.class_name: (each.predicted, each.pseudo) for each in service.ratios()} == ratios


def test_a_round_that_was_asked_for_learns_what_the_classes_were_then(service):
    """Merged or split while it waits or runs, and also when it is resumed."""
    answer(service, 20)
    known = ids(service)

    def learned(asked):
        args = (asked.watermark, asked.classes, asked.newest, asked.merged)
        data = take(service.workspace, service.store, *args)
        rows = (data.y >= 0).nonzero().squeeze(1).tolist()
        return {int(data.index.ids[row]): data.classes[data.y[row]].id for row in rows}

    apart = round_request(service.store, "supervised", None, {})
    before = learned(apart)
    service.merge_class(known["dark"], known["light"])
    assert learned(apart) == before
    together = round_request(service.store, "supervised", None, {})
    merged = learned(together)
    assert merged == {
        image: known["light"] if each == known["dark"] else each for image, each in before.items()
    }
    service.split_class(known["dark"])
    assert learned(together) == merged
    assert learned(apart) == before
