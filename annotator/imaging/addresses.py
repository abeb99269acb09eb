"""Image addresses that carry their own permission: an expiry and an HMAC over what may be seen."""

from __future__ import annotations

import hmac
import time

HOUR = 3600  # an address stays the same for an hour, so that browsers can keep the picture


def sign(secret: bytes, image_id: int, until: int, variant: str) -> str:
    """Hexadecimal HMAC-SHA256 over the image, the expiry (unix seconds) and the variant."""
    message = f"{image_id}:{until}:{variant}".encode()
    return hmac.new(secret, message, "sha256").hexdigest()[:32]


def address(secret: bytes, image_id: int, variant: str) -> str:
    """A relative address that is good for one to two hours."""
    until = (int(time.time()) // HOUR + 2) * HOUR
    signature = sign(secret, image_id, until, variant)
    suffix = f"&{variant}=1" if variant else ""
    return f"/img/{image_id}?until={until}&sig={signature}{suffix}"


def allows(secret: bytes, image_id: int, until: str, signature: str, variant: str) -> bool:
    """Whether an address was made here, for this image, and has not expired."""
    if not until.isdecimal() or int(until) < time.time():
        return False
    return hmac.compare_digest(sign(secret, image_id, int(until), variant), signature)
