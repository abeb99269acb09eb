"""Classes on the command line: listed, changed, and asked about before labels are hidden."""

import json

import pytest

from annotator import cli
from annotator.service import Service
from tests.annotator.small import answer, truth, workspace


@pytest.fixture
def root(tmp_path):
    service = workspace(tmp_path / "ws", 20)
    answer(service, 12)
    service.close()
    return tmp_path / "ws"


@pytest.fixture
def run(root, monkeypatch, capsys):
    """Run `certilabel classes WS …`; return its status and what it said."""

    def run(*words):
        monkeypatch.setattr("sys.argv", ["certilabel", "classes", str(root), *words])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def counts(root):
    return Service.open(root).count_by_class()


def test_every_act_does_what_it_says(root, run):
    """One after the other; the list, as text and as JSON, is what the workspace holds."""
    before = counts(root)
    assert run("rename", "dark", "night shift") == (0, (
        f"'dark' is called 'night shift' now. 'night shift' has {before['dark']} labels.\n"
    ))  # fmt: skip
    assert run("add", "striped")[0] == 0
    assert "order is now: striped, light, night shift" in run(
        "order", "striped", "light", "night shift"
    )[1]  # fmt: skip
    assert run("merge", "night shift", "light")[1].endswith("'light' has 12 labels.\n")
    assert counts(root) == {"striped": 0, "light": 12}
    assert "merged into 'light'" in run()[1]
    assert run("split", "night shift")[0] == 0
    look = ("--color", "#1f77b4", "--description", "at night", "--example", "1")
    assert run("describe", "night shift", *look)[0] == 0
    listed = json.loads(run("--json")[1])
    assert [(each["name"], each["labels"]) for each in listed] == [
        ("striped", 0), ("light", before["light"]), ("night shift", before["dark"]),
    ]  # fmt: skip
    assert (listed[2]["color"], listed[2]["example_id"]) == ("#1f77b4", 1)
    log = run("log")[1]
    assert "expert  rename 'night shift'  name: 'dark' → 'night shift'" in log
    assert [each["kind"] for each in json.loads(run("log", "--json")[1])][:2] == [
        "describe", "split",
    ]  # fmt: skip


def test_labels_are_hidden_only_by_who_has_said_yes(root, run):
    """It says how many and the ways out; a class without labels needs no yes."""
    before = counts(root)
    code, told = run("remove", "dark")
    assert code == 2
    assert f"hides {before['dark']} labels" in told
    assert "--yes" in told
    assert counts(root) == before
    assert run("remove", "dark", "--yes")[0] == 0
    assert counts(root) == {"light": before["light"]}
    assert "removed" in run()[1]
    assert run("restore", "dark")[0] == 0
    assert counts(root) == before
    run("add", "empty")
    assert run("remove", "empty")[0] == 0


def test_names_that_read_alike_are_said_with_the_command_that_makes_them_one(root, run):
    """When one comes, by whatever act, in the list too, and of one that was removed as well."""
    code, told = run("add", "Dark")
    assert code == 0
    assert "'Dark' and 'dark' differ in case alone, and are two classes all the same." in told
    way = f"`certilabel classes {root} merge 'Dark' 'dark'` makes them one."
    assert way in told
    assert way in run()[1]
    assert way not in run("rename", "Dark", "dim")[1]
    assert "differ in case alone" in run("rename", "dim", "DARK")[1]
    assert "differ" not in run("merge", "DARK", "dark")[1] + run()[1]
    assert "differ in case alone" in run("split", "DARK")[1]
    run("remove", "dark", "--yes")
    assert "'dark' was removed and keeps its labels; restored, `certilabel" in run()[1]


def test_names_that_read_alike_are_said_where_a_workspace_is_made(tmp_path, monkeypatch, capsys):
    """It is made all the same."""
    new = tmp_path / "new"
    words = ["certilabel", "init", str(new), "--classes", "no tumor, no-tumor ,glioma"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as end:
        cli.main()
    told = capsys.readouterr()
    assert not end.value.code
    assert "with 3 classes" in told.out
    assert "'no-tumor' and 'no tumor' differ in case, blanks, hyphens or the like" in told.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("renmae", "dark", "dim"), "Did you mean 'rename'?"),
        (("rename", "dark"), "rename OLD NEW"),
        (("rename", "drak", "dim"), "Did you mean 'dark'?"),
        (("merge", "dark", "dark"), "into itself"),
        (("order",), "order CLASS CLASS"),
        (("describe", "dark"), "Say what to change"),
        (("describe", "dark", "--example", "nowhere.png"), "No image is named"),
        (("split", "dark"), "not merged"),
    ],
)
def test_a_mistake_is_one_line_that_says_the_way_out(root, run, words, told):
    """Status 2, and nothing is changed."""
    before = Service.open(root).classes(removed=True)
    code, said = run(*words)
    assert code == 2
    assert told in said
    assert len(said.strip().splitlines()) == 1
    assert Service.open(root).classes(removed=True) == before


def test_the_labels_of_before_are_all_there_after_any_of_it(root, run):
    """By image: what was dark is whatever dark is called."""
    service = Service.open(root)
    given = {each.image_id: each.class_id for each in service.store.labels.current()}
    run("rename", "dark", "dim")
    run("merge", "dim", "light")
    run("split", "dim")
    run("remove", "dim", "--yes")
    run("restore", "dim")
    assert {e.image_id: e.class_id for e in service.store.labels.current()} == given
    assert {truth(service.image(each).name) for each in given} == {"dark", "light"}
