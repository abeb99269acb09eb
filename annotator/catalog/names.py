"""Policies, presets and backbones: the names in the other tables of ssl_core, read likewise."""

from __future__ import annotations

import ast
from functools import cache

from annotator.catalog.methods import entries


@cache
def policies() -> tuple[str, ...]:
    """The acquisition policies: what decides which image is asked next."""
    return _keys("ssl_core.acquire", "ACQUIRE")


@cache
def asks() -> dict[str, str]:
    """What each acquisition policy asks first, in words."""
    found = entries("ssl_core.acquire", "ASKS")
    return {name: str(ast.literal_eval(value)) for name, value in found}


@cache
def presets() -> tuple[str, ...]:
    """The named domain presets of augmentation."""
    return _keys("ssl_core.data.presets", "PRESETS")


@cache
def backbones() -> tuple[str, ...]:
    """The named backbones."""
    return _keys("ssl_core.backbones", "BACKBONES")


def _keys(module: str, table: str) -> tuple[str, ...]:
    """The keys of a literal dictionary, in its order."""
    return tuple(name for name, _ in entries(module, table))
