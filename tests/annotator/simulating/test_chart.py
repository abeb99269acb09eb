"""The chart of a comparison: every point is on it, and higher means better."""

import xml.etree.ElementTree as ElementTree

import pytest

from annotator.errors import AnnotatorError
from annotator.simulating import chart as curves
from annotator.simulating.compare import Mean

CURVES = [
    Mean("margin", 1, 10, 0.6, 0.1, 3),
    Mean("margin", 2, 20, 0.8, 0.1, 3),
    Mean("random", 1, 10, 0.4, 0.0, 3),
    Mean("random", 2, 20, 0.5, 0.0, 3),
]


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_the_chart_has_a_line_a_band_and_a_name_for_each_policy(tmp_path, ending):
    """It is well-formed, holds every point, and fetches nothing."""
    path = tmp_path / f"curves.{ending}"
    curves.write(CURVES, path)
    text = path.read_text()
    drawn = text[text.index("<svg") : text.index("</svg>") + 6]
    tree = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f"{space}polygon")) == 2
    assert len(tree.findall(f"{space}circle")) == 4
    assert {"margin", "random"} <= {each.text for each in tree.findall(f"{space}text")}
    assert "src=" not in text
    assert "script" not in text


def test_higher_accuracy_is_drawn_higher_and_more_labels_further_right():
    """The scale runs the way readers expect, also where all points are alike."""
    scale = curves.Scale(CURVES)
    assert scale.y(0.9) < scale.y(0.5)
    assert scale.x(20) > scale.x(10)
    alike = curves.Scale([Mean("p", 1, 10, 1.0, 0.0, 1)])
    assert alike.y(1.0) == curves.TOP
    assert alike.x(10) == curves.LEFT


@pytest.mark.parametrize(
    ("name", "words"), [("curves.png", "svg or .html"), ("nowhere/curves.svg", "no folder")]
)
def test_a_chart_that_cannot_be_written_is_refused_beforehand(tmp_path, name, words):
    """Before hours of simulation, not after."""
    with pytest.raises(AnnotatorError, match=words):
        curves.check(tmp_path / name)
