"""What users reported of other tools, each as a small source of its own: what is right."""

import unicodedata
from collections import Counter

import pytest

from annotator.errors import AnnotatorError, ImportingError
from annotator.model import Agreed, Settings, sentences
from annotator.service import Service
from tests.annotator.invented import finish_round
from tests.annotator.pictures import png
from tests.annotator.small import answer, workspace

ADD = Agreed(add_classes=True)
LONG = (
    "Malignant neoplasm of overlapping sites of bronchus and lung, histologically confirmed, left"
)


@pytest.fixture
def service(tmp_path):
    made = Service.create(tmp_path / "ws", [], Settings(round_every=0, test_share=0.0))
    yield made
    made.close()


@pytest.fixture
def put(tmp_path):
    """Write pictures by their names, each of other pixels; return the folder."""
    made = Counter()

    def write(folder, *names):
        for name in names:
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(png(made.total(), 8, 8))
            made[name] += 1
        return tmp_path / folder

    return write


def said(report):
    return " ".join(sentences(report))


def classes(service):
    return service.count_by_class()


DIVIDED = [
    f"{part}/{kind}/{part}_{kind}_{n}.png"
    for part, many in (("train", 3), ("val", 1), ("test", 2))
    for kind in ("NORMAL", "PNEUMONIA")
    for n in range(many)
]


def test_my_train_and_test_folders_are_no_classes(service, put):
    """The folders below them are; and it is said what became of the division."""
    report = service.import_source(put("xray", *DIVIDED), labels="folders", agreed=ADD)
    assert classes(service) == {"NORMAL": 6, "PNEUMONIA": 6}
    assert report.parts == {"train": 6, "val": 2, "test": 4}
    assert "train 6, val 2, test 4 images. That is not kept" in said(report)
    assert "`--keep-splits` keeps the source's own" in said(report)


def test_my_test_set_stays_my_test_set(service, put):
    """Exactly its images measure, and none of the others."""
    agreed = Agreed(add_classes=True, keep_splits=True)
    report = service.import_source(put("xray", *DIVIDED), labels="folders", agreed=agreed)
    assert {each.name for each in service.images(kind="test")} == {
        name for name in DIVIDED if name.startswith("test/")
    }
    assert (report.kept, report.test) == (4, 4)
    assert "Its test set is kept (4 new images), and what else is divided is to" in said(report)


def test_a_test_set_of_images_that_are_here_already_is_told(service, put):
    """Their split is older than what the source says; that must be known."""
    folder = put("xray", *DIVIDED)
    service.import_source(folder)
    report = service.import_source(folder, agreed=Agreed(keep_splits=True))
    assert (report.kept, report.stayed, report.test) == (0, 4, 0)
    assert "4 images of the source's division came in earlier" in said(report)


def test_no_class_appears_that_nobody_agreed_to(service, put):
    """They are named with how many images each has, and the images come in all the same."""
    folder = put("scans", "cat/1.png", "cat/2.png", "dgo/3.png")
    service.add_class("cat")
    report = service.import_source(folder, labels="folders")
    assert (report.added, report.labeled, report.unknown) == (3, 2, {"dgo": 1})
    assert "1 label left out, as there are no such classes here: 'dgo' (1 image)" in said(report)
    assert "`--add-classes` adds them" in said(report)
    assert classes(service) == {"cat": 2}
    report = service.import_source(folder, labels="folders", agreed=ADD)
    assert (report.added, report.duplicates, report.labeled) == (0, 3, 1)
    assert classes(service) == {"cat": 2, "dgo": 1}


def test_a_class_that_i_misspelled_in_one_row_is_pointed_out(service, put):
    """With the class that was meant, also where no class is here yet."""
    folder = put("scans", *(f"{n}.png" for n in range(4)))
    rows = ["0.png,abnormal", "1.png,abnormal", "2.png,normal", "3.png,abnornal"]
    report = service.import_source(table(folder, "labels.csv", *rows))
    assert report.slips == (("abnornal", "abnormal"),)
    assert "'abnornal' differs from 'abnormal' in one letter: if that is a slip" in said(report)
    for name in ("abnormal", "normal"):
        service.add_class(name)
    report = service.import_source(folder / "labels.csv")
    assert (report.labeled, report.unknown) == (3, {"abnornal": 1})
    assert report.slips == (("abnornal", "abnormal"),)


