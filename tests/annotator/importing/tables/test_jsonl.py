"""JSON Lines: columns are keys, and a line that is no object is told."""

from annotator.importing.tables.jsonl import opened
from annotator.importing.tables.values import Unfit


def put(folder, text):
    path = folder / "list.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_keys_are_columns_in_the_order_in_which_they_come(tmp_path):
    """What an object lacks is an empty cell."""
    table = opened(put(tmp_path, '{"path": "a"}\n\n{"label": 1.0, "path": "b"}\n'))
    assert table.columns == ("path", "label")
    assert [(row.number, list(row.cells)) for row in table.rows()] == [
        (1, ["a", ""]),
        (3, ["b", "1"]),
    ]


def test_lines_that_are_no_object_are_wrong_rows(tmp_path):
    """Each with its reason, and the rows around them are read."""
    lines = ['{"path": "a"}', "{", "[1]", '{"path": "b", "path": "c"}', "[" * 5000]
    rows = list(opened(put(tmp_path, "\n".join(lines))).rows())
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.wrong.split(" (")[0].split(",")[0] for row in rows] == [
        "",
        "no JSON",
        "no JSON object",
        "no JSON",
        "no JSON",
    ]
    assert "'path' stands in it twice" in rows[3].wrong


def test_what_is_neither_text_nor_number_says_so(tmp_path):
    """Half a letter, which JSON can write and no database keeps, as well."""
    table = opened(put(tmp_path, r'{"a": [1], "b": {"c": 1}, "d": "\ud800", "e": "\u00fc"}'))
    (row,) = table.rows()
    assert [isinstance(cell, Unfit) for cell in row.cells] == [True, True, True, False]


def test_a_mark_and_utf16_are_read(tmp_path):
    """As in any text."""
    for encoding in ("utf-8-sig", "utf-16"):
        table = opened(put(tmp_path, '{"path": "ü"}\n{"path": "b"}\n'.encode(encoding)))
        assert [row.cells[0] for row in table.rows()] == ["ü", "b"]
