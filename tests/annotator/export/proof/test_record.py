"""The files of a certificate: what is written is read, and each hash stands for what it should."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.export.proof import record
from annotator.export.proof.record import Frozen
from tests.annotator.export.proof import certified

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
