"""An executor is judged when it is set: its form, its package, and who may name a cluster."""

from dataclasses import replace

import pytest

from annotator.catalog import executors
from annotator.catalog.executors import check_executor
from annotator.catalog.settings import check_settings
from annotator.errors import AnnotatorError
from annotator.model import SETTINGS, Settings
from annotator.model.networks.executors import is_address, stays_here
from annotator.service import Service
from annotator.ui.parts.asked import box


@pytest.fixture
def installed(monkeypatch):
    """Both packages, whether they are here or not."""
    monkeypatch.setattr(executors, "find_spec", lambda _: True)


@pytest.mark.parametrize(
    ("text", "address", "here"),
    [
        ("gpu-1.lab:6379", True, False),
        ("10.0.0.7:6379", True, False),
        ("ray://10.0.0.7:10001", True, False),
        ("[fd00::7]:6379", True, False),
        ("127.0.0.1:6379", True, True),
        ("ray://localhost:10001", True, True),
        ("[::1]:6379", True, True),
        ("ray", False, True),
        ("gpu-1.lab", False, True),
        ("gpu-1.lab:", False, True),
        ("gpu-1.lab:0", False, True),
        ("gpu-1.lab:65536", False, True),
        ("http://gpu-1.lab:80", False, True),
        ("127.0.0.1.evil.org:80", True, False),
        ("a b:80", False, True),
    ],
)
def test_an_address_is_told_from_what_is_none(text, address, here):
    """And one of this machine from one that images would be sent to."""
    assert is_address(text) == address
    assert stays_here(text) == here or not address


@pytest.mark.parametrize("executor", ["local", "ray", "gpu:6379", "ray://gpu:10001"])
def test_what_there_is_is_accepted(installed, executor):
    """Whether somebody answers there is found out by the first job."""
    check_settings(replace(Settings(), executor=executor))


@pytest.mark.parametrize("executor", ["rya", "gpu", "gpu:0", "http://gpu:80", "ray://gpu", ""])
def test_what_is_no_executor_is_refused_with_the_choices(installed, executor):
    """The names, and the form of an address."""
    told = f"No executor named '{executor}'.*local, ray.*HOST:PORT or ray://HOST:PORT"
    with pytest.raises(AnnotatorError, match=told):
        check_settings(replace(Settings(), executor=executor))


@pytest.mark.parametrize(
    ("missing", "executor"),
    [("ray", "ray"), ("ray", "gpu:6379"), ("ray", "ray://gpu:1"), ("grpc", "ray://gpu:1")],
)
def test_without_the_extra_it_is_named(monkeypatch, missing, executor):
    """With the way out: to install it, or to stay local."""
    monkeypatch.setattr(executors, "find_spec", lambda name: name != missing or None)
    with pytest.raises(AnnotatorError, match=rf"'{missing}'.*'certilabel\[ray\]'.*'local'"):
        check_executor(executor)
    check_executor("local")


def test_pages_name_only_the_cluster_that_the_server_was_told_of(installed, tmp_path, monkeypatch):
    """Whoever uses the pages need not have an account on this machine; what is set stays."""
    service = Service.create(tmp_path / "w", ["a", "b"], Settings(executor="old:1"))
    service.restrict([])

    def choose(executor):
        service.save_settings(replace(service.settings(), executor=executor, goal=0.9))
        return service.settings().executor

    assert [choose(each) for each in ("old:1", "ray", "local")] == ["old:1", "ray", "local"]
    with pytest.raises(AnnotatorError, match=r"RAY_ADDRESS=gpu:6379.*--set executor=gpu:6379"):
        choose("gpu:6379")
    monkeypatch.setenv(executors.NAMED, "gpu:6379")
    assert choose("gpu:6379") == "gpu:6379"
    with pytest.raises(AnnotatorError, match="other:6379"):
        choose("other:6379")


def test_the_page_offers_what_holds_and_what_the_server_names(installed, tmp_path, monkeypatch):
    """An address may also be typed."""
    setting = SETTINGS["executor"]
    service = Service.create(tmp_path / "w", ["a", "b"], Settings(executor="old:1"))
    monkeypatch.setenv(executors.NAMED, "gpu:6379")
    assert sorted(service.offered(setting)) == ["gpu:6379", "local", "old:1", "ray"]
    drawn = box(setting, "old:1", service.offered(setting))
    assert drawn["options"][drawn["index"]] == "old:1"
    assert drawn["accept_new_options"]
