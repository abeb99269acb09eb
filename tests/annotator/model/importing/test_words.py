"""What an import says: each thing that was left out or changed, with the way out of it."""

import dataclasses

import pytest

from annotator.model import Conflict, Differing, ImportReport, Refused, Ways, counted, sentences
from annotator.model.importing.words import NAMED

PLAIN = ImportReport(2, 1, ())

# What happened, and words that must be said of it
SAID = [
    ({"added": 0, "duplicates": 0, "refused": (Refused("a", "x"),) * 2}, ["2 files refused"]),
    ({"conflicts": (Conflict(("a", "b"), ("cat", "dog")),)}, ["a and b as 'cat' and 'dog'"]),
    (
        {"differing": (Differing("a", "cat", "dog", "anna"),)},
        ["1 label differs", "a is 'cat' here by anna, 'dog' in the source", "`--update-labels`"],
    ),
    (
        {"differing": (Differing("a", "cat", "dog", "anna", settled=True),)},
        ["1 label differs", "a is 'cat' here settled by anna, 'dog' in the source", "page Data"],
    ),
    (
        {"differing": (Differing("a", "", "dog", "anna"),)},
        ["a is what anna could not tell here, 'dog' in the source", "`--update-labels`"],
    ),
    ({"audited": 2}, ["2 labels or", "left out: the open audit asks", "again once it has ended"]),
    ({"updated": 3}, ["3 labels took the place of others"]),
    ({"updated": 3, "written": False}, ["3 labels take the place of others"]),
    ({"classes": {"cat": 2}}, ["New classes: 'cat' (2 images)"]),
    ({"unknown": {"cat": 1, "dog": 2}}, ["3 labels left out", "'dog' (2 images)", "`--add-class"]),
    ({"alike": (("cat", "Cat"),)}, ["'cat' and 'Cat' differ in case alone"]),
    (
        {"slips": (("cta", "cat"),), "written": False},
        ["'cta' differs from 'cat' in one letter: if that is a slip, mend it in the source."],
    ),
    ({"slips": (("cta", "cat"),)}, ["mend it in the source, then import again; once it is a"]),
    ({"single": 5, "paged": 2}, ["5 images are pages of 2 files", "`--documents` makes one image"]),
    (
        {"counted": 12, "counted_of": 3},
        ["Each page counts by itself: 12 pages of 3 files with several."],
    ),
    ({"copies": (("b.png", "a.png"),)}, ["1 file is a copy, for", "in: b.png of a.png."]),
    (
        {"copies": (("b.png", "a.png"), ("a.png", "a.png"))},
        ["2 files are copies", ": b.png of a.png; a.png, which is there twice."],
    ),
    (
        {"windowed": 12, "windows": ((40.0, 80.0), (600.0, 2000.5))},
        [
            "12 DICOM images have several windows, such as 1 (center 40, width 80), 2 (center 600",
            "`--window` shows another one",
        ],
    ),
    ({"windowless": 1}, ["1 DICOM image has no window: shown from the 0.5th to the 99.5th"]),
    ({"merged": {"kitten": "cat"}}, ["'kitten' was merged into 'cat' here"]),
    ({"renamed": {"cta": "cat"}}, ["'cta' was renamed 'cat' since the import began"]),
    ({"removed": {"cat": 1}}, ["1 label left out", "Restore it on the Settings page"]),
    (
        {"added": 0, "duplicates": 0, "refused": (Refused("a", "x"), Refused("b", "x", row=True))},
        ["1 file and 1 row refused"],
    ),
    (
        {
            "added": 0,
            "duplicates": 0,
            "refused": (Refused("a", "x"), Refused("b", "x", page=True), Refused("c", "x", True)),
        },
        ["1 file and 1 page and 1 row refused"],
    ),
    (
        {"by_name": (("a.png", "a.png"), ("b.png", "p/b.png"))},
        ["2 rows name no file there", "here, 1 by the end", "b.png is p/b.png here"],
    ),
    (
        {"updated": 1, "replaced": (Differing("a.png", "cat", "dog", "anna"),)},
        ["1 label took the place of others", "a.png was 'cat' here by anna, is now 'dog'"],
    ),
    ({"unfit": (Refused("a", "too long"),)}, ["1 label cannot be a class name", "a: too long"]),
    ({"machine": 7}, ["7 labels left out, as a model gave them"]),
    ({"parts": {"train": 4, "test": 2}}, ["train 4, test 2 images", "`--keep-splits`"]),
    ({"parts": {"test": 2}, "keeps": True, "kept": 2}, ["test set is kept (2 new images)"]),
    ({"keeps": True}, ["no test set that could be kept"]),
    ({"kept": 3}, ["3 images stay in the test set"]),
    ({"kept_val": 3}, ["3 images stay in the validation set"]),
    ({"val": 70, "validating": 70}, ["70 new images validate: asked like others, never learned"]),
    (
        {"validates": True, "validating": 20},
        ["20 validation images in all", "from 60 labeled ones on", "`val_share`", "Import more"],
    ),
    (
        {"parts": {"val": 2, "test": 2}, "keeps": True, "kept": 2, "kept_val": 1},
        ["also 'val', as the setting `val_share` is 0"],
    ),
    ({"stayed": 1}, ["1 image", "came in earlier, with another split"]),
    ({"grouped": "by the folder", "groups": 3, "alone": 2}, ["by the folder: 3 groups", "2 new"]),
    ({"elsewhere": 2}, ["2 images came in earlier with another group"]),
    ({"both": 2}, ["2 groups have images in the test set and beside it"]),
    ({"unclear": 2}, ["2 images come as what nobody can tell", "Data brings them back"]),
    ({"outweighed": 1}, ["1 image has a label here"]),
    ({"marked": 3}, ["3 images with a flag or a note"]),
    ({"documents": 3, "pages": 17}, ["3 documents with 17 pages", "each as one image"]),
    ({"odd": True}, ["not all called with one secret", "its file `secret` was replaced"]),
]


