"""Tables as text: what parts the cells, and in which line a row begins."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import ImportingError
from annotator.importing.tables.text import opened


def put(folder, text):
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_what_the_header_has_most_of_parts_the_cells(tmp_path):
    """Within quotation marks it counts for nothing."""
    for header, columns in {
        "path,label": ["path", "label"],
        "path;a,b": ["path;a", "b"],  # one of each: the comma, as in most files
        'path;"a,b,c";label': ["path", "a,b,c", "label"],
        "path\tlabel\tx": ["path", "label", "x"],
        "path": ["path"],
    }.items():
        assert list(opened(put(tmp_path, header + "\n")).columns) == columns


def test_a_row_is_called_by_the_line_in_which_it_begins(tmp_path):
    """Below blank lines, and cells that hold line breaks of every kind."""
    text = 'sep=,\n\npath,note\na,"1\n2"\n\nb,"1\r\n2\r\n3"\nc,"x"\n ,\nd,\n'
    rows = list(opened(put(tmp_path, text)).rows())
    lines = text.replace("\r\n", "\n").split("\n")
    for row in rows:
        assert lines[row.number - 1].startswith(row.cells[0])
    assert [(row.number, row.cells[0]) for row in rows] == [
        (4, "a"),
        (7, "b"),
        (10, "c"),
        (12, "d"),
    ]


def test_a_quotation_mark_that_never_closes_is_told_by_its_line(tmp_path):
    """Not as a table that is one row long."""
    table = opened(put(tmp_path, 'path,label\na,x\nb,"y\nc,z\n'))
    with pytest.raises(ImportingError, match=r"begins in line 3: a quotation mark opens there"):
        list(table.rows())
    table = opened(put(tmp_path, 'path,label\n"a" b,x\n'))
    with pytest.raises(ImportingError, match="begins in line 2"):
        list(table.rows())


def test_a_long_file_is_not_held_in_memory(tmp_path):
    """Rows come one by one: the first is there before the last, broken one is read."""
    table = opened(put(tmp_path, "path\n" + "a\n" * 50_000 + '"'))
    rows = table.rows()
    assert next(rows).number == 2
    with pytest.raises(ImportingError, match="line 50002"):
        list(rows)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1), st.sampled_from(",;\t|"))
def test_what_python_writes_is_read_as_it_was(tmp_path_factory, rows, delimiter):
    """Quotes, separators and line breaks within cells."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([("first", "second"), *rows])
    path = put(tmp_path_factory.mktemp("text"), text.getvalue())
    read = [tuple(row.cells) for row in opened(path).rows()]
    assert read == [row for row in rows if any(cell.strip() for cell in row)]
