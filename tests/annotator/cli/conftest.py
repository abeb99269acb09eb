"""How tests of the command line give a command its words."""

import sys

import pytest

from annotator import cli


@pytest.fixture
def run(capfd, monkeypatch):
    """Give a command its words; return its status and what it printed and complained of."""

    def given(*words):
        monkeypatch.setattr(sys, "argv", ["certilabel", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        told = capfd.readouterr()
        return end.value.code, told.out.replace("\N{NO-BREAK SPACE}", " "), told.err

    return given
