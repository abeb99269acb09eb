"""A setting is declared once: page, command line, checks and types keep to the same limits."""

import math
import sys
from dataclasses import asdict, replace
from importlib.util import find_spec
from typing import get_args

import pytest

from annotator import cli
from annotator.catalog import methods, names
from annotator.errors import AnnotatorError
from annotator.model import REGIMES, SETTINGS, Regime, Settings
from annotator.model.networks import executors
from annotator.service import Service
from annotator.ui.parts import asked

# What the fields say, once more and by hand: the least and the greatest value of each number...
LIMITS = {
    "side": (32, 512),
    "threshold": (0, 1),
    "steps": (1, 10_000_000),
    "round_every": (0, 1_000_000),
    "least_look": (0, 5_000),
    "second_opinions": (0, 1),
    "opinions": (2, 5),
    "repeats": (0, 0.5),
    "test_share": (0, 0.9),
    "val_share": (0, 0.5),
    "goal": (0.5, 1),
    "map_images": (0, 100_000),
    "backup_every": (0, 1_000_000),
    "backups_kept": (1, 1_000),
    "seed": (0, 2_147_483_647),
}
# ...which one of them may be whatever its limits, and what that is called...
ZERO = {"side": "auto"}
# ...and where each name comes from
NAMES = {
    "method": [info.name for info in methods.methods()],
    "regime": ["auto", "frozen", "finetune"],
    "policy": list(names.policies()),
    "preset": list(names.presets()),
    "backbone": ["auto", *names.backbones()],
    "show_guess": ["off", "on"],
    "unsettled": ["learn", "leave_out"],
    "executor": ["local", "ray"],
}


def inside(name):
    """Values that must be taken: both limits, or every name."""
    if name == "executor" and find_spec("ray") is None:
        return ["local"]  # the other is refused without its package
    return NAMES[name] if name in NAMES else [type(SETTINGS[name].default)(v) for v in LIMITS[name]]


def outside(name):
    """The nearest values that must be refused, and what is no value of the kind."""
    if name in NAMES:
        return ["", f"{NAMES[name][0]}x"]
    low, high = LIMITS[name]
    if isinstance(SETTINGS[name].default, int):
        return [low - 1, high + 1, low + 0.5]
    return [math.nextafter(low, -1), math.nextafter(high, 2), math.nan, math.inf]


@pytest.fixture
def service(tmp_path):
    return Service.create(tmp_path / "ws", ["a", "b"])


def test_every_setting_is_a_number_with_limits_or_a_name_out_of_a_table():
    """None is left out, here or on the page."""
    assert list(SETTINGS) == list(asdict(Settings()))
    assert sorted(SETTINGS) == sorted([*LIMITS, *NAMES])
    for name, each in SETTINGS.items():
        assert each.default == getattr(Settings(), name)
        assert (each.choices is None) == (name in LIMITS)
        assert each.zero == ZERO.get(name, "")
        assert each.label
        assert each.help.endswith(".")


def test_every_regime_is_explained():
    """The type that signatures name and the table that people read are the same words."""
    assert get_args(Regime) == tuple(REGIMES)


@pytest.mark.parametrize("name", SETTINGS)
def test_saving_takes_what_is_just_inside_and_refuses_what_is_just_outside(service, name):
    """What was refused is not saved, and the message names the setting."""
    for value in inside(name):
        service.save_settings(replace(service.settings(), **{name: value}))
        assert getattr(service.settings(), name) == value
    before = service.settings()
    for value in outside(name):
        with pytest.raises(AnnotatorError, match=name):
            service.save_settings(replace(before, **{name: value}))
    assert service.settings() == before


@pytest.mark.parametrize("name", SETTINGS)
def test_the_command_line_takes_and_refuses_the_same(tmp_path, monkeypatch, capsys, name):
    """`certilabel init --set` makes the workspace as it was told, or none at all."""

    def init(value):
        root = tmp_path / f"ws {value}"
        told = ["init", str(root), "--classes", "a,b", "--set", f"{name}={value}"]
        monkeypatch.setattr(sys, "argv", ["certilabel", *told])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return root, end.value.code

    for value in inside(name)[:2]:
        root, code = init(value)
        assert code == 0
        assert getattr(Service.open(root).settings(), name) == value
    capsys.readouterr()
    for value in [*outside(name), "a"]:
        root, code = init(value)
        assert (code, root.exists()) == (2, False)
        message = capsys.readouterr().err
        assert name in message
        if name in NAMES:
            assert ", ".join(sorted(NAMES[name])) in message
        else:
            assert " to ".join(f"{limit:,}" for limit in LIMITS[name]) in message


