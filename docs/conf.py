"""The documentation's build: Markdown pages, equations as MathML, nothing from a network."""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import is_dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

sys.path.insert(0, str(Path(__file__).parents[1]))  # the docstrings are those of this checkout

project = "Certilabel"
author = "The Certilabel authors"
release = metadata.version("certilabel")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True  # as they are written
napoleon_use_ivar = True
napoleon_use_rtype = False
strip_signature_backslash = True  # or `classes_` loses its underscore
default_role = "literal"  # what docstrings have in single backquotes is code

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


def fields(_app: Any, kind: str, _name: str, found: Any, _options: Any, lines: list[str]) -> None:
    """List a dataclass's fields with the comment that stands behind each in the source."""
    if kind == "class" and is_dataclass(found):
        said = re.findall(r"^    (\w+): .*?  # (.+)$", inspect.getsource(found), re.MULTILINE)
        if said:
            lines += ["Attributes:", *(f"    {name}: {words}" for name, words in said), ""]


def setup(app: Any) -> dict[str, bool]:
    """Register the renderer of equations."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("autodoc-process-docstring", fields, priority=400)  # before napoleon reads them
    return {"parallel_read_safe": True, "parallel_write_safe": True}
