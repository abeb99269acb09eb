"""What rounds learned, predicted and scored. Predictions never touch the table of human labels."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from annotator.model import (
    ClassRatio,
    EpochPoint,
    Judged,
    Model,
    Prediction,
    PseudoOrder,
    Round,
    RoundDetails,
    Split,
    Trained,
)
from annotator.store.columns import predicted
from annotator.store.columns.predicted import Ids, Predicted
from annotator.store.database import Database, Row
from annotator.store.finding.ending import sum_up
from annotator.store.jobs import Fence, Jobs
from annotator.store.views import PSEUDO_LABELS

DIRECTION: dict[PseudoOrder, str] = {"confidence": "DESC", "uncertain": "ASC"}
KEPT_ROUNDS = 2  # finished rounds whose predictions of the whole pool are kept


@dataclass(frozen=True, slots=True)
class Begun:
    """What a round has fixed when it begins."""

    method: str
    regime: Trained
    params: Mapping[str, Any]
    labels: int
    watermark: int
    seed: int
    threshold: float
    details: RoundDetails


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a finished round leaves behind."""

    labels: int  # pool labels that it trained on
    predictions: Mapping[Model, Sequence[Prediction] | Predicted]
    pseudo_labels: int
    pseudo_ratio: float
    by_class: Mapping[int, tuple[int, int]]  # class id -> (predicted, pseudo-labeled)
    model_hash: str
    stopped: str
    details: RoundDetails


