"""The import on the page Data without a browser: drawn, filled in, pressed, and what it says."""

import time

from streamlit.testing.v1 import AppTest

TIMEOUT = 180  # seconds: the first run imports what pages draw with


def script(service):
    import streamlit as st

    from annotator.ui.parts.bringing import bring_in, report, under_way

    now = under_way(service)
    report(service, now, lambda: st.caption("Label images"))
    bring_in(service, now)


def drawn(service):
    return AppTest.from_function(script, kwargs={"service": service}).run(timeout=TIMEOUT)


def press(app, label):
    """Press a button, and wait until the import needs somebody."""
    [button] = [each for each in app.button if each.label == label]
    app = button.click().run(timeout=TIMEOUT)
    until = time.monotonic() + TIMEOUT
    while "Go on labeling meanwhile" in " ".join(each.value for each in app.caption):
        assert time.monotonic() < until
        app = app.run(timeout=TIMEOUT)
    return app


def box(app, words):
    [found] = [each for each in app.checkbox if words in each.label]
    return found


def sending(app, label):
    [found] = [each for each in app.file_uploader if each.label.startswith(label)]
    return found


def read(app, source, *, folders=True):
    [field] = [each for each in app.text_input if "on the server" in each.label]
    field.set_value(str(source))
    if folders:
        box(app, "Folder names").check()
    return press(app, "Import")


def told(app):
    kinds = (app.markdown, app.success, app.error, app.warning)
    return " ".join(each.value.replace("\\", "") for kind in kinds for each in kind)
