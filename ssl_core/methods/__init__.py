"""Methods: one loss each. To add one: its file, a line in METHODS, its page, its test."""

from __future__ import annotations

from typing import Any

from ssl_core.errors import options_of, unknown
from ssl_core.method import Method
from ssl_core.methods.adamatch import AdaMatch as AdaMatch
from ssl_core.methods.cct import CrossConsistencyTraining as CrossConsistencyTraining
from ssl_core.methods.consistency import ConsistencyRegularization as ConsistencyRegularization
from ssl_core.methods.entropy_min import EntropyMinimization as EntropyMinimization
from ssl_core.methods.fixmatch import FixMatch as FixMatch
from ssl_core.methods.flexmatch import FlexMatch as FlexMatch
from ssl_core.methods.freematch import FreeMatch as FreeMatch
from ssl_core.methods.ict import ICT as ICT
from ssl_core.methods.mean_teacher import MeanTeacher as MeanTeacher
from ssl_core.methods.mixmatch import MixMatch as MixMatch
from ssl_core.methods.pseudo_label import PseudoLabeling as PseudoLabeling
from ssl_core.methods.remixmatch import ReMixMatch as ReMixMatch
from ssl_core.methods.softmatch import SoftMatch as SoftMatch
from ssl_core.methods.supervised import Supervised as Supervised
from ssl_core.methods.uda import UDA as UDA
from ssl_core.methods.vat import VAT as VAT
from ssl_core.types import Task

METHODS: dict[str, type[Method]] = {
    "adamatch": AdaMatch,
    "cct": CrossConsistencyTraining,
    "consistency": ConsistencyRegularization,
    "entropy_min": EntropyMinimization,
    "fixmatch": FixMatch,
    "flexmatch": FlexMatch,
    "freematch": FreeMatch,
    "ict": ICT,
    "mean_teacher": MeanTeacher,
    "mixmatch": MixMatch,
    "pseudo_label": PseudoLabeling,
    "remixmatch": ReMixMatch,
    "softmatch": SoftMatch,
    "supervised": Supervised,
    "uda": UDA,
    "vat": VAT,
}


def build_method(name: str, task: Task, **options: Any) -> Method:
    """Make the method called `name`; an unknown name or option is an error that lists the choices.

    Raises:
        SSLError: no such method, no such parameter, or a value out of its range.
    """
    if name not in METHODS:
        raise unknown("method", name, METHODS)
    options_of(f"method {name}", METHODS[name], options)
    return METHODS[name](task, **options)
