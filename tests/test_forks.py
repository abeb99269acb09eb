"""A fork ends, speaks and can be told to end as a Python process of its own does."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests import forks
from tests.annotator.workers import until

ENDINGS = {
    "print('x')": (0, "x\n", ""),
    "import sys; sys.exit(3)": (3, "", ""),
    "import sys; sys.exit('why')": (1, "", "why\n"),
    "1/0": (1, "", "ZeroDivisionError: division by zero\n"),
    "raise KeyboardInterrupt": (-signal.SIGINT, "", "KeyboardInterrupt\n"),
    "import atexit; atexit.register(print, 'bye')": (0, "bye\n", ""),
    "import threading as t; t.Timer(0.1, print, ['late']).start()": (0, "late\n", ""),
}


@pytest.mark.parametrize("trains", [False, True])
@pytest.mark.parametrize("code", ENDINGS)
def test_it_ends_as_python_does(code, trains):
    """What it says comes whole, also from threads and from what runs at the end."""
    done = forks.run(code, trains=trains)
    status, out, err = ENDINGS[code]
    assert (done.returncode, done.stdout) == (status, out)
    assert done.stderr.endswith(err)


def test_it_has_the_words_the_folder_and_the_environment_of_now(tmp_path, monkeypatch):
    """Not those of the time at which the server began."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OF_NOW", "yes")
    code = "import os, sys; print(sys.argv[1:], os.getcwd(), os.environ['OF_NOW'], __name__)"
    assert forks.run(code, 1, "b").stdout == f"['1', 'b'] {tmp_path} yes __main__\n"


def test_it_is_a_process_that_can_be_told_to_end():
    """With all of its session, where it has one."""
    for end in ("terminate", "kill"):
        process = forks.Process("import time; time.sleep(600)")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)
        assert process.poll() is None
        getattr(process, end)()
        assert process.wait(60) == -(signal.SIGTERM if end == "terminate" else signal.SIGKILL)
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)
    process = forks.Process("import time; time.sleep(600)", session=True)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL


def test_a_command_in_a_fork_has_forks_as_workers_too(tmp_path):
    """Nothing is imported anew for a worker that a command starts; it ends with the command."""
    code = """if True:
        import os, sys, time
        from pathlib import Path
        from annotator.service import Service
        service = Service.create(Path(sys.argv[1]), ["cat", "dog"])
        service.ensure_worker()
        while not service.store.workers.all():
            time.sleep(0.01)
        [worker] = service.store.workers.all()
        print(Path(f"/proc/{worker.pid}/cmdline").read_bytes().split(b"\\0")[2])
        time.sleep(1.5)
        assert service.worker_alive() and [worker] == service.store.workers.all()
        print(worker.pid, flush=True)
        os._exit(0)
    """
    done = forks.run(code, tmp_path / "ws")
    assert done.returncode == 0, done.stderr
    kind, pid = done.stdout.split()
    assert kind == "b'tests.forks'"
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_the_server_ends_with_the_tests_whatever_their_forks_do():
    """A process that is killed ends nothing itself, and its forks may live on."""
    code = """if True:
        import os, signal, time
        from tests import forks
        forks.lent.clear()  # as in a process that is no fork
        child = forks.Process("import time; time.sleep(600)")
        [server] = map(int, open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read().split())
        print(child.pid, server, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = forks.run(code)
    child, server = map(int, done.stdout.split())
    os.kill(child, 0)  # it lives
    os.kill(child, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{server}").exists())
