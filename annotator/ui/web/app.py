"""The script that `certilabel serve` runs; the settings in `.streamlit` beside it hold for it.

It has a folder of its own because Streamlit puts the folder of its script on Python's path.
"""

import streamlit as st
from starlette.middleware import Middleware

from annotator.ui.gate.gate import login_secrets, middleware
from annotator.ui.web.sending import Sending
from annotator.ui.web.server import MAIN, ROUTES, lifespan

app = st.App(
    MAIN,
    routes=ROUTES,
    middleware=[*middleware(), Middleware(Sending)],
    secrets=login_secrets(),
    lifespan=lifespan,
)
