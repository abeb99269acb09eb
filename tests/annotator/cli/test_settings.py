"""Settings are listed and changed: all that are named, or none."""

import json

import pytest

from annotator.model import SETTINGS, Settings
from annotator.service import Service


@pytest.fixture
def root(tmp_path):
    Service.create(tmp_path / "ws", ["cat", "dog"]).close()
    return tmp_path / "ws"


def settings(root):
    service = Service.open(root)
    try:
        return service.settings()
    finally:
        service.close()


def test_without_a_value_every_setting_is_listed_with_what_it_may_be(root, run):
    """As JSON, too."""
    code, out, _ = run("set", root)
    assert code == 0
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert list(lines) == list(SETTINGS)
    assert lines["threshold"].endswith(" 0.95  (0 to 1)")
    assert "(auto, frozen, finetune)" in lines["regime"]
    code, out, _ = run("set", root, "--json")
    assert json.loads(out) == {name: getattr(Settings(), name) for name in SETTINGS}


def test_what_is_changed_is_told_with_what_was_there(root, run):
    """And what is so already; shares hold for what comes in later, which is said."""
    code, out, _ = run("set", root, "threshold=0.9", "policy=entropy", "seed=0", "test_share=0.2")
    assert code == 0
    assert "threshold: 0.95 before, 0.9 now" in out
    assert "policy: mix before, entropy now" in out
    assert "seed: 0 already" in out
    assert "Images that are in keep what they are for; test_share counts for later imports" in out
    now = settings(root)
    assert (now.threshold, now.policy, now.test_share) == (0.9, "entropy", 0.2)


@pytest.mark.parametrize("command", ["set", "init"])
def test_all_that_is_wrong_is_told_at_once_and_nothing_is_changed(root, tmp_path, run, command):
    """A name with the nearest one, a value with its limits, a choice with the others."""
    wrong = ["treshold=0.9", "steps=many"]
    if command == "set":
        code, _, said = run("set", root, *wrong, "policy=entrpy", "threshold=7", "seed=1")
        assert "Did you mean 'entropy'" in said
        assert "threshold" in said
        assert "0 to 1" in said
    else:
        given = [word for each in wrong for word in ("--set", each)]
        code, _, said = run("init", tmp_path / "new", "--classes", "a,b", *given)
        assert not (tmp_path / "new").exists()
    assert code == 2
    assert "No setting named 'treshold'. Did you mean 'threshold'?" in said
    assert "steps" in said
    assert "'many'" in said
    assert settings(root) == Settings()


def test_values_of_a_new_workspace_that_are_wrong_are_told_at_once(tmp_path, run):
    """As names are."""
    given = ["--set", "policy=entrpy", "--set", "threshold=7"]
    code, _, said = run("init", tmp_path / "new", "--classes", "a,b", *given)
    assert code == 2
    assert "Did you mean 'entropy'" in said
    assert "0 to 1" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [(["threshold"], "'threshold' is no NAME=VALUE"), (["seed=1", "--json"], "--json lists")],
)
def test_what_is_no_value_is_refused(root, run, words, said):
    """With what one looks like."""
    code, _, told = run("set", root, *words)
    assert code == 2
    assert said in told
    assert settings(root) == Settings()
