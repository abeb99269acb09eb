"""Networks of timm (Wightman, 2019), by name or with a file of weights: frozen, never fetched.

What is asked for is `timm:NAME`, with the weights that lie in the local cache of its hub,
`timm:NAME@FILE`, or a file that says itself which network its weights are of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ssl_core.backbones.thorough import scaled
from ssl_core.errors import SSLError
from ssl_core.types import Classifier

TIMM = "timm:"
SUFFIXES = (".safetensors", ".pt", ".pth")
HUB_FILES = ("model.safetensors", "pytorch_model.bin")
CONFIG = "config.json"  # beside a file of weights, as timm saves it
INSIDE = ("state_dict", "model")  # where a checkpoint may keep its weights
ARCHITECTURE = ("architecture", "arch")  # what the network is called
PROBE = 64  # pixels a side of what measures the width


class External(nn.Module):
    """Images (B, 1 or 3, S, S) in [0, 1] -> (B, D), as the network's own training saw them."""

    mean: Tensor
    std: Tensor
    side: Tensor  # pixels a side where the network takes no other; else 0

    def __init__(self, body: nn.Module, config: Mapping[str, Any]) -> None:
        super().__init__()
        self.body = body.eval()
        # Buffers, so that the digits that name this network's embeddings depend on them
        self.register_buffer("mean", torch.tensor(config["mean"]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(config["std"]).view(1, 3, 1, 1))
        self.register_buffer("side", torch.tensor(config["side"]))

    def forward(self, x: Tensor) -> Tensor:
        wide = x if x.shape[1] == 3 else x.expand(-1, 3, -1, -1)
        if side := int(self.side):
            wide = scaled(wide, side)
        found: Tensor = self.body((wide - self.mean) / self.std)
        return found if found.ndim == 2 else found.flatten(2).mean(2)


def is_external(name: str) -> bool:
    """Whether a backbone is made here."""
    return name.startswith(TIMM) or name.endswith(SUFFIXES)


def external(name: str, num_channels: int, num_classes: int) -> Classifier:
    """Make the network with a new head: (B, 1 or 3, S, S) -> logits (B, num_classes).

    Raises:
        SSLError: timm is not installed, it knows no such network, the weights are not on this
            machine, or they are of another network.
    """
    if num_channels not in (1, 3):
        raise SSLError(f"{name} takes 1 or 3 channels, not {num_channels}.")
    timm = _timm()
    architecture, _, file = name.removeprefix(TIMM).partition("@")
    if not name.startswith(TIMM):
        architecture, file = _said(Path(name)), name
    if not timm.is_model(architecture):
        near = ", ".join(get_close_matches(architecture, timm.list_models(), n=3))
        raise SSLError(
            f"timm knows no network called '{architecture}'. "
            + (f"Did you mean one of {near}?" if near else "`timm.list_models()` lists them.")
        )
    body = timm.create_model(architecture, pretrained=False, num_classes=0)
    _fill(body, architecture, Path(file) if file else _cached(body, architecture))
    encoder = External(body, _config(timm, body))
    width = _width(encoder)
    head = nn.Linear(width, num_classes)
    return Classifier(encoder, head, num_features=width, num_classes=num_classes)


def _timm() -> Any:
    try:
        return import_module("timm")
    except ModuleNotFoundError:
        raise SSLError(
            "Networks of timm and files of weights need the package 'timm', which is not "
            "installed. Install it (pip install 'certilabel[timm]'; without a network, from a "
            "folder of wheels), or choose another backbone."
        ) from None


def _said(file: Path) -> str:
    """Which network a file's weights are of: in its header, in the checkpoint, or beside it."""
    found = _header(file) if file.suffix == ".safetensors" else _loaded(file)
    beside = file.with_name(CONFIG)
    try:
        config = json.loads(beside.read_text()) if beside.is_file() else {}
    except (OSError, ValueError) as problem:
        raise SSLError(f"{beside} cannot be read ({problem}).") from problem
    for said in (found, config):
        for key in ARCHITECTURE:
            if isinstance(said, Mapping) and isinstance(said.get(key), str):
                return str(said[key])
    raise SSLError(
        f"{file} does not say which network its weights are of. Name it: `{TIMM}NETWORK@{file}`, "
        f"with a network that `timm.list_models()` lists; or put a {CONFIG} beside it that has "
        f"'{ARCHITECTURE[0]}'."
    )


def _header(file: Path) -> Any:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "pt") as opened:
            return opened.metadata() or {}
    except (OSError, SafetensorError) as problem:
        raise _unreadable(file, problem) from problem


