"""Which labels of a source are taken, and what becomes of each of the others."""

import time
from dataclasses import replace

import pytest

from annotator.importing.deciding.labels import decide
from annotator.importing.found import Found
from annotator.importing.writing import pieces
from annotator.importing.writing.plan import plan
from annotator.model import Agreed, Given, Told
from annotator.service import Service
from tests.annotator import audits
from tests.annotator.small import event, source, truth, workspace

ASKED = Agreed()
ADD, UPDATE = Agreed(add_classes=True), Agreed(update_labels=True)


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 8)


def telling(labels):
    """A source that tells labels, {image or SHA-256: label or Told}, of images that are here."""
    found = Found()
    for image, told in labels.items():
        told = told if isinstance(told, Told) else Told(told)
        found.told.setdefault(image.sha256, []).append((image.name, told))
        found.files += 1
    return found


def take(service, labels, agreed=ASKED):
    return service.take_in(telling(labels), agreed)


def current(service):
    """The class of each labeled image, by the image's id."""
    names = {each.id: each.name for each in service.classes()}
    return {each.image_id: names[each.class_id] for each in service.store.labels.current()}


def test_an_expert_s_answer_is_kept_and_told(service):
    """What came along labels the others, takes them out of the queue, and says who it was."""
    images = service.images()
    service.lease("tab", "anna", 8)
    service.record([event(service, images[0], seq=1, name="dark")], "anna")
    report = take(service, dict.fromkeys(images[:3], "light"))
    assert report.labeled == 2
    [other] = report.differing
    assert (other.name, other.stored, other.told) == (images[0].name, "dark", "light")
    assert other.annotator == "anna"
    assert current(service) == {1: "dark", 2: "light", 3: "light"}
    asked = {each.image_id for each in service.store.queue.ahead()}
    asked |= {each.image.id for each in service.lease("tab", "anna", 8)}
    assert asked == {image.id for image in images[3:]}
    assert [each.annotator for each in service.store.labels.current()] == ["anna", *["import"] * 2]


def test_an_expert_s_answer_is_overridden_only_where_that_was_agreed(service):
    """Both stay in the log, and what was taken over counts, also if it was given long before."""
    image = service.images()[0]
    service.record([event(service, image, seq=1, name="dark")], "anna")
    told = {image: Told("light", Given("human", "bert", at=time.time() - 9999))}
    assert take(service, told).updated == 0
    report = take(service, told, UPDATE)
    assert (report.labeled, report.updated, report.differing) == (0, 1, ())
    assert current(service) == {1: "light"}
    log = service.store.db.rows("SELECT annotator, source FROM event ORDER BY id")
    assert [tuple(each.values()) for each in log] == [("anna", "human"), ("bert", "human")]
    assert take(service, told, UPDATE).updated == 0


def test_what_a_reviewer_settled_no_import_replaces(service):
    """It would outrank what came later: so it is told as such, and nothing is written."""
    image = service.images()[0]
    service.store.labels.record(
        [replace(event(service, image, seq=1, name="dark"), source="adjudicated")], "boss"
    )
    before = service.store.labels.watermark()
    for agreed in (ASKED, UPDATE):
        report = take(service, {image: "light"}, agreed)
        assert (report.updated, report.labeled, report.asks) == (0, 0, False)
        [other] = report.differing
        assert (other.settled, other.annotator, other.stored) == (True, "boss", "dark")
    assert service.store.labels.watermark() == before
    assert current(service) == {1: "dark"}
    told = {image: Told("light", Given("adjudicated", "chief", at=1.0))}  # settled elsewhere
    assert take(service, told, UPDATE).updated == 1
    assert current(service) == {1: "light"}


def test_that_somebody_could_not_tell_is_replaced_only_where_that_was_agreed(service):
    """As a label is that differs: both stay in the log, and what was taken over counts."""
    image = service.images()[0]
    service.record([event(service, image, "unclear", seq=1)], "anna")
    told = {image: Told("light", Given("human", "bert", at=time.time() + 9999))}
    report = take(service, told)
    [other] = report.differing
    assert (other.stored, other.told, other.annotator, report.labeled) == ("", "light", "anna", 0)
    assert (current(service), service.store.beside.unclear_ids()) == ({}, [image.id])
    told = {image: Told("light", Given("human", "bert", at=1.0))}  # long before
    report = take(service, told, UPDATE)
    assert (report.labeled, report.updated, report.differing) == (0, 1, ())
    assert (current(service), service.store.beside.unclear_ids()) == ({1: "light"}, [])


