"""What a box on the map selects, and what the page says of near-duplicates."""

from itertools import product
from types import SimpleNamespace

import pytest

from annotator.model import MapPoint, NearDuplicates
from annotator.ui.pages.data import near_duplicates_in_words
from annotator.ui.parts import grid
from annotator.ui.parts.map import absent, asked, known
from annotator.ui.parts.scatter import COLORS, inside, scatter
from annotator.ui.words.reading import READERS


def point(image_id, x, y, **more):
    given = {"label": None, "predicted": None, "confidence": None, "entropy": None, "source": "new"}
    return MapPoint(image_id, x, y, **(given | more))


POINTS = [
    point(1, 0.1, 0.1, entropy=0.2, predicted="cat", source="unsure"),
    point(2, 0.2, 0.2, entropy=0.9, predicted="dog", source="pseudo"),
    point(3, 0.9, 0.9, label="cat", source="human"),
    point(4, 0.3, 0.1),
]


def test_a_box_selects_what_lies_in_it_the_most_doubtful_first():
    """Whichever corner the mouse began at; without a box nothing is selected."""
    for box in ({"x": [0, 0.4], "y": [0, 0.4]}, {"x": [0.4, 0], "y": [0.4, 0]}):
        assert [each.image_id for each in inside(POINTS, {"box": box})] == [2, 1, 4]
    assert inside(POINTS, {}) == []
    assert inside(POINTS, {"box": {}}) == []


@pytest.mark.parametrize("color", ["label", "pseudo-label", "entropy", "source"])
def test_every_coloring_is_a_valid_chart(color):
    """The schema is checked as it is written; a box can be drawn in each."""
    drawn = scatter(POINTS, color, ["cat", "dog"]).to_dict()
    assert [each["name"] for each in drawn["params"]] == ["box"]
    assert drawn["encoding"]["color"]["field"] == color


def test_more_classes_than_colors_still_have_one_each():
    """Colors come round again."""
    names = [f"class {number}" for number in range(len(COLORS) + 3)]
    scale = scatter(POINTS, "label", names).to_dict()["encoding"]["color"]["scale"]
    assert len(scale["domain"]) == len(scale["range"]) == len(names) + 1


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (NearDuplicates(0, 0, 0), ""),
        (NearDuplicates(12, 3, 0), "12 near-duplicates: 3 of images that measure, not trained on."),
        (NearDuplicates(1, 0, 0), "1 near-duplicate. They"),
        (NearDuplicates(2, 0, 40), "40 images are not compared"),
        (NearDuplicates(0, 0, 40), "40 images are not compared"),
        (NearDuplicates(0, 0, 1), "1 image is not compared"),
    ],
)
def test_near_duplicates_in_words(seen, words):
    """How many, what it means, and what is not known yet."""
    assert words in near_duplicates_in_words(seen)
    assert bool(words) == bool(near_duplicates_in_words(seen))


def test_a_card_tells_an_expert_s_label_from_a_guess():
    """The class alone would not say whose it is."""
    assert known(point(1, 0, 0, label="cat", predicted="dog", confidence=0.9)) == "cat, labeled"
    guess = known(point(1, 0, 0, predicted="dog", confidence=0.9))
    assert guess == "dog? 90.0\N{NO-BREAK SPACE}%"
    assert known(point(1, 0, 0)) == "not predicted yet"


def test_a_large_box_says_that_not_all_of_it_is_asked():
    """What is left out is said where it is asked for."""
    assert asked(3, 3) == "3 images are asked next on the Label page."
    assert "200 images" in asked(200, 4479)
    assert "of 4,479" in asked(200, 4479)


@pytest.mark.parametrize(
    ("most", "pool", "words"), [(0, 9, "Settings"), (9, 0, "reserved"), (9, 9, "as soon as a job")]
)
def test_a_map_that_never_comes_is_not_promised(most, pool, words):
    """Switched off, or with nothing to draw, it says so."""
    assert words in absent(most, pool)


@pytest.mark.parametrize(
    ("sent", "image"),
    [(5, 5), (5.0, 5), (None, None), (6, None), ("5", None), ([5], None), (float("nan"), None)],
)
def test_only_a_card_that_was_drawn_can_be_picked(monkeypatch, sent, image):
    """Whatever a page sends, it names one of its cards or nothing."""
    monkeypatch.setattr(grid, "_component", lambda **_: SimpleNamespace(picked=sent))
    assert grid.picked({5: grid.Card("/img/5", "8 × 8", "5.png")}, "key") == image


@pytest.mark.parametrize("seen", [*product((0, 1, 7), (0, 1, 3), (0, 1, 4))])
def test_what_is_said_of_near_duplicates_is_said_in_each_language(seen):
    """However many there are, of images that measure, and not compared yet."""
    found, of_test, unsearched = seen
    said = near_duplicates_in_words(
        NearDuplicates(found=found, of_test=of_test, unsearched=unsearched)
    )
    for reader in READERS.values():
        assert all(told for _, told, _ in reader.parted(said) if said)
