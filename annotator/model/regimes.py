"""Regimes: how much of the network a round trains, and what a trial of both said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from annotator.wording import percent

Trained = Literal["frozen", "finetune"]  # what a round has decided on
Regime = Literal["auto", Trained]  # what may be asked for

REGIMES: dict[Regime, str] = {
    "auto": "by a trial on labels held out, where labels, image size and hardware allow one",
    "frozen": "a head on a frozen backbone: seconds",
    "finetune": "the whole network: minutes and more",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """Both regimes asked about labels that neither had learned from."""

    labels: int  # pool labels there were
    held: int  # of them held out, one part after another
    frozen: float  # balanced accuracy on those, 0 to 1
    finetune: float
    winner: Trained
    networks: str  # that were compared, and how many pixels a side they saw

    @classmethod
    def read(cls, saved: Mapping[str, Any]) -> Trial:
        """Read what the store keeps; what another version added is passed over."""
        known = {each.name for each in fields(cls)}
        return cls(**{key: value for key, value in saved.items() if key in known})

    @property
    def words(self) -> str:
        """What was found, as pages and commands write it."""
        both = {"frozen": percent(self.frozen), "finetune": percent(self.finetune)}
        names = {"frozen": "a frozen one", "finetune": "a whole network"}
        loser: Trained = "finetune" if self.winner == "frozen" else "frozen"
        return (
            f"auto: {self.winner}, {both[self.winner]} balanced accuracy on {self.held:,} labels "
            f"held out against {both[loser]} for {names[loser]}"
        )
