"""Labels mean the same in every container: classes, gaps, and the text "-1"."""

import numpy as np
import pandas as pd
import pytest

from ssl_core import SemiSupervisedClassifier
from ssl_core.data.labels import codes, given, numbered
from ssl_core.errors import SSLError

# Each makes a container of text, None where a label is missing
TEXT = {
    "a list": list,
    "a tuple": tuple,
    "an array of objects": lambda y: np.array(y, dtype=object),
    "a series of objects": lambda y: pd.Series(y, dtype=object),
    "a series of text": lambda y: pd.Series(y, dtype="string"),
    "a series of text by Arrow": lambda y: pd.Series(y, dtype="string[pyarrow]"),
    "a series of categories": lambda y: pd.Series(y, dtype="category"),
    "a column of a table": lambda y: pd.DataFrame({"label": y}, dtype=object)["label"],
    "categories": lambda y: pd.Categorical(y),
    "masked text": lambda y: np.ma.masked_array(
        ["?" if each is None else each for each in y], mask=[each is None for each in y]
    ),
}
NUMBERS = {
    "a list": lambda y: [np.nan if each is None else each for each in y],
    "floats": lambda y: np.array(y, dtype=float),
    "single floats": lambda y: np.array(y, dtype=np.float32),
    "an array of objects": lambda y: np.array(y, dtype=object),
    "a series of floats": lambda y: pd.Series(y, dtype=float),
    "a series of whole numbers": lambda y: pd.Series(y, dtype="Int64"),
    "masked numbers": lambda y: np.ma.masked_array(
        [each or 0 for each in y], mask=[each is None for each in y]
    ),
}
FULL = {"an array of text": np.array, "bytes": lambda y: np.array(y, dtype="S")}


@pytest.mark.parametrize("name", TEXT)
def test_a_gap_in_text_is_no_label(name):
    """The other rows keep their classes."""
    classes, code = codes(given(TEXT[name](["dog", None, "cat", "dog"])))
    assert classes.tolist() == ["cat", "dog"]
    assert code.tolist() == [1, -1, 0, 1]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_gap_in_numbers_is_no_label(name):
    """And the number -1 is none either."""
    classes, code = codes(given(NUMBERS[name]([7, None, 3, -1, 7])))
    assert classes.tolist() == [3, 7]
    assert code.tolist() == [1, -1, 0, -1, 1]


@pytest.mark.parametrize("name", [*TEXT, *FULL])
def test_the_text_minus_one_is_refused_in_every_container(name):
    """With the same words: it is a class name, and what a missing label is."""
    with pytest.raises(SSLError, match=r"the text '-1', which is a class name.*the number -1"):
        given((TEXT | FULL)[name](["no", "-1", "yes", "no"]))


def test_text_without_a_gap_is_all_labels():
    """As it always was."""
    classes, code = codes(given(np.array(["no", "yes", "no"])))
    assert classes.tolist() == ["no", "yes"]
    assert code.tolist() == [0, 1, 0]


@pytest.mark.parametrize("missing", [-1, None, np.nan, pd.NA, pd.NaT])
def test_a_missing_label_among_text_in_a_list_stays_one(missing):
    """An array made of the list would hold the text "-1", "None" or "nan"."""
    classes, code = codes(given(["cat", missing, "dog"]))
    assert classes.tolist() == ["cat", "dog"]
    assert code.tolist() == [0, -1, 1]


@pytest.mark.parametrize("name", TEXT)
def test_the_classifier_learns_from_every_container(name):
    """Rows without a label get one of the classes, and the given ones stay."""
    x = np.random.default_rng(0).normal(size=(12, 3))
    y = ["no", "yes", None] * 4
    model = SemiSupervisedClassifier("supervised", steps=5).fit(x, TEXT[name](y))
    assert model.classes_.tolist() == ["no", "yes"]
    assert model.labeled_iter_.tolist() == [0, 0, 1] * 4
    assert [model.transduction_[n] for n in (0, 1)] == ["no", "yes"]
    assert set(model.transduction_) == {"no", "yes"}


def test_a_column_of_labels_is_read_as_well():
    """Of one column; scikit-learn warns of its shape."""
    x = np.random.default_rng(0).normal(size=(6, 3))
    column = np.array([["no"], ["yes"], [None]] * 2, dtype=object)
    with pytest.warns(UserWarning, match="column-vector"):
        model = SemiSupervisedClassifier("supervised", steps=5).fit(x, column)
    assert model.classes_.tolist() == ["no", "yes"]
    with (
        pytest.warns(UserWarning, match="column-vector"),
        pytest.raises(SSLError, match="the text '-1'"),
    ):
        SemiSupervisedClassifier().fit(x, np.array([["no"], ["-1"]] * 3, dtype=object))


@pytest.mark.parametrize("empty", [[None, None], [-1, -1], [np.nan, np.nan]])
def test_no_label_at_all_is_said(empty):
    """Whatever says so."""
    with pytest.raises(SSLError, match="no row has a label"):
        codes(given(empty))


@pytest.mark.parametrize("name", TEXT)
def test_groups_are_named_by_anything_and_a_gap_belongs_to_nothing(name):
    """Whatever holds them: rows of one name have one number, each gap one of its own."""
    names = ["eve", "adam", None, "eve", None, "seth"]
    found = numbered(TEXT[name](names)).tolist()
    assert found[0] == found[3]
    assert len(set(found)) == 5


def test_groups_are_a_name_a_row():
    """A table of them is refused."""
    with pytest.raises(SSLError, match="one name for each row"):
        numbered([["a", "b"], ["c", "d"]])
    assert numbered(np.array([3, 1, 3])).tolist() == [0, 1, 0]
