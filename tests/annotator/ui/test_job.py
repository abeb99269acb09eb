"""The running job in words: its parts in their order, and the time left where it is known."""

from dataclasses import replace

from annotator.model import Job, Part, Timed
from annotator.ui.parts.job import in_parts, in_time
from annotator.wording import percent

JOB = Job(1, "round", "running", {}, 1, 0.5, "", 1.0, None, None, cancel_requested=False)


def test_parts_say_what_is_done_what_goes_on_and_what_comes():
    """What there is nothing to do of is not named; where all is done, nothing goes on."""
    parts = (
        Part("reading images", amount=0),
        Part("computing embeddings", amount=200, done=200, seconds=3),
        Part("training", amount=300, done=75, seconds=2),
        Part("predicting", amount=50),
    )
    done, now, later = in_parts(parts).split(" · ")
    assert done == ":material/check: computing embeddings"
    assert now == f"**training {percent(0.25)}**"
    assert later == "predicting"
    ended = in_parts([replace(each, done=each.amount) for each in parts])
    assert ended.count(":material/check:") == 3
    assert "**" not in ended


def test_time_left_is_a_number_only_where_it_is_known():
    """Else it says that it is being measured, and of a job that waits not even that."""
    assert in_time(JOB, Timed((), 200.0)) == in_time(JOB, Timed((), 200.0, 230.0))
    assert in_time(JOB, Timed((), 200.0)) == "about 3 min left"
    assert in_time(JOB, Timed((), 60.0, 600.0)).startswith("about 60 s to 10 min left")
    assert "being measured" in in_time(JOB, Timed((), None))
    assert "measured" not in in_time(replace(JOB, state="queued"), Timed((), None))
