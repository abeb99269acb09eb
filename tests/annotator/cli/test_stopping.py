"""Ctrl-C, in real processes: what a command says that it ends, and what is then there."""

import json
import os
import signal

import pytest

from annotator.service import Service
from tests.annotator.small import answer, source, truth, workspace
from tests.annotator.workers import until
from tests.forks import Process

# Stops where a function is called and says so, that Ctrl-C hits a place that is known
HELD = """
import importlib, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
module, *inside, name = sys.argv.pop(1).split(":")
at = importlib.import_module(module)
for each in inside:
    at = getattr(at, each)
was = getattr(at, name)
left = int(sys.argv.pop(1))
def held(*args, **kwargs):
    global left
    left -= 1
    if left >= 0:
        return was(*args, **kwargs)
    print("here", flush=True)
    while True:  # a signal that another thread is given would not end one long sleep
        time.sleep(0.05)
setattr(at, name, held)
from annotator.importing.writing import pieces
pieces.AT_ONCE = 5
from annotator.cli import main
main()
"""


class Begun:
    """A command that runs, in a session of its own, and the files of what it says."""

    def __init__(self, folder, *words):
        self.out, self.err = folder / "out", folder / "err"
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = Process(*words, out=out, err=err, session=True)


@pytest.fixture
def begin(tmp_path_factory):
    """Start a command that is held where a function is called for the nth time."""
    running = []

    def begin(at, *words, after=0, until_there=True):
        begun = Begun(tmp_path_factory.mktemp("said"), HELD, at, after, *words)
        running.append(begun)
        if until_there:
            until(lambda: "here" in begun.out.read_text() or begun.process.poll() is not None)
            assert begun.process.poll() is None, begun.err.read_text()
        return begun

    yield begin
    for process in (each.process for each in running):
        process.kill()
        process.wait()