def _loaded(file: Path) -> Any:
    """The content of a file of weights; nothing but tensors and plain values is ever read."""
    try:
        if file.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(file)
        return torch.load(file, map_location="cpu", weights_only=True)
    except Exception as problem:  # whatever a damaged or foreign file makes the readers raise
        raise _unreadable(file, problem) from problem


def _unreadable(file: Path, problem: Exception) -> SSLError:
    told = str(problem).split("\n", 1)[0][:200]
    return SSLError(
        f"The weights {file} cannot be read ({told}). They must be a file of safetensors, or one "
        "that `torch.save(model.state_dict(), FILE)` wrote: code in a file is never run."
    )


def _fill(body: nn.Module, architecture: str, file: Path) -> None:
    """Put the weights of a file into a network; a head that it brings along is left out.

    Raises:
        SSLError: they are of another network.
    """
    found = _loaded(file)
    for key in INSIDE:
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
    weights = {
        str(key).removeprefix("module."): value
        for key, value in (found.items() if isinstance(found, Mapping) else ())
        if isinstance(value, Tensor)
    }
    wanted = body.state_dict()
    missing = [key for key in wanted if key not in weights]
    other = [
        key for key, value in wanted.items() if key in weights and weights[key].shape != value.shape
    ]
    heads = getattr(body, "pretrained_cfg", {}).get("classifier") or ()
    heads = (heads,) if isinstance(heads, str) else tuple(heads)
    extra = [key for key in weights if key not in wanted and not key.startswith(heads or ("\0",))]
    if missing or other or extra:
        first = (missing or other or extra)[0]
        raise SSLError(
            f"The weights {file} are not of {architecture}: {len(missing)} of its "
            f"{len(wanted)} tensors are missing, {len(other)} have another shape and "
            f"{len(extra)} are unknown to it, such as '{first}'."
        )
    body.load_state_dict({key: weights[key] for key in wanted})


def _cached(body: nn.Module, architecture: str) -> Path:
    """The weights of a network of timm in the local cache of its hub.

    Raises:
        SSLError: they are not there.
    """
    hub = import_module("huggingface_hub")
    config = getattr(body, "pretrained_cfg", {})
    where = config.get("hf_hub_id")
    for name in (config.get("hf_hub_filename"), *HUB_FILES):
        found = hub.try_to_load_from_cache(where, name) if where and name else None
        if isinstance(found, str):
            return Path(found)
    raise SSLError(
        f"The weights of timm's {architecture} ({where or 'it has none'}) are not on this machine, "
        "and nothing is fetched while the program runs. Where there is a network, `python -c "
        f"\"import timm; timm.create_model('{architecture}', pretrained=True)\"` brings them into "
        f"the local cache; or name a file of weights: `{TIMM}{architecture}@FILE`."
    )


def _config(timm: Any, body: nn.Module) -> dict[str, Any]:
    """Mean and spread of the colors it was trained on, and its side if it takes no other."""
    config = timm.data.resolve_model_data_config(body)
    side = config["input_size"][-1] if config_fixed(body) else 0
    return {"mean": config["mean"], "std": config["std"], "side": side}


def config_fixed(body: nn.Module) -> bool:
    """Whether a network takes images of one size alone."""
    return bool(getattr(body, "pretrained_cfg", {}).get("fixed_input_size", False))


@torch.no_grad()
def _width(encoder: External) -> int:
    """How many numbers it makes of an image."""
    found: Tensor = encoder(torch.zeros(1, 3, PROBE, PROBE))
    return found.shape[1]
