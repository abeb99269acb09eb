"""The login's own routes: what another site may not ask in a person's name."""

import pytest

from annotator.ui.gate.entrance import Entrance
from annotator.ui.gate.oidc import Oidc
from tests.annotator.asgi import Recorder, request

LED = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/auth/logout", "/lab/auth/logout"])
def test_another_site_signs_nobody_out(site, path):
    """A link or a window of a foreign page leads there with the person's cookie."""
    app = Recorder()
    gate = Entrance(app, Oidc(), "/lab" if path.startswith("/lab") else "")
    answer = request(gate, path, LED | {"Sec-Fetch-Site": site})
    assert answer.status == 403
    assert "you still are signed in" in answer.text
    assert app.paths == []


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_an_own_page_and_a_typed_address_do(site):
    """And so does a browser that says nothing of pages."""
    app = Recorder()
    headers = LED | ({"Sec-Fetch-Site": site} if site else {})
    assert request(Entrance(app, Oidc()), "/auth/logout", headers).status == 200
    assert app.paths == ["/auth/logout"]
