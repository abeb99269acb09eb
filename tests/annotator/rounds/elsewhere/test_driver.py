"""How a driver ends whose cluster does not start: another may be tried, or none would help."""

import sys

import pytest

from annotator.rounds.elsewhere.order import DONE, NOT_STARTED, WRONG, Order, Shard
from tests.annotator.rounds.elsewhere.running import needs_ray

pytestmark = needs_ray
LATE = "The current node timed out during startup."


@pytest.mark.parametrize(
    ("problem", "code", "told"),
    [
        (Exception(LATE), NOT_STARTED, f"did not start on this machine, which may be busy: {LATE}"),
        (TypeError("an unexpected keyword"), 1, "Ray says: an unexpected keyword"),
        (OSError(28, "No space left on device"), 1, "No space left on device"),
    ],
)
def test_only_what_another_try_may_mend_is_tried_again(
    tmp_path, monkeypatch, capfd, problem, code, told
):
    """Each says why, and leaves where it was in its log."""
    from annotator.rounds.elsewhere import driver

    def fail(**_):
        raise problem

    monkeypatch.setattr(driver, "Cluster", fail)
    monkeypatch.setattr(driver, "ends_with", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["driver", str(tmp_path), "1"])
    Order("ray", "x", 3, 64, "photo", "/pixels", 4, (Shard("a", "clean", ((0, 4),)),)).write(
        tmp_path
    )
    assert driver.main() == code
    assert told in (tmp_path / WRONG).read_text()
    assert not (tmp_path / DONE).exists()
    assert "Traceback" in capfd.readouterr().err
