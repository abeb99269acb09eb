"""JSON that is read entry by entry says what the standard library says."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import ImportingError
from annotator.importing.containers.json import stream

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def slow(value):
    """The same entries, with everything in memory."""
    if isinstance(value, list):
        return [("", each) for each in value]
    return [
        (key, each)
        for key, below in value.items()
        for each in (below if isinstance(below, list) else [below])
    ]


@given(
    st.lists(VALUES, max_size=6) | st.dictionaries(st.text(), VALUES, max_size=6),
    st.sampled_from([1, 2, 7, 64, 1 << 20]),
    st.sampled_from([None, 1]),
    st.booleans(),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_entries_are_those_of_the_whole_file(tmp_path, value, chunk, indent, ascii_):
    """However the text is cut into chunks, also within a number or an escape."""
    path = tmp_path / "some.json"
    path.write_text(json.dumps(value, indent=indent, ensure_ascii=ascii_), "utf-8", "surrogatepass")
    before, stream.CHUNK = stream.CHUNK, chunk
    try:
        assert list(stream.entries(path)) == slow(value)
    finally:
        stream.CHUNK = before


@given(st.integers(0, 10**6))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_was_cut_is_said_to_be(tmp_path, at):
    """Wherever: an import of a part would look like one of the whole."""
    text = json.dumps([{"data": {"image": f"{n}.png"}, "annotations": [n]} for n in range(20)])
    path = tmp_path / "cut.json"
    path.write_text(text[: at % len(text)])
    with pytest.raises(ImportingError, match="It may be cut"):
        list(stream.entries(path))


def test_no_more_than_an_entry_and_a_chunk_is_held(tmp_path):
    """A list of 50,000 entries, 20 MB, takes less than 8 MB at any time."""
    import tracemalloc

    path = tmp_path / "long.json"
    entry = json.dumps({"data": {"image": "x" * 350}, "annotations": []})
    with path.open("w") as file:
        file.write("[" + ",".join([entry] * 50_000) + "]")
    tracemalloc.start()
    try:
        assert sum(1 for _ in stream.entries(path)) == 50_000
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe[\x00]\x00", "not UTF-8"),
        (b'"text"', "neither a list nor an object"),
        (b"[] []", "more text"),
        (b"[1 2]", "',' is missing"),
        (b"[" * 100_000, "nested too deeply|no JSON"),
        (b"", "neither a list nor an object"),
    ],
)
def test_what_is_no_json_is_said(tmp_path, content, told):
    """In one sentence, never by a traceback."""
    path = tmp_path / "some.json"
    path.write_bytes(content)
    with pytest.raises(ImportingError, match=told):
        list(stream.entries(path))