def test_upper_and_lower_case_are_two_classes(service, put):
    """Two images each; also where init names them."""
    names = [f"{kind}/{n}.png" for kind in "AaBbΣσ" for n in range(2)]
    folder = put("letters", *names)
    report = service.import_source(folder, labels="folders", agreed=ADD)
    assert classes(service) == dict.fromkeys("ABabΣσ", 2)
    assert "'a' and 'A' differ in case alone, and are two classes all the same" in said(report)


def test_init_with_both_cases_keeps_both(tmp_path, put):
    """None of the four labels goes to the other."""
    made = Service.create(tmp_path / "greek", ["Σ", "σ"])
    folder = put("letters", "Σ/1.png", "Σ/2.png", "σ/3.png", "σ/4.png")
    assert made.import_source(folder, labels="folders").labeled == 4
    assert classes(made) == {"Σ": 2, "σ": 2}
    with pytest.raises(AnnotatorError, match="'σ' is named twice"):
        Service.create(tmp_path / "twice", ["σ", "σ "])
    made.close()


def table(folder, name, *rows):
    text = "\n".join(["path,label", *rows]) + "\n"
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_my_corrected_table_is_not_ignored(service, put):
    """Both labels of the two are named; taken over they count, and the log has both."""
    folder = put("scans", "s0.png", "s1.png", "s2.png", "s3.png")
    first = table(folder, "labels.csv", "s0.png,a", "s1.png,a", "s2.png,b", "s3.png,b")
    second = table(folder, "corrected.csv", "s0.png,a", "s1.png,b", "s2.png,a", "s3.png,b")
    service.import_source(first, agreed=ADD)
    report = service.import_source(second)
    assert (report.labeled, report.known, len(report.differing)) == (0, 2, 2)
    told = said(report)
    assert "2 labels differ from what is here, which stays" in told
    assert "s1.png is 'a' here by import, 'b' in the source" in told
    assert "s2.png is 'b' here by import, 'a' in the source" in told
    assert "`--update-labels` takes over" in told
    assert classes(service) == {"a": 2, "b": 2}
    report = service.import_source(second, agreed=Agreed(update_labels=True))
    assert (report.updated, report.differing) == (2, ())
    names = {each.id: each.name for each in service.classes()}
    log = [names[row["class_id"]] for row in service.store.db.rows("SELECT class_id FROM event")]
    assert Counter(log) == {"a": 3, "b": 3}
    held = {each.image_id: names[each.class_id] for each in service.store.labels.current()}
    assert held == {1: "a", 2: "b", 3: "a", 4: "b"}


def test_a_letter_composed_on_one_machine_and_not_on_another_is_one_class(service, put):
    """Two folders that read alike are one class with four labels."""
    composed, apart = (unicodedata.normalize(form, "Ödem") for form in ("NFC", "NFD"))
    assert composed != apart
    for folder in (put("linux", f"{composed}/1.png", f"{composed}/2.png"),
                   put("mac", f"{apart}/3.png", f"{apart}/4.png")):  # fmt: skip
        service.import_source(folder, labels="folders", agreed=ADD)
    assert classes(service) == {composed: 4}


def test_one_name_that_is_too_long_does_not_cost_the_other_labels(service, put):
    """It is named with its image; the other two labels are there."""
    folder = put("set", "l0.png", "l1.png", "l2.png")
    report = service.import_source(
        table(folder, "labels.csv", "l0.png,benign", f'l1.png,"{LONG}"', "l2.png,unclear"),
        agreed=ADD,
    )
    assert (report.added, report.labeled) == (3, 2)
    assert classes(service) == {"benign": 1, "unclear": 1}
    told = said(report) + " ".join(f"{each.name} {each.reason}" for each in report.notes)
    assert "Malignant neoplasm of overlapping sites" in told
    assert f"1 to 80 characters; this one has {len(LONG)}" in told


def test_the_same_picture_in_two_class_folders_is_shown(service, put):
    """Not given to whichever came first."""
    folder = put("set", "cat/1.png", "dog/2.png")
    (folder / "dog" / "copy.png").write_bytes((folder / "cat" / "1.png").read_bytes())
    report = service.import_source(folder, labels="folders", agreed=ADD)
    assert (report.added, report.duplicates, report.labeled) == (2, 1, 1)
    assert "cat/1.png and dog/copy.png as 'cat' and 'dog'" in said(report)
    assert classes(service) == {"dog": 1}


