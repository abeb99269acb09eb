"""What the image route makes of an address."""

from urllib.parse import parse_qs, urlsplit

from annotator.model import VARIANTS


def asked(service, address):
    """Bytes and MIME type behind it; None where it opens nothing."""
    split = urlsplit(address)
    query = {key: values[0] for key, values in parse_qs(split.query).items()}
    number = int(split.path.rpartition("/")[2])
    variant = next(each for each in VARIANTS if not each or each in query)
    return service.picture(number, query["until"], query["sig"], variant, query.get("page", ""))
