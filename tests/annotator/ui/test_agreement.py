"""The section on several people: there once there are two, and honest about what it rests on."""

from dataclasses import replace

import pytest
from scipy.stats import beta
from streamlit.testing.v1 import AppTest

from annotator.wording import percent
from tests.annotator.small import event, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 12)
    yield made
    made.close()


def said(service, *people):
    for who, names in people:
        for seq, (image, name) in enumerate(zip(service.images(limit=12), names, strict=False), 1):
            one = event(service, image, seq=seq, client=who, name=name)
            service.record([one], who)


def drawn(service):
    def script(service):
        from annotator.ui.people.agreement import agreement

        agreement(service)

    app = AppTest.from_function(script, kwargs={"service": service}).run(timeout=300)
    assert not app.exception
    return app


def words(app):
    return " ".join(each.value for each in (*app.subheader, *app.markdown, *app.caption))


def test_who_works_alone_sees_nothing_of_it(service):
    """There is nobody to agree with."""
    said(service, ("anna", ["dark"] * 3))
    assert words(drawn(service)) == ""


def test_two_who_share_no_image_are_told_so(service):
    """Not a measure of nothing."""
    said(service, ("anna", ["dark"] * 3))
    one = event(service, service.images(limit=12)[9], seq=1, client="ben", name="dark")
    service.record([one], "ben")
    assert "No image was answered by two people" in words(drawn(service))


def test_measures_stand_with_their_intervals_and_their_images(service):
    """And a few images are said to be few."""
    said(service, ("anna", ["dark", "light"] * 4), ("ben", ["dark", "light"] * 3 + ["light"] * 2))
    app = drawn(service)
    told = words(app)
    assert "Krippendorff’s α **0.76** (" in told
    assert "Fleiss’ κ **0.75** (" in told
    assert "8 images" in told
    assert "too narrow" in told
    assert "dark / light" in told
    assert "People disagree about 1 image." in told
    assert "rounds learn from the answer that was pressed last" in told
    pairs, work = (each.value for each in app.dataframe)
    assert list(pairs["the same"]) == [percent(7 / 8)]
    assert list(pairs["where they differ"]) == ["dark / light (1)"]
    assert list(work["labels"]) == ["8", "8"]
    assert list(work["time"]) == ["4 s", "4 s"]
    assert list(work["labels an hour"]) == ["7,200", "7,200"]


def test_who_works_alone_sees_how_often_they_gave_the_same_answer_again(service):
    """Seven of eight images that came back, and no measure of other people."""
    names = ["dark", "light"] * 4
    said(service, ("anna", names))
    for seq, (image, name) in enumerate(zip(service.images(limit=8), names, strict=True), 50):
        name = name if seq > 50 else "light"
        one = event(service, image, seq=seq, client="anna", name=name)
        service.record([replace(one, again="own")], "anna")
    app = drawn(service)
    assert "No image was answered by two people" not in words(app)
    assert "People disagree about 1 image." in words(app)
    again, work = (each.value for each in app.dataframe)
    assert list(again["the same"]) == ["7 of 8"]
    low, high = beta.ppf([0.025, 0.975], [7, 8], [2, 1])
    assert list(again["95 %"]) == [f"{percent(low)} to {percent(high)}"]
    assert list(work["labels"]) == ["8"]


def test_second_opinions_that_nobody_can_give_are_told(service):
    """Who works alone learns why; with a second person it is a number that goes down."""
    service.save_settings(replace(service.settings(), second_opinions=1.0))
    said(service, ("anna", ["dark"] * 3))
    told = words(drawn(service))
    assert "3 images wait for another person's opinion." in told
    assert "without logins everybody counts as one person" in told
    said(service, ("ben", ["dark"] * 2))
    told = words(drawn(service))
    assert "1 image waits for another person's opinion." in told
    assert "without logins" not in told
