"""Whoever is on this machine is let in: the default, on a loopback address."""

from __future__ import annotations

import math

from typing_extensions import override

from annotator.ui.gate.visitors import Shown, Visitor, Way


class Anyone(Way):
    """Nobody shows anything; the operating system keeps other machines out."""

    local = True
    sentence = (
        "Other machines are let in only with an access token or a login: start the server with "
        "`certilabel serve`."
    )

    @override
    def visitor(self, shown: Shown) -> Visitor | None:
        return Visitor(None, math.inf)