def test_what_the_open_audit_asks_about_takes_no_label_of_an_import(tmp_path):
    """It is counted, also where an audit is drawn in between; the audit still asks everything."""
    service = audits.ready(tmp_path / "ws", 60)
    unlabeled = [each for each in service.images() if each.id not in current(service)]
    told = {each: truth(each.name) for each in unlabeled}
    early = plan(service.store, service.workspace, telling(told), UPDATE)
    service.certify.begin(30, audits.TERMS)
    asked = service.store.audits.asked()
    before = service.store.audits.waiting()
    could_not = dict.fromkeys(unlabeled, Told(None, Given("unclear", "zoe", why="dim")))
    assert take(service, could_not).audited == len(asked)
    pieces.write(service.store, early)
    assert early.report(written=True).audited == len(asked)
    assert service.store.audits.waiting() == before
    assert set(before) == set(asked)
    assert not set(asked) & current(service).keys()
    service.certify.cancel()
    again = take(service, told)
    assert (again.audited, again.labeled) == (0, len(asked))


def test_an_answer_that_was_taken_back_is_no_answer(service):
    """The image has no label, so what came along counts."""
    image = service.images()[0]
    service.record([event(service, image, seq=1), event(service, image, "undo", seq=2)], "anna")
    assert take(service, {image: "light"}).labeled == 1


def test_class_names_are_equal_but_for_blanks_and_the_composition_of_letters(service):
    """Case is kept: A and a are two classes."""
    names = ["LIGHT", "dark ", "a", "A", "O\u0308dem", "\u00d6dem", "big\tcat", "big  cat"]
    report = take(service, dict(zip(service.images(), names, strict=True)), ADD)
    assert report.labeled == 8
    assert report.classes == {"LIGHT": 1, "A": 1, "a": 1, "big cat": 2, "\u00d6dem": 2}
    assert service.count_by_class() == {
        "dark": 1, "light": 0, "A": 1, "LIGHT": 1, "a": 1, "big cat": 2, "\u00d6dem": 2,
    }  # fmt: skip


def test_a_class_is_added_only_where_that_was_agreed(service):
    """Without it its labels are counted by their names, and the others come in."""
    one, two, three = service.images()[:3]
    told = {one: "apple", two: "apple", three: "dark"}
    report = take(service, told)
    assert (report.labeled, report.unknown, report.classes) == (1, {"apple": 2}, {})
    assert [each.name for each in service.classes()] == ["dark", "light"]
    report = take(service, told, ADD)
    assert (report.labeled, report.known, report.classes) == (2, 1, {"apple": 2})
    assert current(service) == {1: "apple", 2: "apple", 3: "dark"}


def test_what_is_foreseen_is_what_is_done_then(service):
    """And until then nothing is."""
    one, two, three = service.images()[:3]
    service.record([event(service, one, seq=1, name="dark")], "anna")
    found = telling({one: "light", two: "apple", three: "dark"})
    agreed = Agreed(add_classes=True, update_labels=True)
    before = list(service.store.db.connection.conn.iterdump())
    foreseen = service.foresee(found, agreed)
    assert list(service.store.db.connection.conn.iterdump()) == before
    assert not foreseen.written
    done = service.take_in(found, agreed)
    told = ("labeled", "updated", "classes", "added", "duplicates", "differing")
    assert [getattr(foreseen, name) for name in told] == [getattr(done, name) for name in told]
    assert (done.labeled, done.updated, done.classes) == (2, 1, {"apple": 1})


def test_a_model_s_label_never_becomes_a_label(service):
    """It is counted; beside a person's of the same image, the person's is taken."""
    one, two = service.images()[:2]
    found = telling({one: Told("light", Given("pseudo")), two: Told("dark", Given("pseudo"))})
    found.told[two.sha256].append(("two", Told("light", Given("human", "anna"))))
    report = service.take_in(found, Agreed(add_classes=True, update_labels=True))
    assert (report.machine, report.labeled, report.conflicts) == (2, 1, ())
    assert current(service) == {2: "light"}


