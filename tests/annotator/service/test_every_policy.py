"""Every policy of the table chooses the questions of a real round, from the service and the CLI."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from annotator import cli
from annotator.catalog import names
from annotator.service import Service
from annotator.store.queue import RANDOM
from annotator.worker.loop import Worker
from tests import forks
from tests.annotator.small import answer, source, truth, workspace


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One workspace for all, with the first thirty questions answered."""
    service = workspace(tmp_path_factory.mktemp("policies") / "ws", 60, side=20, steps=4)
    answer(service, 30)
    return service


def asked(service, policy, method="supervised", regime="frozen"):
    """Run a round under this policy; return what a new page would be asked."""
    service.save_settings(replace(service.settings(), policy=policy))
    service.start_round(method, regime)
    assert Worker(service.workspace).run(once=True)
    assert service.last_job().state == "done", service.last_job().error
    assert service.rounds()[-1].details.policy == policy
    return service.store.db.rows("SELECT * FROM queue ORDER BY position")


@pytest.mark.parametrize("policy", names.policies())
def test_it_chooses_the_questions_of_a_round(service, policy):
    """All that is left is asked once, with a reason; what is drawn looks like a test image."""
    rows = asked(service, policy)
    progress = service.progress()
    ids = [row["image_id"] for row in rows]
    assert len(ids) == len(set(ids)) == progress.images - progress.labeled
    reasons = {row["reason"] for row in rows}
    assert all(reasons)
    assert (reasons == {RANDOM}) == (policy == "random")
    assert {row["score"] for row in rows if row["reason"] == RANDOM} == {None}


@pytest.mark.parametrize("method", ["ensemble", "label_spreading"])
@pytest.mark.parametrize("regime", ["frozen", "finetune"])
def test_members_are_there_whatever_has_learned(service, method, regime):
    """An ensemble has members; a graph stands beside the baseline."""
    rows = asked(service, "bald", method, regime)
    assert any(row["reason"].startswith("models contradict") for row in rows)


def test_the_command_line_takes_every_policy(tmp_path):
    """`init --set policy=NAME` makes a workspace that asks by it."""
    for policy in names.policies():
        root = tmp_path / policy
        made = ["init", str(root), "--classes", "dark,light", "--set", f"policy={policy}"]
        done = CliRunner().invoke(cli.app, made)
        assert done.exit_code == 0, done.output
        assert Service.open(root).settings().policy == policy


def test_the_command_line_plays_a_policy_that_needs_members(tmp_path):
    """`simulate --policy batch_bald`, two rounds, in the command's own process."""
    pictures = source(tmp_path / "pictures", 30)
    answers = tmp_path / "truth.csv"
    lines = [f"{each.name},{truth(each.name)}" for each in sorted(pictures.iterdir())]
    answers.write_text("\n".join(["path,label", *lines]))
    root = workspace(tmp_path / "ws", 30, steps=2, regime="frozen").workspace.root
    played = ["simulate", root, "--truth", answers, "--rounds", "2", "--batch", "6"]
    done = forks.run(forks.COMMAND, *played, "--policy", "batch_bald", "--json", trains=True)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["labels"] for line in done.stdout.splitlines()] == [6, 12]
