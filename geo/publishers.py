"""Who published a page: the site of its address, the same for all pages of one publisher."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

# Labels under which countries register sites: dawn.com is a site, com.pk is none.
_REGISTRY_LABELS = frozenset({"com", "co", "org", "net", "gov", "gob", "gop", "edu", "ac", "info"})
# An archive keeps pages of others: the publisher is in the address that follows.
_ARCHIVED = re.compile(r"https?://(?:web\.)?archive\.(?:org|ph|is|today)/(?:web/)?[^/]*/(https?://.+)\Z", re.IGNORECASE)
_NUMERIC_HOST = re.compile(r"[\d.]+\Z|.*:")


def web_address(text: str | None) -> str | None:
    """Return the text if it is an http or https address with a host, else None."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None


def publisher(address: str | None) -> str | None:
    """Return the site that published a page, such as "dawn.com", or None for what is no web address.

    Sub-domains are dropped, and of an archived copy the site of the original is returned.
    """
    if not (address := web_address((address or "").strip())):
        return None
    if archived := _ARCHIVED.match(address):
        return publisher(archived[1])
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return None
    if not host or _NUMERIC_HOST.match(host):
        return host or None
    labels = host.split(".")
    is_national = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _REGISTRY_LABELS
    return ".".join(labels[-3 if is_national else -2 :])


def publishers(addresses: Iterable[str | None]) -> tuple[str, ...]:
    """Return the different publishers of some pages, in the order in which they first appear."""
    return tuple(dict.fromkeys(site for address in addresses if (site := publisher(address))))