def test_the_same_bytes_under_two_labels_get_none(service):
    """Whichever came first: both files are named with both labels."""
    one, two = service.images()[:2]
    for order in (1, -1):
        found = telling({two: "dark"})
        tellings = [("a/x.png", Told("dark")), ("b/y.png", Told("light"))][::order]
        found.told[one.sha256] = tellings
        report = service.foresee(found)
        [conflict] = report.conflicts
        assert set(conflict.names) == {"a/x.png", "b/y.png"}
        assert conflict.labels == ("dark", "light")
        assert report.labeled == 1
    found.told[one.sha256] = [("a/x.png", Told("dark")), ("b/y.png", Told(" dark"))]
    assert service.take_in(found).labeled == 2


@pytest.mark.parametrize("label", ["x" * 81, " ", "\u00a0"])
def test_a_name_that_is_no_class_is_told_and_the_others_are_taken(service, label):
    """Where it stands, and how long it is."""
    one, two = service.images()[:2]
    told = {one: "dark", two: Told(label, place="line 3")}
    report = take(service, told, ADD)
    [unfit] = report.unfit
    assert unfit.name == f"{two.name} (line 3)"
    assert label in unfit.reason
    assert "1 to 80 characters" in unfit.reason
    assert current(service) == {1: "dark"}


def test_an_answer_of_a_class_that_was_removed_since_is_not_overridden(service):
    """Restored, the class brings back what the expert said; what imports said, imports mend."""
    one, two, *_ = service.images()
    service.record([event(service, one, seq=1, name="dark")], "anna")
    take(service, {two: "dark"})
    dark = service.classes()[0]
    service.remove_class(dark.id)
    report = take(service, {one: "light", two: "light"})
    assert report.labeled == 1
    assert [(each.stored, each.told) for each in report.differing] == [("dark", "light")]
    assert current(service) == {2: "light"}
    service.restore_class(dark.id)
    assert current(service) == {1: "dark", 2: "light"}


def test_a_label_comes_with_all_that_is_known_of_it(service):
    """Who, when, how long, why, whose word; never later than now."""
    one, two = service.images()[:2]
    at = 1_000_000_000.5
    given = Given("adjudicated", "anna", at, 3.5, "entropy 1.3 nats", 0.25, True)
    take(service, {one: Told("dark", given), two: Told("dark", Given(at=time.time() + 9999))})
    first, second = service.store.labels.current()
    assert (first.source, first.annotator, first.at) == ("adjudicated", "anna", at)
    assert (first.seconds, first.reason) == (3.5, "entropy 1.3 nats")
    assert (first.propensity, bool(first.suggestion_shown)) == (0.25, True)
    assert (second.source, second.annotator) == ("imported", "import")
    assert second.at <= time.time()


def test_labels_of_a_merged_class_count_as_what_it_was_merged_into(service):
    """They differ from nothing of it, are no conflict with it, and are split off again with it."""
    one, two, three = service.images()[:3]
    dark, light = (each.id for each in service.classes())
    service.record([event(service, one, seq=1, name="dark")], "anna")
    service.merge_class(dark, light)
    found = telling({one: "light", two: "dark", three: "dark"})
    found.told[three.sha256].append(("copy", Told("light")))
    report = service.take_in(found)
    assert (report.labeled, report.known, report.differing, report.conflicts) == (2, 1, (), ())
    assert report.merged == {"dark": "light"}
    assert current(service) == {1: "light", 2: "light", 3: "light"}
    service.split_class(dark)
    assert current(service) == {1: "dark", 2: "dark", 3: "dark"}


def test_nothing_told_is_nothing_done(service):
    """No event, no class."""
    report = service.take_in(Found())
    assert (report.labeled, report.classes) == (0, {})
    assert service.store.labels.watermark() == 0


def test_a_workspace_without_a_class_names_those_that_it_could_have(tmp_path):
    """They are added once somebody agrees."""
    service = Service.create(tmp_path / "bare", [])
    found = Found()
    assert decide(service.store, found.told, ADD, {}).added == {}
    service.import_source(source(tmp_path / "pictures", 2))
    one, two = service.images()
    assert take(service, {one: "a", two: "b"}).unknown == {"a": 1, "b": 1}
    assert take(service, {one: "a", two: "b"}, ADD).classes == {"a": 1, "b": 1}
