"""The page on the export: its code reads what the program writes, with the right types."""

import re

import pandas as pd
import pytest

from annotator.model import Settings
from annotator.service import Service
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, source
from tests.docs.pages import DOCS

CODE = re.findall(r"^```python\n(.*?)^```", (DOCS / "export.md").read_text(), re.M | re.S)
FORMATS = ("csv", "parquet", "jsonl")  # in the order of the page


@pytest.fixture
def service(tmp_path):
    """Classes that read like something else, answered by a person, and by a round."""
    made = Service.create(tmp_path / "ws", ["dark", "light"], Settings(round_every=0))
    made.import_source(source(tmp_path / "pictures", 40))
    answer(made, 10)
    finish_round(made)
    for old, new in (("dark", "01"), ("light", "NA")):
        made.store.db.run(
            "UPDATE class SET name = :new WHERE name = :old", {"new": new, "old": old}
        )
    yield made
    made.close()


@pytest.mark.parametrize("number", range(len(FORMATS)), ids=FORMATS)
def test_an_export_is_read_as_documented(service, tmp_path, monkeypatch, number):
    """01 stays text, a confidence is a number, a time is a time, and people's rows are people's."""
    assert len(CODE) == len(FORMATS)
    service.export(tmp_path / f"lungs-{number + 1}", FORMATS[number])
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(compile(CODE[number], "export.md", "exec"), names)
    table, sure = names["table"], names["sure"]
    assert set(table["label"]) == {"01", "NA"}
    pseudo = table["source"] == "pseudo"
    assert table["confidence"].dtype == float
    assert table["confidence"].isna().tolist() == (~pseudo).tolist()
    _adds_up(table, pseudo)
    assert pd.to_numeric(table["round"])[pseudo].unique().tolist() == [1]
    assert table["seconds"][~pseudo].tolist() == [0.5] * 10
    given = {each.image_id: each.at for each in service.store.labels.current()}
    stamps = pd.to_datetime(table["at"])[~pseudo]
    assert [each.timestamp() for each in stamps] == pytest.approx(list(given.values()), abs=1e-3)
    assert len(sure) == 10
    assert set(sure["source"]) == {"human"}


def _adds_up(table, pseudo):
    """Each pseudo-label has numbers by class, its own beside it; people's labels have none."""
    assert table["probabilities"][~pseudo].isna().all()
    for label, sure, said in table[pseudo][["label", "confidence", "probabilities"]].itertuples(
        index=False
    ):
        assert set(said) == {"01", "NA"}
        assert sum(said.values()) == pytest.approx(1, abs=1e-5)
        assert said[label] == pytest.approx(sure, abs=2e-5)
