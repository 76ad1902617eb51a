"""Points in one fixed order, packed once: what a filter shows of them is one bit for each."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Bounds = tuple[float, float, float, float]
PACKED_BYTES = 5


@dataclass(frozen=True, eq=False)
class PointTable:
    """Incidents with coordinates, whatever a filter keeps of them: about 30 bytes a point, packed 5 more.

    lon_deg, lat_deg: float64, shape (n,), EPSG:4326, finite. is_near: bool (n,), False is exact.
    colour: uint8 (n,), position in the colours of a view (at most 127).
    positions: int64 (n,), where each point stands in the table it came from; what a click returns.
    Incidents of one place appear in its pop-up in the order of these arrays.
    """

    lon_deg: NDArray[np.float64]
    lat_deg: NDArray[np.float64]
    is_near: NDArray[np.bool_]
    colour: NDArray[np.uint8]
    positions: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lon_deg)

    @cached_property
    def bounds(self) -> Bounds:
        """West, south, east, north of the points in degrees; a degree square if there are none."""
        if not len(self):
            return 71.0, 33.0, 72.0, 34.0
        west, east = float(self.lon_deg.min()), float(self.lon_deg.max())
        south, north = float(self.lat_deg.min()), float(self.lat_deg.max())
        # A single place has no extent; a thousandth of a degree keeps the steps finite.
        return west, south, max(east, west + 1e-3), max(north, south + 1e-3)

    @cached_property
    def packed(self) -> bytes:
        """5 bytes a point: all longitudes, then latitudes (uint16 within `bounds`), then precision and colour.

        Little-endian. A step is the 65,535th part of the extent: under 10 m for the province, far below any precision.
        """
        west, south, east, north = self.bounds
        lon = _steps(self.lon_deg, west, east)
        lat = _steps(self.lat_deg, south, north)
        kind = self.colour.astype(np.uint8) | (self.is_near.astype(np.uint8) << 7)
        return lon.tobytes() + lat.tobytes() + kind.tobytes()

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the packed points."""
        return hashlib.sha256(self.packed).digest()

    @cached_property
    def checksum(self) -> int:
        """CRC-32 of the positions: differs between tables in the tokens of clicks."""
        return zlib.crc32(self.positions.tobytes())

    def part(self, shown: NDArray[np.bool_]) -> PointTable:
        """Return the points for which `shown`, bool (n,), is true, in the same order."""
        return PointTable(
            self.lon_deg[shown], self.lat_deg[shown], self.is_near[shown], self.colour[shown], self.positions[shown]
        )


def _steps(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.uint16]:
    return np.rint((values - low) * (65535 / (high - low))).astype("<u2")
