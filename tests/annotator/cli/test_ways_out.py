"""What a command says names the command that leads on, and that one works."""

import re
import shlex
import shutil

import pytest

from annotator.cli import workspace as commands
from annotator.cli.commands import COMMANDS
from annotator.service import Service
from annotator.service.starting.steps import STEPS
from annotator.upkeep.automatic import make_if_due
from tests.annotator.service.starting.test_steps import TABLE
from tests.annotator.small import answer, source, workspace


def test_each_state_of_a_workspace_has_its_command():
    """Whoever has no page open is told what to type."""
    assert list(commands.WAYS) == list(TABLE)
    assert len(commands.WAYS) == len(STEPS)


def test_status_says_how_a_worker_is_started_and_names_its_log_where_there_is_one(tmp_path, run):
    """After an import nobody has started any."""
    root = tmp_path / "ws"
    run("init", root, "--classes", "dark,light")
    run("import", root, source(tmp_path / "source", 4))
    said = run("status", root)[1]
    assert f"`certilabel serve {root}` or `certilabel work {root}` starts one." in said
    assert "log" not in said.partition("next  ")[2]
    (root / "worker.log").touch()
    assert f"Its log is {root}/worker.log." in run("status", root)[1]


@pytest.mark.parametrize(("given", "said"), [("", "add two at least"), ("a", "add a second one")])
def test_a_workspace_without_two_classes_says_how_they_are_added(tmp_path, run, given, said):
    """When it is made, and whenever it is asked."""
    root = tmp_path / "ws"
    for words in (("init", root, "--classes", given), ("status", root)):
        code, told, _ = run(*words)
        assert code == 0
        assert said in told
        assert f"`certilabel classes {root} add NAME`" in told
    assert run("init", tmp_path / "two", "--classes", "a,b")[1].count("\n") == 1


def remove(path):
    path.unlink()


def empty(path):
    path.write_bytes(b"")


def overwrite(path):
    path.write_bytes(b"nothing like it" * 1000)


@pytest.mark.parametrize("fault", [remove, empty, overwrite])
def test_a_lost_database_comes_back_by_the_command_that_is_named(tmp_path, run, fault):
    """Word for word, also where a path has blanks; where there is no backup that is said."""
    root = tmp_path / "my ws"
    service = workspace(root, 8, backup_every=4)
    answer(service, 5)
    assert make_if_due(service.workspace, service.store)
    service.close()
    for beside in ("-wal", "-shm"):
        service.workspace.database.with_name(f"certilabel.db{beside}").unlink(missing_ok=True)
    fault(service.workspace.database)
    code, _, said = run("status", root)
    assert code == 2
    way = re.search(r"`certilabel (restore [^`]+)`", said)
    assert "newest backup" in said
    shutil.copytree(root, tmp_path / "without")
    shutil.rmtree(tmp_path / "without" / "backups")
    assert run(*shlex.split(way[1]))[0] == 0
    assert run("status", root)[0] == 0
    assert Service.open(root).progress().labeled == 5
    assert "There is no backup in it" in run("status", tmp_path / "without")[2]


@pytest.mark.parametrize(("word", "meant"), [("improt", "import"), ("Status", "status"), ("x", "")])
def test_a_command_that_there_is_none_of_is_told_with_those_that_there_are(run, word, meant):
    """And with the nearest by spelling, where one is near."""
    code, _, said = run(word, "ws")
    assert code == 2
    assert len(said.strip().splitlines()) == 1
    assert f"No command named '{word}'." in said
    assert (f"Did you mean '{meant}'?" in said) is bool(meant)
    assert said.strip().endswith(f"Choose one of: {', '.join(sorted(COMMANDS))}.")
