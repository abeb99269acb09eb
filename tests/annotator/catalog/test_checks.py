"""What is asked for is checked before anything starts, and a round is fixed as things are."""

from dataclasses import asdict, replace

import pytest

from annotator.catalog.checks import check_new, check_params, fixed, round_request
from annotator.catalog.methods import methods
from annotator.errors import AnnotatorError, RoundError, SettingsError
from annotator.model import RoundRequest, Settings
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        (["a", " a"], "'a' is named twice"),
        (["\u00d6dem", "O\u0308dem"], "'\u00d6dem' is named twice"),
        (["a b", "a  b "], "'a b' is named twice"),
        (["a", " "], "this one has 0"),
        (["x" * 81], "this one has 81"),
    ],
)
def test_classes_that_the_store_would_refuse_are_refused_beforehand(classes, words):
    """The same rules, before a folder is made."""
    with pytest.raises(AnnotatorError, match=words):
        check_new(classes, Settings())


@pytest.mark.parametrize("names", [["ä", "Ä"], ["a", "A"], ["Σ", "σ"], ["-1", "0"]])
def test_names_that_differ_in_case_are_two_classes(service, names):
    """Here as in the store."""
    check_new([*names, "x" * 80], Settings())
    assert [service.add_class(name).name for name in names] == names


def test_no_class_at_all_is_a_workspace_too():
    """Classes come with an import, or later."""
    check_new([], Settings())


def test_a_wrong_setting_is_told_before_a_class_is():
    """Whatever is wrong, nothing was begun."""
    for changed, words in {
        "steps": 0,
        "goal": float("nan"),
        "seed": -1,
        "regime": "frosen",
    }.items():
        with pytest.raises(AnnotatorError, match=changed):
            check_new(["a", "a"], replace(Settings(), **{changed: words}))


def test_a_parameter_that_may_be_none_or_true_is_read_as_that():
    """What a form shows is what a command line takes: every default, written out, is itself."""
    for info in methods():
        defaults = {each.name: each.default for each in info.parameters}
        assert check_params(info.name, {name: str(v) for name, v in defaults.items()}) == defaults


def test_settings_fill_what_a_round_is_not_told(service):
    """Method and regime of the workspace, no parameter: it trains by the defaults."""
    answer(service, 20)
    service.save_settings(replace(service.settings(), method="self_training", regime="frozen"))
    asked = round_request(service.store, None, None, {})
    assert (asked.method, asked.regime, asked.params) == ("self_training", "frozen", {})
    told = round_request(service.store, "fixmatch", "finetune", {"threshold": "0.5"})
    assert (told.method, told.regime, told.params) == ("fixmatch", "finetune", {"threshold": 0.5})


def test_a_request_is_what_the_workspace_is_now(service):
    """Each field worked out by hand; as params of a job it comes back whole."""
    images = answer(service, 20)
    dark = service.classes()[0]
    service.remove_class(dark.id)
    third = service.add_class("striped")
    light = [each for each in images if "light" in each.name and each.split == "pool"]
    service.record([event(service, light[0], seq=21, name="striped")], "anna")
    asked = round_request(service.store, "fixmatch", "auto", {})
    assert asked.classes == (2, third.id)
    assert asked.labels == len(light)
    assert asked.watermark == service.store.labels.watermark() == 21
    assert (asked.newest, asked.median_side) == (40, 16)
    assert asked.settings == service.settings()
    assert RoundRequest.read(asdict(asked)) == asked


def test_an_older_request_is_completed_with_its_own_watermark(service):
    """A job that waited since an older version learns from the labels it was asked for."""
    answer(service, 10)
    mark = service.store.labels.watermark()
    then = service.store.labels.count("pool")
    answer(service, 10, first=11)
    old = {"method": "vat", "regime": "auto", "params": {}, "watermark": mark}
    assert RoundRequest.read(old) is None
    assert (fixed(service.store, old).labels, fixed(service.store, old).watermark) == (then, mark)


def test_a_round_needs_two_classes_to_learn_from(service):
    """None, then one, which is named; test labels do not count."""
    with pytest.raises(RoundError, match=r"at least two classes.*there are 0 so far"):
        round_request(service.store, None, None, {})
    tests = service.images(kind="test", limit=4)
    service.record([event(service, each, seq=i) for i, each in enumerate(tests, 1)], "anna")
    with pytest.raises(RoundError, match="there are 0 so far"):
        round_request(service.store, None, None, {})
    pool = [each for each in service.images(limit=-1) if each.split == "pool"]
    light = [each for each in pool if "light" in each.name][:3]
    service.record([event(service, each, seq=i) for i, each in enumerate(light, 5)], "anna")
    with pytest.raises(RoundError, match="there are 3 so far, all 'light'"):
        round_request(service.store, None, None, {})


def test_a_wrong_name_is_told_before_too_few_labels_are(service):
    """Nobody labels fifty images to learn that a word was misspelled."""
    for given, words in {
        ("fixmach", None): "Did you mean 'fixmatch'",
        ("fixmatch", "frosen"): "Choose one of: auto, finetune, frozen",
    }.items():
        with pytest.raises(AnnotatorError, match=words):
            round_request(service.store, *given, {})


def test_all_settings_that_cannot_be_are_refused_at_once():
    """In one message, and each with its name for whoever shows it otherwise."""
    wrong = Settings(steps=0, policy="nonsense", goal=7, test_share=0.9, val_share=0.5)
    with pytest.raises(SettingsError) as refused:
        check_new(["a", "b"], wrong)
    about = [names for names, _ in refused.value.refused]
    assert about == [("policy",), ("steps",), ("goal",), ("test_share", "val_share")]
    for words in ("No policy named 'nonsense'", "steps is 0", "goal is 7", "val_share 0.5: toget"):
        assert words in str(refused.value)
