"""Every verb of the product: the only thing that pages and command line may call."""

from annotator.service.service import Service

__all__ = ["Service"]
