"""What is written of a certificate: `evidence.json` and `rows.csv`, and the hashes that tie them.

`rows.csv` has the images as they were when the order was frozen; `evidence.json` has the plan, the
seed, each audited row with its answers, and what is claimed. Both lie in `certificate/`. The page
on the certificate describes every field.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from annotator.errors import ExportError

VERSION = 1
SEVERAL = 2  # of several classes: each has its part of the order, the plan and the claims
BY_GROUP = 3  # of an average group: one test and one claim
VERSIONS = (VERSION, SEVERAL, BY_GROUP)
FOLDER = "certificate"
EVIDENCE, ROWS = f"{FOLDER}/evidence.json", f"{FOLDER}/rows.csv"
COLUMNS = ("id", "split", "rank", "score", "pseudo")
TABLE = "labels.csv"
READ = (
    "path", "name", "sha256", "file_sha256", "label", "source", "annotator", "at", "split", "round",
    "model", "confidence",
)  # fmt: skip  # what is looked at of the exported table
NUMBER = re.compile(r"[0-9]{1,18}")
DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,60})?([eE][-+]?[0-9]{1,3})?")
ANEW = "Get the export anew."

Fields = Mapping[str, Any]

# As `json.dumps` with these settings writes it, which would make an encoder anew for each text
PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class NotChecked(Exception):
    """A step needs what is not there; the message says what."""


class CannotFollow(ValueError):
    """Parts of the evidence do not go together; the message says which."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """An image at the time when the order was frozen."""

    id: str  # SHA-256 of the image as it was imported
    split: str
    rank: int | None = None  # from 0; none where it is not in the order
    score: str = ""  # decimal, as the order was sorted by
    pseudo: str = ""  # its pseudo-label


@dataclass(frozen=True, slots=True)
class Exported:
    """All that a verification reads, image files aside."""

    folder: Path
    evidence: Fields
    frozen: Sequence[Frozen]
    lines: Sequence[Mapping[str, str]]  # of labels.csv

    @property
    def plan(self) -> Fields:
        """What was fixed before the seed."""
        found: Fields = self.evidence["plan"]
        return found

    @property
    def order(self) -> list[Frozen]:
        """The rows in the order, by rank."""
        ranked = [(row.rank, row) for row in self.frozen if row.rank is not None]
        return [row for _, row in sorted(ranked, key=lambda pair: pair[0])]


def version_of(plan: Fields) -> int:
    """The version of the evidence of such a plan."""
    if plan.get("parts"):
        return SEVERAL
    return BY_GROUP if plan.get("by") else VERSION


def order_hash(order: Iterable[Frozen]) -> str:
    """SHA-256 of ids and scores in the order: a line of JSON each."""
    return pairs_hash((row.id, row.score) for row in order)


def labels_hash(order: Iterable[Frozen]) -> str:
    """SHA-256 of ids and pseudo-labels in the order: a line of JSON each."""
    return pairs_hash((row.id, row.pseudo) for row in order)


def splits_hash(frozen: Iterable[Frozen]) -> str:
    """SHA-256 of ids and splits by id: a line of JSON each."""
    return pairs_hash(sorted((row.id, row.split) for row in frozen))


def plan_hash(plan: Fields) -> str:
    """SHA-256 of the plan as JSON, keys in order: to be told to others before the audit."""
    return _hash([PLAIN(plan)])


def pairs_hash(pairs: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of pairs of texts, a line of JSON each; there may be any number of them."""
    return _hash(f"[{PLAIN(first)},{PLAIN(second)}]" for first, second in pairs)


def _hash(lines: Iterable[str]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode(errors="surrogatepass"))
    return found.hexdigest()


