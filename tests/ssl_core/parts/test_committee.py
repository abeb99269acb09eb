"""Committees agree as they say, and are named by all that they have learned."""

import pytest
import torch

from ssl_core.evidence.weighing import Tempered, pooled
from ssl_core.parts.committee import Committee, majority, mean, product


class Told:
    """Says the same of every row; its name is what it says."""

    model = None

    def __init__(self, *said):
        self.said = said

    def fingerprint(self):
        return str(self.said)


def test_how_committees_agree():
    """Mean, normalized product, and a majority whose ties the mean breaks."""
    p = torch.tensor([[[0.6, 0.4, 0.0]], [[0.5, 0.3, 0.2]], [[0.0, 0.1, 0.9]]])
    assert mean(p)[0].tolist() == pytest.approx([1.1 / 3, 0.8 / 3, 1.1 / 3])
    two = product(p[:2])[0].tolist()
    assert two == pytest.approx([0.3 / 0.42, 0.12 / 0.42, 0.0], abs=1e-4)
    assert product(torch.eye(2)[:, None])[0].tolist() == pytest.approx([0.5, 0.5])
    assert majority(p).argmax(1).item() == 0  # two votes against a mean as high
    torch.testing.assert_close(majority(p).sum(1), torch.ones(1))
    tie = torch.tensor([[[0.5, 0.3, 0.2]], [[0.1, 0.8, 0.1]], [[0.3, 0.3, 0.4]]])
    assert majority(tie).argmax(1).item() == 1


def test_two_votes_outweigh_any_certainty_of_the_third():
    """Drawn at random: the class with two of three votes always wins."""
    g = torch.Generator().manual_seed(0)
    p = (torch.rand(3, 5000, 3, generator=g) * 6).softmax(2)
    votes = torch.nn.functional.one_hot(p.argmax(2), 3).sum(0)
    decided = votes.max(1).values >= 2
    assert torch.equal(majority(p).argmax(1)[decided], votes.argmax(1)[decided])


def test_the_name_of_a_committee_depends_on_every_member_and_on_how_they_agree():
    """Another member, another order, another temperature, other exponents: another name."""
    one, other = Told(0.3, 0.7), Told(0.6, 0.4)
    named = [
        Committee((one, other), pooled([0.5, 0.5])),
        Committee((one,), pooled([0.5])),
        Committee((other, one), pooled([0.5, 0.5])),
        Committee((Tempered(one, 2.0), other), pooled([0.5, 0.5])),
        Committee((one, other), pooled([1.0, 0.0])),
        Committee((one, other), mean),
    ]
    assert len({each.fingerprint() for each in named}) == len(named)
    same = Committee([one, other], pooled([0.5, 0.5]))
    assert same.fingerprint() == named[0].fingerprint()
