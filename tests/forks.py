"""Python processes that begin with everything imported: torch and its kind take seconds each time.

A server that has imported it all and done nothing else forks itself for each. What a fork runs is
as in `python -c CODE WORDS…`: a process of its own that can be told to end, stopped and killed.
The server is started when a test first asks for one, and ends with the tests.
"""

from __future__ import annotations

import atexit
import functools
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

ROOT = Path(__file__).parents[1]
COMMAND = "from annotator.cli import main; main()"
WORKER = "from annotator.worker.__main__ import main; main()"
LIGHT = ("annotator.cli", "annotator.service.launch")
TRAINING = ("annotator.rounds.perform", "annotator.rounds.places", "annotator.simulating.compare")
MOST = 2**20  # bytes of what is asked for
NUMBER = 32  # bytes of a process's number, and of how it ended

ended: list[int] = []  # in a fork: what it ended with
lent: list[socket.socket] = []  # where the server of another process is asked, if it lent that


class Process:
    """As `subprocess.Popen` is: a process that runs, or how it has ended.

    Args:
        code, words: as in `python -c CODE WORDS…`.
        out, err: open files, by default those of this process.
        trains: have torch and what else a round needs imported, too.
        session: make it a session of its own, whose processes can be told something together.
    """

    def __init__(
        self,
        code: str,
        *words: object,
        out: Any = 1,
        err: Any = 2,
        trains: bool = False,
        session: bool = False,
    ) -> None:
        self.words = [str(each) for each in words]
        self.returncode: int | None = None
        asked = {
            "code": code,
            "words": self.words,
            "trains": trains,
            "session": session,
            "folder": str(Path.cwd()),
            "environment": dict(os.environ),
        }
        self._news, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        files = [each if isinstance(each, int) else each.fileno() for each in (out, err)]
        with theirs:
            message = [json.dumps(asked).encode()]
            server = lent[0] if lent else _server()
            handed = [theirs.fileno(), server.fileno(), *files]
            socket.send_fds(server, message, handed)
        self.pid = int(self._news.recv(NUMBER))

    def poll(self) -> int | None:
        """Return how it ended, or None where it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return how it ended.

        Raises:
            subprocess.TimeoutExpired: it runs on.
        """
        found = self._ended(timeout)
        if found is None:
            assert timeout is not None
            raise subprocess.TimeoutExpired(self.words, timeout)
        return found

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._news], [], [], timeout)[0]:
            self.returncode = os.waitstatus_to_exitcode(int(self._news.recv(NUMBER)))
            self._news.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Tell it something, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Tell it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def run(code: str, *words: object, trains: bool = False) -> subprocess.CompletedProcess[str]:
    """Run code to its end; return what it said, as `subprocess.run` does."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = Process(code, *words, out=out, err=err, trains=trains)
        try:
            process.wait()
        finally:
            process.kill()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(process.words, process.wait(), out.read(), err.read())


def lend() -> int:
    """The number of an open file that another process may inherit, to `borrow` this server."""
    return _server().fileno()


def borrow(number: int) -> None:
    """Ask a server that another process has started, and ends; the app's workers are forks, too."""
    lent[:] = [socket.socket(fileno=number)]
    from annotator.service import launch

    launch.subprocess = SimpleNamespace(**(vars(subprocess) | {"Popen": _work}))


def _work(command: list[str], stdout: Any, **_: Any) -> Process:
    assert command[1:3] == ["-m", "annotator.worker"]
    own = os.getpid()  # of whom the worker is to be a child, and not of the server
    child = f"import os; os.getppid = lambda: {own} if os.path.exists('/proc/{own}') else 1"
    return Process(
        f"{child}; {WORKER}", *command[3:], out=stdout, err=stdout, trains=True, session=True
    )


@functools.cache
def _server() -> socket.socket:
    """Where forks are asked for; the server is started at the first time."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    watched, held = os.pipe()  # forks have where they ask, but not this: it ends with the tests
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forks", str(theirs.fileno()), str(watched)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno(), watched],
            start_new_session=True,  # a group that is told to end takes it along otherwise
        )
    os.close(watched)

    def end() -> None:
        ours.close()
        os.close(held)
        process.wait()

    atexit.register(end)
    return ours


def serve(control: socket.socket, watched: int) -> Callable[[], None]:
    """Fork whenever that is asked for; in the fork, return what it is to do."""
    while True:
        message, files = b"", list[int]()
        if watched not in select.select([control, watched], [], [])[0]:
            message, files, _, _ = socket.recv_fds(control, MOST, 4)
        if not message:
            _bury(0)
            sys.exit()
        asked = json.loads(message)
        for each in LIGHT:
            import_module(each)
        if asked["trains"]:
            _load()
        gc.freeze()  # no fork looks through what was imported, which would copy all of it
        if not os.fork():
            control.close()
            os.close(watched)
            return _kept(asked, *files)
        for each in files:
            os.close(each)
        _bury(os.WNOHANG)


@functools.cache
def _load() -> None:
    """Import what a round needs."""
    import torch

    for each in TRAINING:
        import_module(each)
    torch.optim.SGD([torch.zeros(1)])  # the first one imports a lot


def _bury(how: int) -> None:
    """Take note of the forks that have ended: their time counts as this process's then."""
    try:
        while os.waitpid(-1, how)[0]:
            pass
    except ChildProcessError:
        return


def _kept(asked: dict[str, Any], news: int, server: int, out: int, err: int) -> Callable[[], None]:
    """Fork once more: one process runs the code, the other one waits for it and tells its end."""
    pid = os.fork()
    if pid:
        for each in (server, out, err):
            os.close(each)
        _bury_and_tell(news, pid)
    borrow(server)
    for number, file in ((1, out), (2, err)):
        os.dup2(file, number)
        os.close(file)
    if asked["session"]:
        os.setsid()
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["-c", *asked["words"]]
    os.write(news, str(os.getpid()).encode())
    os.close(news)
    return functools.partial(_do, asked["code"])


def _do(code: str) -> None:
    """Run it, and remember how it ended."""
    try:
        exec(code, {"__name__": "__main__"})
        ended.append(0)
    except SystemExit as end:
        ended.append(end.code if isinstance(end.code, int) else int(end.code is not None))
        raise
    except KeyboardInterrupt:
        ended.append(-signal.SIGINT)
        raise
    except Exception:
        ended.append(1)
        raise


def _leave() -> None:
    """End without taking thousands of modules apart, which would copy all that is shared."""
    if ended:
        sys.stdout.flush()
        sys.stderr.flush()
        if ended[0] < 0:
            signal.signal(-ended[0], signal.SIG_DFL)
            os.kill(os.getpid(), -ended[0])
        os._exit(ended[0])


def _bury_and_tell(news: int, pid: int) -> NoReturn:
    status = os.waitpid(pid, 0)[1]
    with suppress(OSError):  # whoever asked may be gone
        os.write(news, str(status).encode())
    os._exit(0)


if __name__ == "__main__":
    atexit.register(_leave)  # the first one is called last
    serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))()
