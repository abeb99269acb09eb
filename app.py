"""The whole app behind one address: pages, authorized images and the worker's start.

`streamlit run app.py` and `uvicorn app:app` both serve it. The workspace is the folder that the
environment variable CERTILABEL_WORKSPACE names (default: `demo`).
"""

import streamlit as st
from starlette.routing import Route

from annotator.ui.server import lifespan, picture

app = st.App(
    "annotator/ui/main.py",
    routes=[Route("/img/{image_id:int}", picture)],
    lifespan=lifespan,
)
