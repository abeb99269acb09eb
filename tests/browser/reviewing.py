"""What a test does and sees on the Review page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

CARD = ".card[aria-selected=true]"
LACKING = """(number) => {
    const host = document.querySelector('[data-testid=stBidiComponentIsolated]');
    const pictures = [...host.shadowRoot.querySelectorAll('.card img')];
    return pictures.filter((each) => !each.complete || !each.naturalWidth).length === number;
}"""
TIMED = """() => {
    // ms from each key to the frame that shows what it did, but for those that end a page of cards
    const host = document.querySelector('[data-testid=stBidiComponentIsolated]');
    const cards = () => [...host.shadowRoot.querySelectorAll('.card')];
    const state = () => cards().map(({ dataset, ariaSelected }) =>
        [dataset.image, dataset.decided, ariaSelected].join()).join(';');
    window.answered = [];
    addEventListener('keydown', (key) => {
        const before = state();
        const look = () => {
            if (state() === before) requestAnimationFrame(look);
            else if (cards().some(({ dataset }) => dataset.decided === undefined) && !ended)
                window.answered.push(performance.now() - key.timeStamp);
        };
        const ended = cards().every(({ dataset }) => dataset.decided !== undefined);
        requestAnimationFrame(look);
    }, {capture: true});
}"""


def selected(page: Page) -> int:
    return int(page.locator(CARD).get_attribute("data-image") or 0)


def ready(page: Page) -> None:
    """Wait until the pictures of all cards have come to the eye: before that nothing counts."""
    page.locator(".cards[data-painted]").wait_for()
    page.wait_for_function(LACKING, arg=0)


def ids(page: Page, which: str = ".card") -> list[int]:
    return [int(each.get_attribute("data-image") or 0) for each in page.locator(which).all()]


def turned(page: Page, before: str) -> None:
    """Wait until other cards are there."""
    expect(page.locator(f".card[data-image='{before}']")).to_have_count(0)
    ready(page)
