"""Numbers of charts as the language of whoever looks writes them."""

from __future__ import annotations

from typing import Any

from annotator.ui.words.language import language
from annotator.ui.words.table import TABLES


def localized(chart: Any) -> Any:
    """A chart of Altair whose axes and tooltips write numbers so; in English, the chart itself."""
    table = TABLES.get(language())
    if table is None:
        return chart
    number = {
        "decimal": table.decimal,
        "thousands": table.thousands,
        "grouping": [3],
        "currency": ["", ""],
        "percent": "\N{NO-BREAK SPACE}%",
    }
    return chart.configure(locale={"number": number})
