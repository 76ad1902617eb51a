"""Many or large files as one batch: cut into pieces that threads or a cluster read, check and locate on their own.

Importing this package loads nothing heavy.
"""

from __future__ import annotations

from geo.bulk.plan import BulkOptions
from geo.bulk.run import BulkResult, load, register

__all__ = ["BulkOptions", "BulkResult", "load", "register"]