def test_one_patient_is_never_in_the_test_set_and_beside_it(tmp_path, put):
    """Also when the images come in two imports, and after the share was changed between them."""
    made = Service.create(tmp_path / "groups", ["a", "b"], Settings(round_every=0, test_share=0.5))
    names = [f"day {day}/p{p:02}_{day}{n}.png" for day in (1, 2) for p in range(12) for n in "ab"]
    put("scans", *names)
    report = made.import_source(tmp_path / "scans" / "day 1", group=r"(p\d+)_")
    assert (report.groups, report.both, report.alone) == (12, 0, 0)
    assert r"Images belong together by the pattern '(p\d+)_' in names: 12 groups" in said(report)
    made.save_settings(Settings(round_every=0, test_share=0.1))
    report = made.import_source(tmp_path / "scans" / "day 2", group=r"(p\d+)_")
    assert (report.added, report.groups, report.both) == (24, 12, 0)
    seen = {}
    for image in made.images(limit=-1):
        seen.setdefault(image.name.split("/")[-1][:3], set()).add(image.split)
    assert len(seen) == 12
    assert all(len(splits) == 1 for splits in seen.values())
    assert {"test", "pool"} == set().union(*seen.values())
    stored = "".join(made.store.db.connection.conn.iterdump())
    assert "'p01'" not in stored
    made.close()


def test_patients_who_were_divided_before_are_told_and_not_learned_from(tmp_path, put):
    """Their images came without groups at first: those beside the test set teach nothing."""
    made = Service.create(tmp_path / "late", ["a", "b"], Settings(round_every=0, test_share=0.5))
    folder = put("scans", *(f"p{p}/{n}.png" for p in range(4) for n in range(6)))
    made.import_source(folder)
    report = made.import_source(folder, group="parent")
    assert (report.added, report.groups) == (0, 4)
    split = {}
    for image in made.images(limit=-1):
        split.setdefault(image.name.split("/")[0], {}).setdefault(image.split, []).append(image.id)
    both = [each for each in split.values() if len(each) == 2]
    assert report.both == len(both) > 0
    assert "what is beside the test set is not learned from" in said(report)
    beside = sorted(image_id for each in both for image_id in each["pool"])
    assert sorted(made.store.near_duplicates.of_test()) == beside
    made.close()


def test_a_group_that_nobody_has_is_an_error_before_anything_is_written(service, put):
    """A slip in the name of a column must not divide patients."""
    folder = put("scans", "1.png", "2.png")
    with pytest.raises(ImportingError, match="'patientid' is no column"):
        service.import_source(folder, group="patientid")
    assert service.progress().images == 0


def test_an_import_of_which_nothing_is_good_says_so(service, tmp_path):
    """It is no success."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "notes.txt").write_text("out of focus")
    report = service.import_source(tmp_path / "bad")
    assert report.nothing
    assert "Nothing was imported: 1 file refused" in said(report)


@pytest.mark.parametrize("format_", ["csv", "folder", "parquet"])
def test_our_own_export_comes_back_as_what_it_was(tmp_path, format_):
    """Human labels with who gave them and when, no model's label, the same test set and groups."""
    before = workspace(tmp_path / "ws", 30)
    groups = {image.sha256: f"{'0' * 8}-{image.id % 5:032x}" for image in before.images()}
    before.store.images.join(groups)
    answer(before, 7)
    finish_round(before)
    assert before.export(tmp_path / "out", format_).pseudo > 0
    after = Service.create(tmp_path / "fresh", ["dark", "light"])
    report = after.import_source(tmp_path / "out")
    assert report.labeled == 7
    assert report.machine == report.added - 7 > 0
    assert after.count_by_class() == before.count_by_class()  # no class "images" or "train"

    def told(service):
        shas = {image.id: image.sha256 for image in service.images(limit=-1)}
        return {
            shas[each.image_id]: (each.annotator, each.source, each.seconds, each.at)
            for each in service.store.labels.current()
        }

    one, other = told(before), told(after)
    assert {sha: each[:3] for sha, each in one.items()} == {
        sha: each[:3] for sha, each in other.items()
    }
    for sha, each in one.items():  # an export writes milliseconds
        assert other[sha][3] == pytest.approx(each[3], abs=0.0011)
    splits = {image.sha256: image.split for image in before.images(limit=-1)}
    assert all(image.split == splits[image.sha256] for image in after.images(limit=-1))
    here = after.store.images.groups()
    assert here == {sha: groups[sha] for sha in here}
    assert len(here) == report.added
