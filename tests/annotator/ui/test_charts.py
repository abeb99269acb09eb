"""Charts: which points belong to one line, and whether their numbers can be read."""

import json
import re

import pytest

from annotator.model import ClassRatio, Confusion, CurvePoint, EpochPoint
from annotator.ui.parts import charts, shades

PAGES = {"light": "#ffffff", "dark": "#10171a"}  # backgrounds of .streamlit/config.toml


def epoch(model, number, step):
    return EpochPoint(model, number, step, 1.0, 1.0, 0.0, 0.5, 0.0)


def test_each_learner_of_a_model_has_a_line_of_its_own():
    """Steps that begin anew are the next learner's, and every model counts from one."""
    points = [epoch("baseline", n, 20 * n) for n in (1, 2)]
    points += [epoch("ssl", n, step) for n, step in enumerate((20, 40, 20, 40, 60, 20), 1)]
    assert [number for _, number in charts.learners(points)] == [1, 1, 1, 1, 2, 2, 2, 3]
    for drawn in (charts.losses(points), charts.used_share(points)):
        assert drawn.to_dict()["encoding"]["detail"]["field"] == "learner"


def test_the_curve_breaks_where_other_test_images_measure():
    """No line leads from one stretch to the next; a dashed one stands between them."""

    def point(number, n):
        return CurvePoint(number, 10 * number, "ssl", 0.5, 0.4, 0.6, 0.5, 0.4, 0.6, n)

    whole = charts.learning_curve([[point(1, 9), point(2, 9)]], "accuracy").to_dict()
    parted = charts.learning_curve([[point(1, 9), point(2, 9)], [point(4, 12)]], "accuracy")
    drawn = parted.to_dict()
    [rule] = [each for each in drawn["layer"] if each["mark"].get("strokeDash")]
    assert drawn["datasets"][rule["data"]["name"]] == [{"labels": 30.0, "n": 12}]
    assert not [each for each in whole["layer"] if each["mark"].get("strokeDash")]
    lines = [each for each in drawn["layer"] if each["mark"]["type"] in ("line", "area")]
    assert [each["encoding"]["detail"]["field"] for each in lines] == ["stretch", "stretch"]
    [rows] = [rows for rows in drawn["datasets"].values() if "stretch" in rows[0]]
    assert [(row["round"], row["stretch"]) for row in rows] == [(1, 0), (2, 0), (4, 1)]


def luminance(color):
    """Relative luminance of an sRGB color, 0 to 1 (WCAG 2)."""
    parts = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4
             for value in color]  # fmt: skip
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def rgb(color):
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]


@pytest.mark.parametrize("page", PAGES)
def test_every_number_in_a_shaded_cell_can_be_read(page):
    """Its contrast with the cell is at least 3.5, whatever the share."""
    matrix = Confusion(("a", "b"), ((1, 2), (3, 4)))
    ratios = [ClassRatio(1, "a", 10, 3)]
    for drawn in (shades.confusion(matrix, page), shades.ratio_by_class(ratios, page)):
        cells, numbers = drawn.to_dict()["layer"]
        low, high = cells["encoding"]["opacity"]["scale"]["range"]
        color = numbers["encoding"]["color"]
        limit = float(color["condition"]["test"].split(">")[1])
        for percent in range(101):
            share = percent / 100
            alpha = low + (high - low) * share
            both = zip(rgb(charts.ACCENT), rgb(PAGES[page]), strict=True)
            under = [alpha * a + (1 - alpha) * b for a, b in both]
            said = color["condition"]["value"] if share > limit else color["value"]
            dark, light = sorted((luminance(under), luminance(rgb(said))))
            assert (light + 0.05) / (dark + 0.05) > 3.5, share


def axes(drawn):
    """All axes of nominal names in a chart, layers included."""
    found = drawn.to_dict()
    parts = [found, *found.get("layer", ())]
    return [
        each["axis"]
        for part in parts
        for each in part.get("encoding", {}).values()
        if isinstance(each, dict) and each.get("type") == "nominal" and "axis" in each
    ]


def test_every_class_is_named_however_many_there_are():
    """Fourteen long names: none is dropped, they are slanted below, and the pointer tells all."""
    names = [f"{number} carcinoma of the hilar bile duct" for number in range(14)]
    matrix = Confusion(tuple(names), tuple((1,) * 14 for _ in names))
    table = shades.ratio_by_class([ClassRatio(1, each, 10, 3) for each in names], "light")
    confusion = shades.confusion(matrix, "light")
    bars = charts.labels_by_class(dict.fromkeys(names, 3))
    for drawn, fields in ((table, {"class"}), (confusion, {"expert", "model"}), (bars, {"class"})):
        assert axes(drawn)
        assert not any(axis["labelOverlap"] for axis in axes(drawn))
        layers = drawn.to_dict()["layer"]
        assert fields <= {each["field"] for each in layers[0]["encoding"]["tooltip"]}
    assert {axis["labelAngle"] for axis in axes(confusion)} == {0, -45}
    few = shades.confusion(Confusion(("a", "b"), ((1, 2), (3, 4))), "light")
    assert {axis["labelAngle"] for axis in axes(few)} == {0}


def test_no_legend_lies_on_the_lines():
    """It stands above the plot, also where a curve reaches its every corner."""
    points = [CurvePoint(n, 10 * n, "ssl", 0.5, 0.4, 0.6, 0.5, 0.4, 0.6, 9) for n in (1, 2)]
    drawn = [charts.learning_curve([points], "accuracy"), charts.losses([epoch("ssl", 1, 20)])]
    for each in drawn:
        text = json.dumps(each.to_dict())
        assert set(re.findall(r'"orient": "([a-z-]+)"', text)) == {"top"}
