"""A login by OpenID Connect, against a provider on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.service import Service
from tests.browser.labeling import open_labeler, press, ready, saved
from tests.browser.provider import Provider, provider
from tests.browser.serving import serving
from tests.browser.test_serve import CERTILABEL, status
from tests.browser.workspaces import workspace

pytest.importorskip("authlib", reason="a login needs Authlib: pip install 'certilabel[login]'")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Provider, Path]]:
    """The app behind a login, its provider, and its workspace."""
    work = workspace(tmp_path / "work", images=70)
    with provider() as state:
        login = tmp_path / "login.toml"
        login.write_text(
            f"""[auth]
            redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
            client_id = "certilabel"
            client_secret = "secret"
            server_metadata_url = "{state.url}/.well-known/openid-configuration"
            """
        )
        command = [*CERTILABEL, "serve", str(work), "--auth", f"oidc:{login}", "--port"]
        with serving(command, tmp_path / "log", tmp_path) as url:
            yield url, state, work


def sign_in(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="Sign in").click()
    ready(page)


def test_a_login_names_who_labels_and_ends_with_the_logout(page: Page, site):
    """Before it, nothing is answered; after the logout the very same cookies open nothing."""
    url, state, work = site
    state.claims = {"sub": "7", "email": "anna@example.org", "email_verified": True}
    picture = Service.open(work).image_url(1)
    for path in ("/", "/rounds", "/_stcore/host-config", picture):
        assert status(url, path) == 401, path
    sign_in(page, url)
    press(page, "1")
    saved(page, 1)
    kept = page.context.cookies()
    sent = {"Cookie": "; ".join(f"{each['name']}={each['value']}" for each in kept)}
    assert status(url, picture, sent) == 200
    tab = page.context.new_page()
    open_labeler(tab, url)
    page.goto(f"{url}/settings")
    expect(page.get_by_text("anna@example.org").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert status(url, picture, sent) == 401
    tab.keyboard.press("2")  # another tab was open: what it sends is not taken any more
    tab.wait_for_timeout(2000)
    [label] = Service.open(work).store.labels.current()
    assert label.annotator == "anna@example.org"


def test_an_address_that_nobody_verified_is_no_name(page: Page, site):
    """Anyone may type another's into an account; the provider's own id is the name then."""
    url, state, work = site
    state.claims = {"sub": "8", "email": "anna@example.org"}
    sign_in(page, url)
    press(page, "1")
    saved(page, 1)
    [label] = Service.open(work).store.labels.current()
    assert label.annotator == f"{state.url}#8"


def test_a_session_that_began_long_ago_is_over(page: Page, site):
    """Streamlit's cookie would be good for a month."""
    url, state, _ = site
    state.claims = {"sub": "9", "iat": int(time.time()) - 13 * 3600}
    page.goto(url)
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_text("A session ends after twelve hours")).to_be_visible()
    assert page.locator(".stage").count() == 0
