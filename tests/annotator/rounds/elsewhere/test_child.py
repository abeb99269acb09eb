"""A driver is watched: what is silent, fails or is no longer wanted ends, and leaves nothing."""

import os
from contextlib import closing

import pytest

from annotator.errors import RoundError
from annotator.project.leftovers import alive
from annotator.rounds.elsewhere import child, quiet
from annotator.rounds.elsewhere.order import DONE, Order, Shard
from tests.annotator.workers import until


@pytest.fixture(autouse=True)
def _stands_in(monkeypatch):
    """A process of our own in place of the one that speaks with Ray."""
    monkeypatch.setattr(child, "MODULE", "tests.annotator.rounds.elsewhere.stand_in")


def order(does, executor="ray"):
    shard = Shard("clean-0-4-0.npy", "clean", ((0, 4),))
    return Order(executor, does, 3, 64, "photo", "/pixels", 4, (shard,), 2, (("a", "/a.pt"),))


def beside(folder):
    """The process that the driver has started."""
    return int(until(lambda: (folder / "beside").exists() and (folder / "beside").read_text()))


def test_an_order_is_read_as_it_was_written(tmp_path):
    """Type by type."""
    order("x").write(tmp_path)
    assert Order.read(tmp_path) == order("x")


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("silent", "did not answer in 1 s.*See that gpu:6379 runs, or set executor to local"),
        ("connected", "made nothing for 1 s.*busy.*kept.*set executor to local"),
    ],
)
def test_a_silent_driver_is_given_up_with_all_that_it_started(tmp_path, monkeypatch, does, told):
    """Whether it waits for the cluster or for a node, and also in another process group."""
    run = child.carried_out(order(does, "gpu:6379"), tmp_path)
    next(run)
    started = beside(tmp_path)
    until(lambda: does == "silent" or (tmp_path / DONE).exists())
    monkeypatch.setattr(child, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(child, "SILENT_SECONDS", 1.0)
    with pytest.raises(RoundError, match=told):
        list(run)
    until(lambda: not alive(started))


def test_a_driver_that_nobody_waits_for_ends_with_all_that_it_started(tmp_path):
    """As when a round is canceled."""
    with closing(child.carried_out(order("silent"), tmp_path)) as run:
        next(run)
        started = beside(tmp_path)
        assert alive(started)
    until(lambda: not alive(started))


def test_a_driver_that_fails_says_why_and_the_way_out(tmp_path):
    """In its own words, or where a report lies; words of a job before it are not its own."""
    with pytest.raises(RoundError, match=r"node n has another version\. Start the round again, or"):
        list(child.carried_out(order("fails"), tmp_path))
    with pytest.raises(RoundError, match=r"ended with 3; .*driver\.log says more"):
        list(child.carried_out(order("crashes"), tmp_path))


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_cluster_that_is_not_there_in_time_is_started_again_twice(tmp_path, times):
    """As on a busy machine; what was begun before has ended by then."""
    run = child.carried_out(order(f"late{times}"), tmp_path)
    if times < 3:
        list(run)
    else:
        with pytest.raises(RoundError, match=r"Ray did not start\. Start the round again, or set"):
            list(run)
    left = (tmp_path / "beside").read_text().split()
    assert len(left) == times
    until(lambda: not any(alive(int(each)) for each in left))


def test_ray_is_told_to_report_to_nobody_and_where_it_may_listen(monkeypatch):
    """On one machine on loopback alone; a cluster of others keeps its secret and its network."""
    monkeypatch.setenv(quiet.ADDRESS, "elsewhere:1")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "theirs")
    monkeypatch.delenv("http_proxy", raising=False)
    own, near, far = (quiet.environment(each, "/t") for each in ("ray", "127.0.0.1:1", "gpu:1"))
    for each in (own, near, far):
        assert quiet.SILENT.items() <= each.items()
        assert quiet.ADDRESS not in each
        assert each["RAY_TMPDIR"] == "/t"
        assert each["PATH"] == os.environ["PATH"]
    loopback = [quiet.LOOPBACK.items() <= each.items() for each in (own, near, far)]
    assert loopback == [True, True, False]
    secrets = [each["RAY_AUTH_TOKEN"] for each in (own, near, far)]
    assert secrets[1:] == ["theirs", "theirs"]
    assert len(secrets[0]) == 64
    assert secrets[0] != quiet.environment("ray", "/t")["RAY_AUTH_TOKEN"]
    assert ["http_proxy" in each for each in (own, near, far)] == [True, False, False]