def interrupt(begun, by=signal.SIGINT):
    """Press Ctrl-C, which all processes of the terminal get; return what the command says."""
    if by == signal.SIGINT:
        os.killpg(begun.process.pid, by)
    else:  # as a batch system sends it: to the command alone
        begun.process.send_signal(by)
    code, said = begun.process.wait(60), begun.err.read_text()
    assert code == 128 + by, said
    assert "Traceback" not in said
    return said.strip()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace with labels, a truth and a backup of it."""
    folder = tmp_path_factory.mktemp("place")
    service = workspace(folder / "ws", 24)
    answer(service, 12)
    (folder / "more").mkdir()
    source(folder / "more" / "dark", 12, side=20)
    service.backup(folder / "kept.zip")
    service.close()
    rows = [
        f"ws source/{each.name},{truth(each.name)}" for each in (folder / "ws source").iterdir()
    ]
    (folder / "truth.csv").write_text("\n".join(["path,label", *rows]) + "\n")
    return folder


NOTHING = "Stopped; nothing of {new} is made. Give the command again to begin anew."
UNWRITTEN = (
    "Stopped before anything was written. Give the command again: copies of images that were "
    "made until now are taken up."
)
STOPPED = {
    "init": (
        "annotator.service:Service:save_settings",
        ["init", "{new}", "--classes", "a,b"],
        NOTHING,
    ),
    "demo": (
        "annotator.service:Service:save_settings",
        ["demo", "--workspace", "{new}"],
        NOTHING,
    ),
    "import that reads": (
        "annotator.importing.found:Found:add",
        ["import", "{root}", "{place}/more"],
        UNWRITTEN,
    ),
    "import that would be": (
        "annotator.service:Service:foresee",
        ["import", "{root}", "{place}/more", "--dry-run"],
        UNWRITTEN,
    ),
    "export": (
        "annotator.export.write:card",
        ["export", "{root}", "{new}"],
        NOTHING,
    ),
    "export that is there": (
        "annotator.export.write:ExportReport",
        ["export", "{root}", "{new}"],
        "Stopped, but {new} is written, and whole.",
    ),
    "simulate": (
        "annotator.simulating.compare:run",
        ["simulate", "{root}", "--truth", "{place}/truth.csv"],
        "Stopped after 0 rounds; {root} is as it was. The copy that was played on is removed.",
    ),
    "simulate that is kept": (
        "annotator.simulating.compare:run",
        ["simulate", "{root}", "--truth", "{place}/truth.csv", "--keep", "{new}", "--chart=a.svg"],
        "Stopped after 0 rounds; {root} is as it was. What was played lies in {new}. No chart was "
        "drawn.",
    ),
    "backup": (
        "annotator.upkeep.backup:put",
        ["backup", "{root}", "{new}"],
        NOTHING,
    ),
    "backup over another": (
        "annotator.upkeep.backup:put",
        ["backup", "{root}", "{place}/kept.zip"],
        "Stopped; {place}/kept.zip is as it was before.",
    ),
    "restore": (
        "annotator.upkeep.restore:bring_back",
        ["restore", "{place}/kept.zip", "{new}"],
        NOTHING,
    ),
    "restore over another": (
        "annotator.upkeep.restore:bring_back",
        ["restore", "{place}/kept.zip", "{root}", "--replace"],
        "Stopped; {root} is as it was before.",
    ),
    "verify": (
        "annotator.service:Service:verify",
        ["verify", "{new}"],
        "Stopped before all was checked: nothing is said of {new}.",
    ),
    "doctor": (
        "annotator.service:Service:examine",
        ["doctor", "{root}"],
        "Stopped before all was looked at. What --mend had put right by then stays so.",
    ),
    "classes": (
        "annotator.service:Service:add_class",
        ["classes", "{root}", "add", "fox"],
        "Stopped; `certilabel classes {root} log` says what was changed.",
    ),
    "audit": (
        "annotator.service:Service:open",
        ["audit", "status", "{root}"],
        "Stopped; `certilabel audit status {root}` says whether an audit is open.",
    ),
    "status": ("annotator.service:Service:progress", ["status", "{root}"], "Stopped."),
    "work": (
        "annotator.worker.loop:bury_dead",
        ["work", "{root}"],
        "Stopped; no job waits.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "by"),
    [(case, by) for case in STOPPED for by in (signal.SIGINT, signal.SIGTERM)],
)
def test_a_command_that_is_stopped_says_what_stands(place, tmp_path, begin, case, by):
    """On standard error, with status 130, or 143 after SIGTERM; and it is so."""
    at, words, said = STOPPED[case]
    names = {"place": place, "root": place / "ws", "new": tmp_path / "new"}
    process = begin(at, *(each.format(**names) for each in words))
    assert interrupt(process, by) == said.format(**names)
    is_made = any(words in said for words in ("and whole", "lies in {new}"))
    assert (tmp_path / "new").exists() == is_made
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_an_import_that_is_stopped_says_how_much_is_in_and_is_gone_on_with(tmp_path, begin):
    """Whole pieces are in, with their labels, and are looked at as after any import."""
    root, pictures = tmp_path / "ws", tmp_path / "pictures"
    pictures.mkdir()
    source(pictures / "dark", 12)
    Service.create(root, ["dark", "light"]).close()
    words = ["import", root, pictures, "--labels", "folders"]
    process = begin("annotator.importing.writing.pieces:_Writing:write", *words, after=2)
    assert interrupt(process) == (
        "Stopped; 10 images and 10 labels came in. Give the command again for the rest."
    )
    service = Service.open(root)
    assert service.progress().images == 10
    assert service.active_job().kind == "prepare"
    assert service.import_source(pictures, labels="folders").added == 2


def test_a_worker_that_is_stopped_says_what_waits(tmp_path, begin):
    """Its job is given back for the next one."""
    service = workspace(tmp_path / "ws", 12)
    answer(service, 6)
    service.start_round("supervised", "frozen")
    process = begin("annotator.rounds.perform:perform", "work", tmp_path / "ws", "--once")
    assert interrupt(process).startswith("Stopped; a round waits for the next worker, which goes")
    assert service.last_job().state == "queued"


@pytest.fixture
def long(tmp_path):
    """A workspace whose rounds take hours."""
    service = workspace(tmp_path / "ws", 24, steps=1_000_000, regime="finetune", method="fixmatch")
    answer(service, 12)
    yield service
    service.close()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_round_that_is_stopped_is_canceled_and_the_next_one_starts(long, begin, by):
    """In the middle of its training, by the worker that the command has started."""
    process = begin("time:sleep", "round", long.workspace.root, after=10**9, until_there=False)
    until(lambda: long.rounds() and (long.active_job() or process).progress > 0, 300)
    assert interrupt(process, by) == "Stopped. The round is canceled, and nothing of it is kept."
    assert long.last_job().state == "canceled"
    assert not long.worker_alive()
    assert long.start_round("logistic").state == "queued"


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_round_that_nobody_has_taken_is_canceled(long, begin, by):
    """It was asked for, and no worker runs yet."""
    process = begin("annotator.service:Service:ensure_worker", "round", long.workspace.root)
    assert long.active_job().state == "queued"
    assert interrupt(process, by) == "Stopped. The round is canceled, and nothing of it is kept."
    assert long.last_job().state == "canceled"


def test_a_round_that_the_worker_of_an_app_has_is_canceled_too(long, begin):
    """The command has asked for it; that worker lives on and stops at its next safe point."""
    long.ensure_worker()
    process = begin("time:sleep", "round", long.workspace.root, after=10**9, until_there=False)
    until(lambda: (job := long.active_job()) and job.state == "running", 120)
    assert interrupt(process).startswith("Stopped. The round is canceled")
    until(lambda: long.active_job() is None, 120)
    assert long.last_job().state == "canceled"
    assert long.worker_alive()


def test_what_waits_can_be_canceled_and_a_refusal_names_that(long, run):
    """A round that a killed command has left is in nobody's way."""
    root = long.workspace.root
    long.start_round()
    code, _, said = run("round", root)
    assert code == 2
    assert "`certilabel cancel WORKSPACE`" in said
    assert "`certilabel work WORKSPACE --once`" in said
    assert run("cancel", root) == (0, "The round is canceled, and nothing of it is kept.\n", "")
    assert run("cancel", root) == (0, "Nothing waits or runs.\n", "")


def test_a_round_is_canceled_before_what_runs_beside_it(long, run):
    """Looking at the images goes on; it is canceled where there is nothing else."""
    root = long.workspace.root
    long.prepare()
    long.start_round()
    run("cancel", root)
    assert long.last_job().state == "canceled"
    assert long.active_job().kind == "prepare"
    assert run("cancel", root)[1] == "Looking at the images is canceled.\n"
    assert json.loads(run("status", root, "--json")[1])["job"] is None
