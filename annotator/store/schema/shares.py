"""How likely each class was to a round's model, image by image."""

from __future__ import annotations

# shares: of the classes that the round knew, in its order, 16 bits each. NULL in older rounds
SHARES = ("ALTER TABLE prediction ADD COLUMN shares BLOB",)