def write(export: Path, evidence: Fields, frozen: Iterable[Frozen]) -> None:
    """Write both files into an export's folder."""
    (export / FOLDER).mkdir(exist_ok=True)
    text = json.dumps(evidence, indent=2, ensure_ascii=False) + "\n"
    (export / EVIDENCE).write_text(text, encoding="utf-8")
    with (export / ROWS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in frozen:
            rank = "" if row.rank is None else row.rank
            writer.writerow((row.id, row.split, rank, row.score, row.pseudo))


def is_time(text: str) -> bool:
    """Whether a text is a time with its zone."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def read(export: Path) -> Exported:
    """Read an export and its evidence.

    Raises:
        ExportError: a file is missing, is no table or no JSON, or of another version; the way out
            is named.
    """
    _check_there(export)
    evidence = _json(export / EVIDENCE)
    if not isinstance(evidence, dict) or evidence.get("version") not in VERSIONS:
        raise ExportError(
            f"{EVIDENCE} is not of version {VERSION}, {SEVERAL} or {BY_GROUP}: verify it with "
            "the program that wrote it."
        )
    frozen = [_frozen(line, place) for place, line in _table(export, ROWS, COLUMNS)]
    return Exported(export, evidence, frozen, [line for _, line in _table(export, TABLE, READ)])


def _check_there(export: Path) -> None:
    """Raise ExportError where no certified export lies there."""
    if not export.is_dir():
        raise ExportError(
            f"{export} is a file: unpack it, and name the folder that comes out of it."
            if export.exists()
            else f"There is no folder {export}. Name the folder of a certified export."
        )
    if not (export / EVIDENCE).is_file():
        raise ExportError(
            f"{export} has no {EVIDENCE}: it was not exported with a certificate. Certify first, "
            "then export with it."
        )
    if not (export / TABLE).is_file():
        raise ExportError(
            f"{export} has no {TABLE}: only an export as csv, folder or yolo can be "
            "verified. Export again in one of these."
        )
    if not (export / ROWS).is_file():
        raise ExportError(f"{export} has no {ROWS}, which its certificate needs. {ANEW}")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as problem:
        where = f" (line {problem.lineno:,}, column {problem.colno:,})"
        raise ExportError(f"{EVIDENCE} cannot be read: it is no JSON{where}. {ANEW}") from problem
    except UnicodeError as problem:
        raise ExportError(f"{EVIDENCE} cannot be read: it is no text in UTF-8. {ANEW}") from problem
    except (RecursionError, ValueError) as problem:  # of numbers that are longer than any
        raise ExportError(
            f"{EVIDENCE} cannot be read: a list in it is too deep, or a number too long. {ANEW}"
        ) from problem
    except OSError as problem:
        raise ExportError(f"{EVIDENCE} cannot be read: {problem.strerror}. {ANEW}") from problem


def _table(export: Path, name: str, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table, each with the line that it ends at.

    Raises:
        ExportError: it is no table, or one without these columns.
    """
    try:
        with (export / name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            lines = [(reader.line_num, line) for line in reader]
            found = reader.fieldnames or ()
    except UnicodeError as problem:
        raise ExportError(f"{name} cannot be read: it is no text in UTF-8. {ANEW}") from problem
    except OSError as problem:
        raise ExportError(f"{name} cannot be read: {problem.strerror}. {ANEW}") from problem
    except csv.Error as problem:
        raise ExportError(f"{name} cannot be read: it is no table. {ANEW}") from problem
    if missing := [each for each in columns if each not in found]:
        raise ExportError(f"{name} cannot be read: it has no column '{missing[0]}'. {ANEW}")
    for place, line in lines:
        if None in line or None in line.values():
            raise ExportError(
                f"{name} cannot be read: line {place:,} has not as many cells as there are "
                f"columns. {ANEW}"
            )
    if "marked" not in found:
        return lines
    from annotator.model.cells import unmarked  # its room needs NumPy, and few tables are marked

    return [(place, {key: unmarked(cell) for key, cell in line.items()}) for place, line in lines]


def _frozen(line: Mapping[str, str], place: int) -> Frozen:
    rank, score = line["rank"], line["score"]
    if rank and not (NUMBER.fullmatch(rank) and DECIMAL.fullmatch(score)):
        raise ExportError(
            f"{ROWS} cannot be read: line {place:,} has a rank or a score that is no number. {ANEW}"
        )
    return Frozen(line["id"], line["split"], int(rank) if rank else None, score, line["pseudo"])
