"""The documentation's build: Markdown pages, equations as MathML, nothing from a network."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

project = "Certilabel"
author = "The Certilabel authors"
release = metadata.version("certilabel")

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Certilabel"
html_static_path = ["_static"]
html_css_files = ["equations.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_math_renderer = "mathml"  # browsers draw it themselves, where MathJax would be fetched


def inline(translator: Any, node: nodes.math) -> None:
    """Write an equation within a line."""
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def block(translator: Any, node: nodes.math_block) -> None:
    """Write an equation of its own."""
    translator.body.append(convert(node.astext(), display="block"))
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Register the renderer of equations."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
