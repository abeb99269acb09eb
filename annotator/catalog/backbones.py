"""Whether a backbone may be chosen, before anything is loaded: its form, its package, its file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib.util import find_spec
from pathlib import Path

from annotator.errors import AnnotatorError, unknown
from annotator.model.networks.backbones import FORMS, OWN, is_external, own_name, weights_of


def check_backbone(backbone: str, known: Iterable[str], imported: Collection[str]) -> None:
    """Judge a backbone by its name.

    Args:
        backbone: what is to see the images.
        known: the names of the table.
        imported: the names of embeddings that were imported.

    Raises:
        AnnotatorError: there is none of that name; embeddings of it were not imported; or it needs
            a package or a file that is not there.
    """
    if (name := own_name(backbone)) is not None:
        _check_own(name, imported)
    elif is_external(backbone):
        _check_external(backbone)
    elif backbone not in known:
        raise AnnotatorError(f"{unknown('backbone', backbone, known)} Or give {FORMS}.")


def _check_own(name: str, imported: Collection[str]) -> None:
    if name not in imported:
        have = f" There are {', '.join(sorted(imported))}." if imported else ""
        raise AnnotatorError(
            f"No embeddings named '{name}' were imported.{have} "
            f"`certilabel import WORKSPACE --embeddings FILE --as {name or 'NAME'}` brings them, "
            f"and makes '{OWN}{name or 'NAME'}' the backbone."
        )


def _check_external(backbone: str) -> None:
    if find_spec("timm") is None:
        raise AnnotatorError(
            f"'{backbone}' needs the package 'timm', which is not installed: pip install "
            "'certilabel[timm]'; without a network, from a folder of wheels."
        )
    file = weights_of(backbone)
    if not file:
        return
    if not Path(file).is_absolute():
        raise AnnotatorError(
            f"'{file}' is not a whole path. Rounds run in a process of their own: write the path "
            "from the root, such as /models/net.safetensors."
        )
    if not Path(file).is_file():
        raise AnnotatorError(f"There is no file of weights {file}.")