def test_a_side_may_be_auto_by_word_or_by_zero(service):
    """Both are 0; any other number below the limit is refused."""
    setting = SETTINGS["side"]
    assert (setting.read("auto"), setting.read("0"), setting.read("96")) == (0, 0, 96)
    service.save_settings(replace(service.settings(), side=0))
    for value in (-1, 1, 31):
        with pytest.raises(AnnotatorError, match="32 to 512, or 0 for auto"):
            setting.check(value)
    with pytest.raises(AnnotatorError, match="steps is 'auto'"):
        SETTINGS["steps"].read("auto")


@pytest.mark.parametrize("name", NAMES)
def test_the_page_offers_the_names_that_there_are(name):
    """With what each does, where the table says so."""
    each = SETTINGS[name]
    drawn = asked.box(each, each.default, Service.choices(each))
    assert (drawn["label"], drawn["help"]) == (each.label, each.help)
    assert drawn["options"] == NAMES[name]
    assert drawn["options"][drawn["index"]] == each.default
    told = [drawn["format_func"](option) for option in drawn["options"]]
    guess = {
        "off": "answers are given blind",
        "on": "the two likeliest classes stand with the reason",
    }
    apart = {
        "learn": "rounds learn from the label that counts meanwhile",
        "leave_out": "rounds leave the image out until it is settled",
    }
    tables = {"show_guess": guess, "unsettled": apart, "executor": executors.EXECUTORS}
    words = {"regime": REGIMES, "policy": names.asks(), **tables}.get(name)
    assert told == ([f"{key}: {text}" for key, text in words.items()] if words else NAMES[name])


@pytest.mark.parametrize("name", LIMITS)
def test_the_page_has_the_same_limits(name):
    """A share is a slider of percent, anything else a whole number."""
    each = SETTINGS[name]
    low, high = LIMITS[name]
    if each.unit == "%":
        drawn, scale = asked.slider(each, each.default), 100
        steps = (drawn["max_value"] - drawn["min_value"]) / drawn["step"]
        assert steps == round(steps)  # both ends can be reached
        assert drawn["label"] == each.label
        assert drawn["min_value"] == pytest.approx(scale * low)
        assert drawn["max_value"] == pytest.approx(scale * high)
    else:
        drawn, scale = asked.whole(each, each.default), 1
        assert isinstance(drawn["value"], int)
        zero = f", or 0 for {ZERO[name]}" if name in ZERO else ""
        assert drawn["label"] == f"{each.label} ({low:,} to {high:,}{zero})"
        assert not {"min_value", "max_value"} & set(drawn), "a wrong number must reach the check"
    assert (each.unit == "%") == isinstance(each.default, float)
    assert drawn["help"] == each.help
    assert drawn["value"] == pytest.approx(scale * each.default)


def test_the_help_of_the_command_line_names_every_setting_and_what_it_may_be():
    """It is made from the fields."""
    from typer.main import get_command

    commands = get_command(cli.app).commands
    told = next(each.help for each in commands["init"].params if each.name == "set_")
    for name, (low, high) in LIMITS.items():
        assert f"{name}: {low:,} to {high:,}" in told
    for name in ("regime", "preset", "backbone"):
        assert f"{name}: {', '.join(NAMES[name])}" in told
    regime = next(each.help for each in commands["round"].params if each.name == "regime")
    assert all(f"`{name}`, {does}" in regime for name, does in REGIMES.items())


def test_what_is_kept_from_learning_is_not_nearly_all(service):
    """Each share is allowed by itself; both together must leave something."""
    most = Settings(test_share=0.6, val_share=0.35)
    service.save_settings(most)
    with pytest.raises(AnnotatorError, match=r"test_share is 0.6 and val_share 0.4: together"):
        service.save_settings(replace(most, val_share=0.4))
    assert service.settings() == most