class Results:
    """Rounds, their loss curves and their predictions."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._jobs = Jobs(db)

    def begin(self, fence: Fence, begun: Begun) -> Round:
        """Write the round of a job, or find the one that an earlier attempt began.

        Raises:
            LostJob: another worker has the job.
        """
        with self.db.immediate():
            self._jobs.check(fence)
            found = self.of_job(fence.job_id)
            if found is None:  # an INSERT that a conflict stops would still use up a number
                self.db.run(
                    """INSERT INTO round (job_id, method, regime, params, labels, watermark, seed,
                                          threshold, started, details)
                       VALUES (:job, :method, :regime, :params, :labels, :watermark, :seed,
                               :threshold, :now, :details)""",
                    {
                        **asdict(begun),
                        "params": json.dumps(begun.params),
                        "details": json.dumps(asdict(begun.details)),
                        "job": fence.job_id,
                        "now": time.time(),
                    },
                )
                found = self.of_job(fence.job_id)
        assert found
        return found

    def epoch(self, fence: Fence, number: int, point: EpochPoint) -> None:
        """Record a point of a loss curve; an epoch that is run again replaces itself.

        Raises:
            LostJob: another worker has the job.
        """
        with self.db.immediate():
            self._jobs.check(fence)
            self.db.run(
                """INSERT OR REPLACE INTO epoch
                   VALUES (:round, :model, :number, :step, :loss, :supervised, :unsupervised,
                           :used, :at)""",
                {
                    "round": number,
                    "model": point.model,
                    "number": point.number,
                    "step": point.step,
                    "loss": point.loss,
                    "supervised": point.supervised,
                    "unsupervised": point.unsupervised,
                    "used": point.used,
                    "at": point.at,
                },
            )

    def finish(self, number: int, outcome: Outcome) -> None:
        """Write everything a round found. The caller holds the transaction and its fence."""
        self._prune()  # before what comes: the file reuses its place
        for model, predictions in outcome.predictions.items():
            predicted.write(self.db, number, model, predictions)
        sum_up(self.db, number)
        self.db.run_many(
            "INSERT INTO class_ratio VALUES (:round, :class, :predicted, :pseudo)",
            [
                {"round": number, "class": class_id, "predicted": predicted, "pseudo": pseudo}
                for class_id, (predicted, pseudo) in outcome.by_class.items()
            ],
        )
        self.db.run(
            """UPDATE round SET finished = :now, labels = :labels, pseudo_labels = :pseudo,
                   pseudo_ratio = :ratio, model_hash = :hash, stopped = :stopped, details = :details
               WHERE id = :id""",
            {
                "id": number,
                "now": time.time(),
                "labels": outcome.labels,
                "pseudo": outcome.pseudo_labels,
                "ratio": outcome.pseudo_ratio,
                "hash": outcome.model_hash,
                "stopped": outcome.stopped,
                "details": json.dumps(asdict(outcome.details)),
            },
        )

    def _prune(self) -> None:
        """Drop old rounds' predictions, except those of test images, which the curves need."""
        old = """round_id NOT IN
            (SELECT id FROM round WHERE finished IS NOT NULL ORDER BY id DESC LIMIT :kept)"""
        self.db.run(
            f"""DELETE FROM prediction WHERE {old}
                AND image_id IN (SELECT id FROM image WHERE split <> 'test')""",
            {"kept": KEPT_ROUNDS - 1},
        )
        self.db.run(f"DELETE FROM pair_count WHERE {old}", {"kept": KEPT_ROUNDS - 1})

    def rounds(self) -> list[Round]:
        """Every round, oldest first, with the state of its job."""
        return [_round(row) for row in self.db.rows(f"{ROUNDS} ORDER BY round.id")]

    def of_job(self, job_id: int) -> Round | None:
        """The round that a job trains or has trained; None before it begins."""
        row = self.db.row(f"{ROUNDS} WHERE job_id = :id", {"id": job_id})
        return _round(row) if row else None

    def get(self, number: int) -> Round | None:
        """The round of this number, if there is one."""
        row = self.db.row(f"{ROUNDS} WHERE round.id = :id", {"id": number})
        return _round(row) if row else None

    def latest(self) -> Round | None:
        """The newest round that finished."""
        row = self.db.row(f"{ROUNDS} WHERE round.finished IS NOT NULL ORDER BY round.id DESC")
        return _round(row) if row else None

    def epochs(self, number: int) -> list[EpochPoint]:
        """The loss curves of a round, by model and epoch."""
        rows = self.db.rows(
            """SELECT model, number, step, loss, supervised, unsupervised, used, at FROM epoch
               WHERE round_id = :id ORDER BY model, number""",
            {"id": number},
        )
        return [EpochPoint(**row) for row in rows]

    def judged(self, least: float = 0.0) -> list[Judged]:
        """Counts over the test labels there are now, by round, model, true and predicted class.

        Only predictions of the confidence `least` or more are counted.

        Test images whose class was removed, or that no expert has answered, are not counted. A
        class that was merged into another is that one, in what experts said and in what models did.
        """
        rows = self.db.rows(  # CROSS JOIN: each is looked up by its key; else all are gone through
            """SELECT round.id AS round, round.labels, prediction.model,
                      current_label.class_id AS truth,
                      COALESCE(class_now.now, prediction.class_id) AS predicted, COUNT(*) AS n
               FROM current_label
               JOIN image ON image.id = current_label.image_id AND image.split = 'test'
               CROSS JOIN round ON round.finished IS NOT NULL
               CROSS JOIN prediction ON prediction.round_id = round.id
                 AND prediction.model IN ('baseline', 'ssl')
                 AND prediction.image_id = image.id AND confidence >= :least
               LEFT JOIN class_now ON class_now.id = prediction.class_id
               GROUP BY round.id, prediction.model, truth, predicted
               ORDER BY round.id, prediction.model""",
            {"least": least},
        )
        return [Judged(**row) for row in rows]

    def said(self, number: int) -> tuple[Ids, Ids]:
        """The pool images of which a round's model says something, rising, and their classes."""
        return predicted.said(self.db, number)

    def predictions(
        self, number: int, split: Split = "pool", *, among: Iterable[int] | None = None
    ) -> dict[int, Prediction]:
        """What a round's model says of images of a split, by image: of these, or of all."""
        these = "" if among is None else "AND image_id IN (SELECT value FROM json_each(:ids))"
        ids = json.dumps([] if among is None else list(among))
        rows = self.db.rows(
            f"""SELECT image_id, COALESCE(class_now.now, class_id) AS class_id, confidence, entropy
                FROM prediction JOIN image ON image.id = image_id AND split = :split
                LEFT JOIN class_now ON class_now.id = class_id
                WHERE round_id = :id AND model = 'ssl' {these}""",
            {"id": number, "split": split, "ids": ids},
        )
        return {row["image_id"]: Prediction(**row) for row in rows}

    def ratios(self) -> list[ClassRatio]:
        """Of every finished round, for the classes there are."""
        rows = self.db.rows(
            """SELECT round_id AS round, class.name AS class_name, SUM(predicted) AS predicted,
                      SUM(pseudo) AS pseudo
               FROM class_ratio JOIN class_now ON class_now.id = class_id
               JOIN class ON class.id = class_now.now
               GROUP BY round_id, class.id ORDER BY round_id, class.position, class.id"""
        )
        return [ClassRatio(**row) for row in rows]

    def pseudo_labels(
        self,
        number: int,
        threshold: float,
        *,
        class_id: int | None = None,
        order: PseudoOrder = "confidence",
        offset: int = 0,
        limit: int = -1,
    ) -> list[Prediction]:
        """A page of the confident predictions of unlabeled pool images."""
        rows = self.db.rows(
            f"""{PSEUDO_LABELS} AND (:class IS NULL OR class_now.now = :class)
                ORDER BY confidence {DIRECTION[order]}, image_id
                LIMIT :n OFFSET :skip""",
            {
                "round": number,
                "threshold": threshold,
                "class": class_id,
                "n": limit,
                "skip": offset,
            },
        )
        return [Prediction(**row) for row in rows]


ROUNDS = """SELECT round.*, job.state, job.finished AS job_finished
            FROM round JOIN job ON job.id = round.job_id"""


def _round(row: Row) -> Round:
    finished = row["finished"] or row["job_finished"]
    return Round(
        number=row["id"],
        job_id=row["job_id"],
        method=row["method"],
        regime=row["regime"],
        params=json.loads(row["params"]),
        labels=row["labels"],
        watermark=row["watermark"],
        seed=row["seed"],
        state=row["state"],
        started=row["started"],
        finished=finished,
        seconds=finished - row["started"] if finished else None,
        threshold=row["threshold"],
        pseudo_labels=row["pseudo_labels"],
        pseudo_ratio=row["pseudo_ratio"],
        model_hash=row["model_hash"],
        stopped=row["stopped"],
        details=RoundDetails.read(json.loads(row["details"])),
    )
