"""The page on the certificate: its example runs, and its tables are those of the code."""

import re
from itertools import islice

from annotator.export.proof.record import COLUMNS, Frozen, labels_hash, order_hash, plan_hash
from annotator.export.proof.verify import STEPS
from ssl_core.measure.certificate import gates, sizes
from tests.annotator.export.proof import certified
from tests.docs.pages import DOCS

PAGE = (DOCS / "certificate.md").read_text()


def table(heading):
    """The cells of the first table below a heading, without its head."""
    text = PAGE.split(f"\n## {heading}\n")[1]
    block = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[c.strip() for c in line.strip("|").split("|")] for line in block[0].splitlines()[2:]]


def test_the_example_runs(capsys):
    """It prints how many rows are released and three sentences."""
    source, _ = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    exec(source, {})
    k, a, b, c = capsys.readouterr().out.splitlines()
    assert 0 < int(k) <= 5000
    assert a.startswith(f"Of the {int(k):,} pseudo-labels proposed")
    assert "audited corrected" in b
    assert "nobody looked at" in c


def test_hashes_made_by_hand_are_those_of_the_code(capsys):
    """Also of a class whose name has letters that are not ASCII."""
    _, source = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    exec(source, there := {})
    order = [
        Frozen(one, "pool", n, score, name) for n, (one, score, name) in enumerate(there["rows"])
    ]
    assert capsys.readouterr().out.splitlines() == [
        plan_hash(there["plan"]),
        order_hash(order),
        labels_hash(order),
    ]


def test_the_numbers_of_labels_are_those_of_the_code():
    """Every target of the table."""
    for target, numbers in table("How many labels"):
        epsilon = f"0.{100 - int(target[:2]):02}"
        shown = [int(each) for each in numbers.split()]
        assert list(islice(sizes.sizes(epsilon, "0.05"), len(shown))) == shown


def test_the_gates_of_the_page_are_those_of_the_code():
    """The sentence about 5,000 rows."""
    *most, last = gates(5000, 200, 0.05, 0.05)
    assert f"gates are {', '.join(f'{k:,}' for k in most)} and {last:,}" in " ".join(PAGE.split())


def test_every_step_of_a_verification_is_described():
    """In their order."""
    assert [row[0] for row in table("Verify it")] == [f"`{name}`" for name in STEPS]


def test_every_field_of_the_evidence_is_described():
    """Those of the made-up export, which a verification needs; and the columns of the rows."""
    evidence = certified.evidence_of(certified.frozen_rows(), planted=20)
    named = set(re.findall(r"`(\w+)`", PAGE.split("\n## What is written\n")[1].split("\n## ")[0]))
    row = evidence["rows"][0]
    fields = {
        *evidence, *evidence["plan"], *row, *row["blind"][0], *evidence["expert"],
        *evidence["claims"], *COLUMNS,
    }  # fmt: skip
    assert sorted(fields - named) == []
