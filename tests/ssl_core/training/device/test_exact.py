"""Within `reproducible` torch computes the same bits each time, or says where it does not."""

import os
import warnings
from contextlib import suppress

import pytest
import torch
from torch.utils import deterministic

from ssl_core.training.device.exact import ROOM, reproducible, said


def flags():
    """Everything that it sets."""
    return (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        torch.backends.cudnn.benchmark,
        deterministic.fill_uninitialized_memory,
        os.environ.get(ROOM),
    )


@pytest.mark.parametrize("room", [None, ":16:8"])
def test_the_flags_are_in_force_within_it_and_gone_after(monkeypatch, room):
    """Also after an error; what somebody had set for cuBLAS stands."""
    monkeypatch.delenv(ROOM, raising=False)
    if room:
        monkeypatch.setenv(ROOM, room)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", True)
    before = flags()
    seen = []
    with suppress(ZeroDivisionError), reproducible():
        seen.append(flags())
        seen.append(1 / 0)
    assert seen == [(True, True, False, False, room or ":4096:8")]
    assert flags() == before


def test_an_operation_without_a_reproducible_form_is_computed_and_named():
    """`put_` without accumulating has none on any device: of two values for a place, one stands."""
    with reproducible() as without:
        x = torch.zeros(3)
        for _ in range(2):
            x.put_(torch.tensor([1]), torch.tensor([5.0]))
        assert x.tolist() == [0, 5, 0]
        assert without == ["put_"]
    assert "no reproducible form of put_ here" in said(without)
    assert said([]) == ""


def test_other_warnings_pass():
    """It listens for one kind and keeps nothing else from anybody."""
    with pytest.warns(UserWarning, match="of something else"), reproducible() as without:
        warnings.warn("of something else", UserWarning, stacklevel=1)
    assert without == []
