"""Names read from source are those of the imported tables."""

from annotator.catalog import names
from ssl_core.acquire import ACQUIRE, ASKS
from ssl_core.backbones import BACKBONES
from ssl_core.data.presets import PRESETS


def test_policies_presets_and_backbones_equal_their_tables():
    """The literal keys, in their order, and what each policy asks first."""
    assert names.policies() == tuple(ACQUIRE)
    assert names.asks() == ASKS
    assert names.presets() == tuple(PRESETS)
    assert names.backbones() == tuple(BACKBONES)
