"""Every method and recipe fine-tunes as `certilabel round --method NAME`, beside a real worker."""

import sys

import pytest

from annotator import cli
from annotator.catalog import methods as catalog
from annotator.model import Parameter
from tests.annotator.small import answer, workspace
from tests.annotator.workers import start


def other(parameter: Parameter) -> float | int:
    """A value that is not the default, and that the constructor takes."""
    if parameter.type == "int":
        return parameter.default + 1
    return min(parameter.default / 2 or 0.5, parameter.high)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One small workspace with labels, and one worker process for all rounds."""
    service = workspace(tmp_path_factory.mktemp("every") / "ws", 40, steps=2)
    answer(service, 20)
    worker = start(service)
    yield service
    worker.terminate()
    worker.wait()
    service.close()


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_a_round_from_the_command_line(service, info, monkeypatch, capsys):
    """It trains with a parameter that was typed, reports both models, and keeps what was chosen."""
    chosen = {each.name: other(each) for each in info.parameters[:1]}
    typed = [f"--set={name}={value}" for name, value in chosen.items()]
    root = str(service.workspace.root)
    words = ["round", root, "--method", info.name, "--regime", "finetune", *typed]
    monkeypatch.setattr(sys, "argv", ["certilabel", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code, capsys.readouterr().err
    assert "test accuracy" in capsys.readouterr().out
    done = service.rounds()[-1]
    assert (done.method, done.params, done.state) == (info.name, chosen, "done")
    assert done.regime == "finetune"
    models = {point.model for point in service.curve() if point.round == done.number}
    assert models == {"baseline", "ssl"}
    progress = service.progress()
    unlabeled = progress.pool - progress.pool_labeled
    assert len(service.store.results.pseudo_labels(done.number, 0.0)) == unlabeled
