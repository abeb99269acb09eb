"""Workspaces with a finished round and an audit, answered by somebody who knows the truth."""

from __future__ import annotations

from pathlib import Path

from annotator.model.auditing.plans import Terms
from annotator.service import Service
from tests.annotator import invented, small

TERMS = Terms(target="0.9", confidence="0.9")  # 22 labels are the least in a large pool


def ready(
    root: Path,
    n: int = 160,
    says: invented.Says = invented.truly,
    kinds: tuple[str, ...] = small.KINDS[:2],
) -> Service:
    """A workspace whose round is right as `says`, with ten labels that it learned from."""
    service = small.workspace(root, n, kinds, test_share=0.1, least_look=0)
    small.answer(service, 10)
    invented.finish_round(service, says)
    return service


def other(name: str) -> str:
    """The other of the two kinds."""
    return small.KINDS[1 - small.KINDS.index(name)]


def answer(
    service: Service,
    *,
    wrong: tuple[int, ...] = (),
    kinds: dict[int, str] | None = None,
    by: str = "anna",
    client: str = "auditor",
    most: int = 10_000,
) -> list[int]:
    """Answer what the queue asks until the audit waits for nothing; returns the images asked.

    Args:
        service: with an open audit.
        wrong: images that are answered otherwise than their names say.
        kinds: image id -> kind of event other than a label.
        by: who answers.
        client: of the page.
        most: answers at most.
    """
    asked: list[int] = []
    while len(asked) < most:
        progress = service.certify.status()
        if progress is None or not progress.waiting - progress.elsewhere:
            break
        image = service.lease(client, by, 1)[0].image
        name = small.truth(image.name)
        seq = service.store.labels.acknowledged(client) + 1
        event = small.event(
            service,
            image,
            (kinds or {}).get(image.id, "label"),
            seq=seq,
            client=client,
            name=other(name) if image.id in wrong else name,
        )
        assert not service.record([event], by).refused
        asked.append(image.id)
    return asked
