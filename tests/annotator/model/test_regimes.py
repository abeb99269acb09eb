"""A trial travels through the store's JSON and is told in words."""

import json
from dataclasses import asdict

from annotator.model import RoundDetails, Trial

DETAILS = RoundDetails((1, 2), "small_cnn", 28, 10, "cpu", "mix", "photo")


def test_the_winner_is_named_first():
    """With what it knew of the labels held out, and what the other knew."""
    lost = Trial(120, 30, 0.92, 0.88, "frozen", "a, b")
    won = Trial(1200, 600, 0.92, 0.975, "finetune", "a, b")
    assert lost.words.replace("\N{NO-BREAK SPACE}", " ") == (
        "auto: frozen, 92.0 % balanced accuracy on 30 labels held out against 88.0 % for a whole "
        "network"
    )
    assert won.words.replace("\N{NO-BREAK SPACE}", " ") == (
        "auto: finetune, 97.5 % balanced accuracy on 600 labels held out against 92.0 % for a "
        "frozen one"
    )


def test_details_are_read_as_they_were_written():
    """With a trial, without one, and from a version that knew of none."""
    for trial in (None, Trial(120, 30, 0.92, 0.88, "frozen", "a, b")):
        details = RoundDetails.read({**asdict(DETAILS), "trial": trial and asdict(trial)})
        assert RoundDetails.read(json.loads(json.dumps(asdict(details)))) == details
        assert details.trial == trial
    old = asdict(DETAILS)
    del old["trial"]
    assert RoundDetails.read(old) == DETAILS
