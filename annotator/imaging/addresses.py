"""Image addresses that carry their own permission: an expiry and an HMAC over what may be seen."""

from __future__ import annotations

import hmac
import re
import time

HOUR = 3600  # an address stays the same for an hour, so that browsers can keep the picture

# What addresses made here are made of, and nothing longer: a number of any other script or of
# thousands of digits is one to `str.isdecimal`, and an id beyond 64 bits is none to the database
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_SIGNATURE = re.compile(r"[0-9a-f]{32}")


def sign(secret: bytes, image_id: int, until: int, variant: str) -> str:
    """Hexadecimal HMAC-SHA256 over the image, the expiry (unix seconds) and the variant."""
    message = f"{image_id}:{until}:{variant}".encode()
    return hmac.new(secret, message, "sha256").hexdigest()[:32]


def address(secret: bytes, image_id: int, variant: str, page: int = 0) -> str:
    """A relative address that is good for one to two hours.

    The page of a document is not signed: the signature is for all of them.
    """
    until = (int(time.time()) // HOUR + 2) * HOUR
    signature = sign(secret, image_id, until, variant)
    suffix = f"&{variant}=1" if variant else ""
    turned = f"&page={page}" if page else ""
    return f"/img/{image_id}?until={until}&sig={signature}{suffix}{turned}"


def page_of(text: str) -> int | None:
    """The number of a page that an address asks for; None if it is of no form that is made here."""
    return int(text) if _NUMBER.fullmatch(text) else None


def image_of(id_: str, until: str, signature: str) -> int | None:
    """The image that an address asks for; None if its parts are of no form that is made here.

    An address without expiry and signature asks for an image too, though `allows` refuses it.
    """
    until_made = not until or _NUMBER.fullmatch(until)
    signature_made = not signature or _SIGNATURE.fullmatch(signature)
    return int(id_) if _NUMBER.fullmatch(id_) and until_made and signature_made else None


def allows(secret: bytes, image_id: int, until: str, signature: str, variant: str) -> bool:
    """Whether an address was made here, for this image, and has not expired."""
    if image_of(str(image_id), until, signature) is None or int(until or 0) < time.time():
        return False
    return hmac.compare_digest(sign(secret, image_id, int(until), variant), signature)
