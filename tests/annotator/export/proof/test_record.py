"""The files of a certificate: what is written is read, and each hash stands for what it should."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import ExportError
from annotator.export.proof import record
from annotator.export.proof.record import Frozen
from tests.annotator.export.proof import certified
from tests.annotator.export.proof.certified import edit

ROWS = [
    Frozen("b", "pool", 1, "0.5", "cat"),
    Frozen("a", "pool", 0, "0.9", 'a "class", with\tall'),
    Frozen("c", "test"),
]


def test_rows_come_back_as_they_were(tmp_path):
    """Also names that a table has to quote; the order is by rank."""
    folder = certified.make(tmp_path / "export")
    evidence = record.read(folder).evidence
    record.write(folder, evidence, ROWS)
    found = record.read(folder)
    assert list(found.frozen) == ROWS
    assert found.order == [ROWS[1], ROWS[0]]
    assert found.evidence == evidence


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"score": "0.50"}, {"order"}),
        ({"pseudo": "dog"}, {"labels"}),
        ({"split": "test"}, {"splits"}),
        ({"id": "d"}, {"order", "labels", "splits"}),
    ],
)
def test_each_hash_stands_for_its_own_columns(change, moved):
    """And no other moves."""
    hashes = {
        "order": record.order_hash, "labels": record.labels_hash, "splits": record.splits_hash
    }  # fmt: skip
    other = [replace(ROWS[0], **change), *ROWS[1:]]
    assert {name for name, of in hashes.items() if of(ROWS) != of(other)} == moved


def test_a_plan_has_one_hash_whatever_the_order_of_its_fields():
    """And another for any other value."""
    assert record.plan_hash({"M": 1, "m": 2}) == record.plan_hash({"m": 2, "M": 1})
    assert record.plan_hash({"M": 1, "m": 2}) != record.plan_hash({"M": 1, "m": 3})


def test_a_hash_can_be_made_by_hand():
    """A line of JSON a row, as the page says."""
    text = '["b","0.5"]\n["a","0.9"]\n'
    assert record.order_hash(ROWS[:2]) == hashlib.sha256(text.encode()).hexdigest()


ODD = st.text(st.characters(exclude_categories=()), max_size=6) | st.sampled_from(
    [
        "\ud800\udc00",
        "\udfff",
        "\u2028\u2029",
        '\\"/\x7f',
        "\x00\x1f\t\r\n",
        "\U0001f600",
        "</a>",
        "",
    ]
)


@given(st.lists(st.tuples(ODD, ODD), max_size=8))
def test_hashes_are_those_of_json_line_by_line(pairs):
    """Whatever a text holds: also what is no letter, and half of one."""
    lines = [
        json.dumps(list(each), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for each in pairs
    ]
    slowly = hashlib.sha256("".join(lines).encode(errors="surrogatepass")).hexdigest()
    assert record.pairs_hash(iter(pairs)) == slowly
    rows = [Frozen(first, "pool", rank, second) for rank, (first, second) in enumerate(pairs)]
    assert record.order_hash(rows) == slowly
    plan = {"pairs": [list(each) for each in pairs], "b": 1.5, "a": None}
    text = json.dumps(plan, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    whole = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    assert record.plan_hash(plan) == whole


def test_what_is_no_certified_export_says_what_to_do(export, tmp_path):
    """No folder, a file, no evidence, no table, another version."""
    for place, told in (
        (tmp_path / "nowhere", "There is no folder .*nowhere. Name the folder"),
        (export / "labels.csv", "labels.csv is a file: unpack it"),
        (tmp_path, "Certify first, then export with it"),
    ):
        with pytest.raises(ExportError, match=told):
            record.read(place)
    edit(export, lambda evidence: evidence.update(version=4))
    with pytest.raises(ExportError, match="not of version 1, 2 or 3: verify it with the program"):
        record.read(export)
    (export / record.ROWS).unlink()
    with pytest.raises(ExportError, match=f"has no {record.ROWS}"):
        record.read(export)
    (export / "labels.csv").unlink()
    with pytest.raises(ExportError, match="Export again in one of these"):
        record.read(export)


BROKEN = {
    b"{": "evidence.json cannot be read: it is no JSON \\(line 1, column 2\\)",
    b"[" * 100_000: "a list in it is too deep",
    b'{"version": ' + b"1" * 5_000 + b"}": "a number too long",
    b"\xff": "it is no text in UTF-8",
}


@pytest.mark.parametrize("content", BROKEN, ids=lambda each: repr(each[:9]))
def test_what_is_no_json_is_told_in_one_sentence(export, content):
    """And none of Python's words."""
    (export / record.EVIDENCE).write_bytes(content)
    with pytest.raises(ExportError, match=BROKEN[content]):
        record.read(export)


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("labels.csv", lambda text: text.replace("sha256", "hash", 1), "has no column 'sha256'"),
        ("labels.csv", lambda text: text + "x,y\n", "has not as many cells as there are columns"),
        ("labels.csv", lambda text: text + ',"x', "it is no table"),
        (record.ROWS, lambda text: text.replace("rank", "place", 1), "has no column 'rank'"),
        (record.ROWS, lambda text: text.replace(",0,", ",first,", 1), "line 2 has a rank or"),
        (record.ROWS, lambda text: text.replace(",0,", ",0,nan", 1), "or a score that is no num"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_with_its_line_or_column(export, name, change, told):
    """And none of Python's words."""
    text = (export / name).read_text(encoding="utf-8")
    assert change(text) != text
    (export / name).write_text(change(text), encoding="utf-8")
    with pytest.raises(ExportError, match=f"{name} cannot be read: .*{told}"):
        record.read(export)
