"""Label Studio as a peer of the labeler: its server, a project of images, and its page of tasks.

It is no dependency: it runs from an environment of its own, whose `label-studio` the variable
LABEL_STUDIO names. Nothing of it is on while it is measured that would ask the network.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import APIRequestContext, Browser, BrowserContext

MAIL, PASSWORD = "bench@example.org", "certilabel-bench"
SIZE = {"width": 1280, "height": 720}
CHOICES = "".join(f'<Choice value="{each}" hotkey="{key}"/>' for key, each in enumerate("abc", 1))
CONFIG = (
    '<View><Image name="image" value="$image"/>'
    f'<Choices name="choice" toName="image" choice="single">{CHOICES}</Choices></View>'
)
SUBMIT = "Control+Enter"  # after the key of a choice
QUIET = {
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
}
STARTING = 300  # seconds: it makes its database first


class Project(NamedTuple):
    """A project of images, for somebody who has logged in."""

    context: BrowserContext
    address: str
    number: int

    @property
    def tasks(self) -> str:
        """The page that asks one image after the other."""
        return f"{self.address}/projects/{self.number}/data?labeling=1"

    def annotations(self) -> int:
        """How many are stored."""
        found = self.context.request.get(f"{self.address}/api/projects/{self.number}/").json()
        return int(found["total_annotations_number"])

    def version(self) -> str:
        """Of Label Studio."""
        return str(self.context.request.get(f"{self.address}/api/version").json()["release"])


@contextmanager
def project(browser: Browser, command: str, root: Path, images: Path) -> Iterator[Project]:
    """Serve Label Studio, and put all images of a folder into a project."""
    with _served(command, root) as address:
        context = browser.new_context(viewport=SIZE)
        page = context.new_page()
        page.goto(f"{address}/user/login/")
        page.fill("input[name=email]", MAIL)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "login" not in url)
        page.close()
        yield Project(context, address, _filled(context.request, context, address, images))
        context.close()


def _filled(request: APIRequestContext, context: BrowserContext, address: str, images: Path) -> int:
    tokens = [each["value"] for each in context.cookies() if each["name"] == "csrftoken"]
    headers = {"X-CSRFToken": tokens[0], "Referer": address} if tokens else {}
    made = request.post(
        f"{address}/api/projects/",
        data={"title": "benchmark", "label_config": CONFIG},
        headers=headers,
    )
    number = int(made.json()["id"])
    for path in sorted(images.glob("*.jpg")):
        file = {"name": path.name, "mimeType": "image/jpeg", "buffer": path.read_bytes()}
        request.post(
            f"{address}/api/projects/{number}/import", multipart={"file": file}, headers=headers
        )
    return number


@contextmanager
def _served(command: str, root: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root.mkdir()
    user = ["--username", MAIL, "--password", PASSWORD, "--data-dir", str(root)]
    process = subprocess.Popen(
        [command, "start", "--no-browser", "--internal-host", "127.0.0.1", "-p", str(port), *user],
        env=os.environ | QUIET,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(STARTING):
            try:
                urllib.request.urlopen(f"{address}/user/login/", timeout=1).close()
                break
            except OSError:
                time.sleep(1)
        yield address
    finally:
        process.terminate()
        process.wait()
