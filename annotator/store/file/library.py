"""sqlite-utils without pandas, which it would import to know one more type of value.

That would be a fifth of what each command and each worker takes to start.
"""

from __future__ import annotations

import sys

_PANDAS = "pandas"
_absent = _PANDAS not in sys.modules
if _absent:
    sys.modules[_PANDAS] = None  # type: ignore[assignment]  # an import of it fails, as it may
try:
    import sqlite_utils
finally:
    if _absent:
        del sys.modules[_PANDAS]

__all__ = ["sqlite_utils"]
