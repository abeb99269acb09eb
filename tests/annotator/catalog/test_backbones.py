"""A backbone that no table lists is judged before a round begins."""

from dataclasses import replace

import pytest

from annotator.catalog import backbones
from annotator.catalog.settings import check_settings
from annotator.errors import AnnotatorError
from annotator.model import Settings
from annotator.model.networks.backbones import is_external, own_name, stays_frozen, weights_of
from annotator.service import Service
from ssl_core.backbones.external import is_external as networks_take


@pytest.mark.parametrize(
    ("backbone", "own", "outside", "weights"),
    [
        ("auto", None, False, ""),
        ("thorough", None, False, ""),
        ("embeddings:own", "own", False, ""),
        ("timm:resnet18", None, True, ""),
        ("timm:resnet18@/m/a.pt", None, True, "/m/a.pt"),
        ("/m/a.safetensors", None, True, "/m/a.safetensors"),
        ("/m/a.pth", None, True, "/m/a.pth"),
    ],
)
def test_a_name_says_what_it_stands_for(backbone, own, outside, weights):
    """To the settings as to the networks."""
    assert (own_name(backbone), is_external(backbone), weights_of(backbone)) == (
        own,
        outside,
        weights,
    )
    assert networks_take(backbone) == outside
    assert stays_frozen(backbone) == (own is not None or outside)


@pytest.mark.parametrize(
    ("backbone", "told"),
    [
        ("embeddings:gone", "No embeddings named 'gone' were imported. There are own"),
        ("embeddings:", "No embeddings named ''"),
        ("nets/a.pt", "'nets/a.pt' is not a whole path"),
        ("timm:resnet18@a.pt", "'a.pt' is not a whole path"),
        ("/no/such/a.safetensors", "no file of weights /no/such"),
        ("resnet18", "No backbone named 'resnet18'.*timm:NAME, timm:NAME@FILE"),
    ],
)
def test_what_is_not_there_is_refused_with_the_way_out(backbone, told):
    """On the page as by `--set`."""
    with pytest.raises(AnnotatorError, match=told):
        check_settings(replace(Settings(), backbone=backbone), ["own"])


def test_what_is_there_is_accepted(tmp_path):
    """Imported embeddings, a network by name, a file."""
    (tmp_path / "a.pt").write_bytes(b"")
    for backbone in ("embeddings:own", "timm:resnet18", f"{tmp_path}/a.pt"):
        check_settings(replace(Settings(), backbone=backbone), ["own"])


def test_without_the_extra_it_is_named(monkeypatch):
    """Before the round that could not begin."""
    monkeypatch.setattr(backbones, "find_spec", lambda _: None)
    with pytest.raises(AnnotatorError, match=r"pip install 'certilabel\[timm\]'"):
        check_settings(replace(Settings(), backbone="timm:resnet18"))


def test_pages_name_weights_only_in_folders_that_they_may_use(tmp_path):
    """Whoever uses the pages need not have an account on this machine."""
    for folder in ("may", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.pt").write_bytes(b"")
    service = Service.create(tmp_path / "w", ["a", "b"])
    service.restrict([tmp_path / "may"])
    service.save_settings(replace(service.settings(), backbone=str(tmp_path / "may" / "a.pt")))
    with pytest.raises(AnnotatorError, match="not in a folder that pages may use"):
        service.save_settings(
            replace(service.settings(), backbone=str(tmp_path / "other" / "a.pt"))
        )
