"""Parquet: typed columns, and bounded memory."""

import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.errors import ImportingError
from annotator.importing.tables.parquet import opened

READ = """
import resource, sys
from pathlib import Path
from annotator.importing.tables.parquet import opened
list(zip(range(10), opened(Path(sys.argv[1])).rows()))  # all that is imported and kept anyway
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(sum(1 for _ in opened(Path(sys.argv[1])).rows()))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def test_rows_are_counted_and_nulls_are_empty(tmp_path):
    pq.write_table(pa.table({"path": ["a", None], "n": [1, 2]}), tmp_path / "t.parquet")
    table = opened(tmp_path / "t.parquet")
    assert table.at(2) == "row 2"
    assert [(row.number, list(row.cells)) for row in table.rows()] == [
        (1, ["a", "1"]),
        (2, ["", "2"]),
    ]


def test_a_long_table_is_read_a_few_rows_at_a_time(tmp_path):
    """300,000 paths of 100 letters, 30 MB as text, take a fraction of that."""
    paths = pa.array([f"{number:0100}" for number in range(300_000)])
    pq.write_table(pa.table({"path": paths}), tmp_path / "t.parquet", row_group_size=20_000)
    result = subprocess.run(
        [sys.executable, "-c", READ, tmp_path / "t.parquet"],
        capture_output=True,
        text=True,
        check=True,
    )
    rows, mebibytes = map(int, result.stdout.split())
    assert rows == 300_000
    assert mebibytes < 25


def test_a_damaged_file_is_told(tmp_path):
    """At its end, where the columns are named, or among its rows."""
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(ImportingError, match="as Parquet"):
        opened(path)
    pq.write_table(
        pa.table({"path": ["a" * 50] * 999}), path, compression="none", use_dictionary=False
    )
    content = bytearray(path.read_bytes())
    content[4:40] = bytes(36)
    path.write_bytes(content)
    with pytest.raises(ImportingError, match="as Parquet"):
        list(opened(path).rows())
