"""KP Incident Atlas: read, locate, count and map recorded incidents in Khyber Pakhtunkhwa.

    import geo

    atlas = geo.open()
    atlas.by_district(geo.Filters(fatal_only=True), per="per_100k").plot("value")

Importing this package loads nothing heavy. See docs/python.md.
"""

from __future__ import annotations

VERSION = "0.1.0"

TYPE_CHECKING = False  # typing is not needed for anything else
if TYPE_CHECKING:
    from geo.atlas import Atlas
    from geo.filters import Filters as Filters
    from geo.settings import StorePlace


def open(store: str | StorePlace | None = None) -> Atlas:
    """Open the atlas on the store of the settings, or on the folder `store`; it is created at first use.

    Raises StoreError, BadSetting or DamagedData, each with the remedy.
    """
    from geo.atlas import Atlas

    return Atlas.open(store)


def __getattr__(name: str) -> object:
    if name == "Filters":
        from geo.filters import Filters

        return Filters
    raise AttributeError(f"module 'geo' has no attribute {name!r}")
