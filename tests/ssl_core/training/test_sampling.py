"""Balanced sampling shows all classes equally often, and its stream can be taken up again."""

from itertools import pairwise

import pytest
import torch

from ssl_core.errors import SSLError
from ssl_core.training.batches import Batches
from ssl_core.training.sampling import Balanced

LABELS = torch.tensor([0] * 12 + [2] * 3 + [3])  # class 1 has no label


def drawn(batch_size, number, seed=0):
    """The positions of some batches, one row a batch."""
    draws = Balanced(LABELS, batch_size, torch.Generator().manual_seed(seed))
    return torch.stack([next(draws) for _ in range(number)])


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 32])
def test_every_class_with_labels_comes_equally_often(batch_size):
    """In any number of batches the counts of the three classes differ by one at most."""
    batches = drawn(batch_size, 30)
    for end in range(1, 31):
        count = torch.bincount(LABELS[batches[:end].flatten()], minlength=4).tolist()
        assert count[1] == 0
        assert max(count) - min(count[0], count[2], count[3]) <= 1


def test_every_row_of_a_class_comes_before_one_comes_again():
    """Within a class each run of as many draws as it has rows is a permutation."""
    rows = drawn(3, 48).flatten()
    for label in (0, 2, 3):
        members = (label == LABELS).nonzero().squeeze(1).tolist()
        stream = rows[LABELS[rows] == label].tolist()
        epochs = [stream[at : at + len(members)] for at in range(0, 48, len(members))]
        assert all(sorted(epoch) == members for epoch in epochs)
        assert len(members) < 12 or any(one != other for one, other in pairwise(epochs))


def test_one_class_alone_is_drawn_like_any():
    """Only class 0 has labels."""
    draws = Balanced(torch.zeros(4, dtype=torch.int64), 6, torch.Generator().manual_seed(0))
    assert set(next(draws).tolist()) == {0, 1, 2, 3}


def test_a_balanced_stream_goes_on_from_its_saved_state(images):
    """Three batches after a restore equal the three after the save."""
    data, _ = images
    rows = torch.arange(16)

    def stream(seed):
        return Batches(
            data, rows, LABELS, rows, ("weak",), batch_size=5, unlabeled_batch_size=3,
            seed=seed, sampling="balanced",
        )  # fmt: skip

    first, other = stream(1), stream(2)
    for _ in range(4):
        next(first)
    state = first.state_dict()
    expected = [next(first) for _ in range(3)]
    other.load_state_dict(state)
    for batch in expected:
        again = next(other)
        assert torch.equal(batch.x, again.x)
        assert torch.equal(batch.y, again.y)


def test_probabilities_cannot_be_balanced(images):
    """The message says what to do instead."""
    data, _ = images
    rows = torch.arange(4)
    with pytest.raises(SSLError, match=r"needs classes.*labels\.argmax\(1\)"):
        Batches(
            data, rows, torch.full((4, 2), 0.5), rows, (), batch_size=2, unlabeled_batch_size=2,
            sampling="balanced",
        )  # fmt: skip
