"""The whole app behind one address: pages, authorized images and the worker's start.

`streamlit run app.py` and `uvicorn app:app` both serve it. The workspace is the folder that the
environment variable CERTILABEL_WORKSPACE names (default: `demo`). What an installed package serves
is `annotator/ui/web/app.py`: Streamlit wants to see the call of `st.App` in the script itself.
"""

import streamlit as st

from annotator.ui.gate.gate import login_secrets, middleware
from annotator.ui.web.server import MAIN, ROUTES, lifespan

app = st.App(
    MAIN, routes=ROUTES, middleware=middleware(), secrets=login_secrets(), lifespan=lifespan
)