@pytest.mark.parametrize(("facts", "words"), SAID, ids=lambda each: "+".join(each))
def test_each_thing_is_said_with_its_way_out(facts, words):
    """And nothing else is."""
    said = sentences(dataclasses.replace(PLAIN, **facts))
    assert len(said) == 1
    for word in words:
        assert word in said[0]


def test_where_nothing_was_left_out_nothing_is_said():
    """The numbers are told elsewhere."""
    assert sentences(PLAIN) == ()


def test_every_fact_of_a_report_is_said_or_counted():
    """A new one cannot be forgotten."""
    counts = {"added", "duplicates", "refused", "notes", "labeled", "personal", "known", "test"} | {
        "repeated"
    }
    said = {name for facts, _ in SAID for name in facts}
    assert said | counts == {field.name for field in dataclasses.fields(ImportReport)}


def test_of_many_a_few_are_named_and_the_others_counted():
    """A line can be read to its end."""
    many = tuple(Differing(f"{n}.png", "cat", "dog", "anna") for n in range(NAMED + 3))
    [said] = sentences(dataclasses.replace(PLAIN, differing=many))
    assert f"{NAMED - 1}.png is" in said
    assert f"{NAMED}.png is" not in said
    assert "; and 3 more." in said
    assert f"{NAMED + 3} labels differ from" in said


def test_where_all_of_a_list_is_stands_behind_those_that_are_named():
    """A command that prints the list as JSON says so, and only where there is more."""
    ways = Ways(rest=", which X lists")
    for count, told in ((NAMED, f"; {NAMED - 1}.png of a."), (NAMED + 2, "; and 2 more, which X")):
        copies = tuple((f"{n}.png", "a") for n in range(count))
        [said] = sentences(dataclasses.replace(PLAIN, copies=copies), ways)
        assert told in said
        assert ("which X lists." in said) is (count > NAMED)


def test_what_is_listed_beside_it_is_not_named_once_more():
    """A page has a list of them; the way out is said all the same."""
    facts = {
        "conflicts": (Conflict(("a", "b"), ("cat", "dog")),),
        "differing": (
            Differing("c", "cat", "dog", "anna"),
            Differing("d", "cat", "dog", "anna", settled=True),
        ),
        "unfit": (Refused("e", "too long"),),
    }
    said = sentences(dataclasses.replace(PLAIN, **facts), named=0)
    assert said == (
        "1 image came under several labels, so none of them was taken. Leave one of them in the "
        "source, then import again.",
        "1 label differs from what was settled here, which no import replaces. To settle such an "
        "image otherwise, answer it anew on the page Data.",
        "1 label differs from what is here, which stays. `--update-labels` takes over what the "
        "source says; both stay in the log.",
        "1 label cannot be a class name.",
    )


def test_a_page_names_its_boxes_instead_of_options():
    """What cannot be typed there is not told there."""
    ways = Ways("The box 'A'", "The box 'B'", "The box 'C'", "The box 'D'")
    facts = {
        "unknown": {"cat": 1},
        "differing": (Differing("a", "cat", "dog", "anna"),),
        "parts": {"test": 1},
        "single": 2,
    }
    said = " ".join(sentences(dataclasses.replace(PLAIN, **facts), ways))
    assert all(way in said for way in ways)
    assert "--" not in said


@pytest.mark.parametrize(
    ("facts", "asks"),
    [
        ({}, False),
        ({"unknown": {"cat": 1}}, True),
        ({"differing": (Differing("a", "cat", "dog", "anna"),)}, True),
        ({"differing": (Differing("a", "cat", "dog", "anna", settled=True),)}, False),
        ({"parts": {"test": 1}}, True),
        ({"parts": {"test": 1}, "keeps": True}, False),
        ({"parts": {"train": 1}}, False),
        ({"machine": 3, "conflicts": (Conflict(("a",), ("b", "c")),)}, False),
    ],
)
def test_a_report_asks_where_somebody_can_agree_to_something(facts, asks):
    """A conflict is told, but there is nothing to choose."""
    assert dataclasses.replace(PLAIN, **facts).asks is asks


def test_classes_are_counted_with_their_images():
    """One is one."""
    assert counted({"NORMAL": 6, "ill": 1}) == "'NORMAL' (6 images), 'ill' (1 image)"


def test_a_validation_set_that_is_kept_is_told_beside_the_test_set():
    """And so is that nothing is, with the way to keep both."""
    facts = {"parts": {"val": 70, "test": 2}, "validates": True, "kept": 2, "validating": 70}
    [kept] = sentences(dataclasses.replace(PLAIN, **facts, keeps=True, kept_val=70))
    assert "and so is its validation set (70 new images)" in kept
    [not_kept] = sentences(dataclasses.replace(PLAIN, **facts))
    assert "`--keep-splits` keeps the source's own sets" in not_kept
