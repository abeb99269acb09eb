"""A round's result names its baseline, says what its learners count, and warns in red."""

import pytest
from streamlit.testing.v1 import AppTest

from annotator.ui.parts import charts
from tests.annotator.invented import finish_round, truly, wrongly
from tests.annotator.small import answer, event, workspace

SHARES = {"networks": 0.1, "graph": 0.55, "logistic": 0.35}


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 60)
    answer(opened, 60)
    yield opened
    opened.close()


def rounds(service):
    """What the page on rounds draws of results, without its form and its live job."""

    def script(service):
        from annotator.ui.pages.rounds import _learning, _table
        from annotator.ui.parts.result import draw, outcome

        draw(outcome(service), {}, busy=False)
        _learning(service)
        _table(service.rounds())

    return shown(script, service=service)


def quality(service):
    """The page on quality down to its advice."""
    return drawn("quality", service, ["link"])


def review(service):
    """The page on pseudo-labels, without its cards."""
    return drawn("review", service, ["link", "review", "workspace_key"])


def drawn(name, service, silent):
    """A page of that name, without what is silent."""

    def script(name, service, silent):
        from importlib import import_module
        from unittest.mock import patch

        module = import_module(f"annotator.ui.pages.{name}")
        given = {each: lambda *_, **__: None for each in silent}
        with patch.multiple(module, opened=lambda: service, **given):
            module.page()

    return shown(script, name=name, service=service, silent=silent)


def shown(script, **given):
    app = AppTest.from_function(script, kwargs=given).run(timeout=300)
    assert not app.exception
    return app


def test_the_baseline_stands_by_its_name_beside_the_result(service):
    """In the panel, in the table, and in the legend of the curve; each point has its own."""
    finish_round(service, details={"baseline": "logistic"})
    app = rounds(service)
    [beside] = [each.value for each in app.caption if "95 % interval" in each.value][:1]
    assert "baseline \\(logistic\\): " in beside
    [table] = app.dataframe
    assert table.value["baseline"].tolist() == ["logistic"]
    finish_round(service)
    drawn = charts.learning_curve([service.curve()], "accuracy")
    domain = drawn.to_dict()["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert domain == ["semi-supervised", "baseline (logistic, supervised)"]
    rows = drawn.to_dict()["datasets"][drawn.to_dict()["data"]["name"]]
    assert {(row["model"], row["learner"]) for row in rows} == {
        ("semi-supervised", "fixmatch"),
        ("baseline (logistic, supervised)", "logistic"),
        ("baseline (logistic, supervised)", "supervised"),
    }


def test_every_page_says_on_which_images_an_accuracy_is_where_some_could_not_be_judged(service):
    """Beside the newest result, below the curve, at the confusion matrix and in the advice."""
    finish_round(service, truly, truly)
    image = service.images(kind="test")[0]
    n = service.progress().test_labeled
    service.record([event(service, image, "unclear", seq=901)], "anna")
    words = f"on the images that could be judged; 1 of {n} could not"
    for page, times in ((rounds, 2), (quality, 2)):
        app = page(service)
        said = [each.value for each in (*app.caption, *app.markdown) if words in each.value]
        assert len(said) == times, page


def test_what_each_learner_counts_is_said_in_words(service):
    """The one that counts most first; not where nobody was weighed."""
    finish_round(service)
    assert not [each for each in rounds(service).caption if "counts" in each.value]
    finish_round(service, details={"shares": SHARES, "losses": dict.fromkeys(SHARES, 0.5)})
    [told] = [each.value for each in rounds(service).caption if "counts" in each.value]
    assert told.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "What each learner counts\\: graph 55 %, logistic 35 %, networks 10 %, by how well"
    )


def test_a_round_that_gives_the_classes_of_its_baseline_says_so(service):
    """By the baseline's name, and only there."""
    finish_round(service, details={"baseline": "logistic"})
    for page in (rounds, quality, review):
        assert not [each for each in page(service).caption if "plain model" in each.value]
    finish_round(service, details={"baseline": "logistic", "deferred": True})
    for page in (rounds, quality, review):
        [told] = [each.value for each in page(service).caption if "plain model" in each.value]
        assert "more than the plain model \\(logistic\\)\\: the round gives" in told


@pytest.mark.parametrize("page", [rounds, quality])
def test_three_rounds_below_the_baseline_are_told_in_red(service, page):
    """One is where that is beyond chance; a better round ends it."""
    finish_round(service, wrongly, truly)
    [told] = page(service).error
    assert "The unlabeled images do harm" in told.value
    for _ in range(2):
        finish_round(service, wrongly, truly)
    [told] = page(service).error
    assert "For three rounds fixmatch was below its baseline, supervised" in told.value
    finish_round(service)
    assert not page(service).error
