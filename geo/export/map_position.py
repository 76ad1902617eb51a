"""Where a map is opened, as values and as the short text of an address."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass

_LIMITS: dict[str, tuple[float, float]] = {"lat_deg": (-90, 90), "lon_deg": (-180, 180), "zoom": (0, 22)}
_SHORT = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?)_(-?\d{1,3}(?:\.\d{1,6})?)_(\d{1,2}(?:\.\d{1,3})?)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class MapPosition:
    """Where a map is opened: middle in degrees (WGS84), and zoom level as Leaflet counts it."""

    lat_deg: float
    lon_deg: float
    zoom: float

    @property
    def short(self) -> str:
        """The text of an address: 33.5_70.25_8, precise to about ten metres."""
        return "_".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in astuple(self))


def from_values(values: object) -> MapPosition | None:
    """Return the position that a mapping with the names of its fields states; None for anything else."""
    if not isinstance(values, dict) or set(values) != set(_LIMITS):
        return None
    if not all(
        type(values[name]) in (int, float) and low <= values[name] <= high for name, (low, high) in _LIMITS.items()
    ):
        return None
    return MapPosition(**{name: float(value) for name, value in values.items()})


def from_short(text: object) -> MapPosition | None:
    """Return the position that a text of an address states; None for any other text."""
    found = _SHORT.match(text) if isinstance(text, str) else None
    return from_values(dict(zip(_LIMITS, map(float, found.groups()), strict=True))) if found else None
