"""Fetching from the services themselves, when a person asks for it: whole replies in, one file for the readers out.

Records are not parsed here. Replies are kept byte for byte and read by geo.ingest, like any upload.
"""

from __future__ import annotations

from geo.fetch.connection import Connection, FetchError, NotThere
from geo.fetch.replies import fetch
from geo.fetch.services import acled, ucdp

__all__ = ["Connection", "FetchError", "NotThere", "acled", "fetch", "ucdp"]
