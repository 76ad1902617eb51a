"""What a map shows, as values: filled districts, points, legends. No folium, no Streamlit."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Shape = Literal["area", "pin", "soft", "badge", "cluster"]
Mode = Literal["pins", "heat", "hex"]
Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend; `shape` is what the entry looks like on the map.

    Hatched: lines over the colour, or over grey without one.
    """

    label: str
    colour: str = ""
    is_hatched: bool = False
    shape: Shape = "area"


@dataclass(frozen=True, slots=True)
class Legend:
    """Title, entries from top to bottom, and notes: period, source, what is left out."""

    title: str
    entries: tuple[LegendEntry, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DistrictValue:
    """What one district shows: the position of its legend entry, and the (label, value) lines of its card."""

    pcode: str
    entry: int
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoroplethView:
    """Filled districts. A district without a value is drawn plain; `selected` are outlined P-codes."""

    legend: Legend
    districts: tuple[DistrictValue, ...]
    selected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentTexts:
    """Texts of the pop-ups. fields: labels, the first is the heading of an incident.

    rows: one tuple of texts for each point, "" is left out. links: address of the source page or "" for each point.
    """

    fields: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Density:
    """Classes of the smoothed surface (incidents per 1,000 km2) or of the hexagons (incidents).

    breaks: lower ends of the classes, rising. colours: one for each. Lengths on the ground in km.
    """

    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    exact_km: float = 10.0
    near_km: float = 25.0
    hex_km: float = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class PointsView:
    """Incidents with coordinates, and the numbers of those known only to the district.

    lon_deg, lat_deg: float64, shape (n,), EPSG:4326, finite. is_near: bool (n,), False is exact.
    colour: uint8 (n,), position in `colours` (at most 127).
    Incidents of one place appear in its pop-up in the order of these arrays.
    badges: (P-code, count) of incidents known only to the district.
    positions: where each point stands in the table it came from; what a click returns.
    texts: pop-up texts of the n points, or None when they are too many: then a click returns positions.
    density: needed in the modes "heat" and "hex".
    """

    legend: Legend
    lon_deg: NDArray[np.float64]
    lat_deg: NDArray[np.float64]
    is_near: NDArray[np.bool_]
    colour: NDArray[np.uint8]
    colours: tuple[str, ...]
    positions: NDArray[np.int64]
    badges: tuple[tuple[str, int], ...] = ()
    texts: IncidentTexts | None = None
    mode: Mode = "pins"
    density: Density | None = None
    selected: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lon_deg)

    @property
    def token(self) -> str:
        """A short text that differs between sets of points; a click carries that of the points it means."""
        return f"{len(self)}-{zlib.crc32(self.positions.tobytes()):08x}"


@dataclass(frozen=True, slots=True)
class Tiles:
    """An online background: used only when the reader asks for it."""

    url: str
    credit: str
    max_zoom: int = 19


OPEN_STREET_MAP = Tiles(
    "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "Background: OpenStreetMap contributors, ODbL; loaded from tile.openstreetmap.org.",
)


def payload(
    choropleth: ChoroplethView | None,
    points: PointsView | None,
    *,
    theme: str,
    tiles: Tiles | None = None,
    points_file: str | None = None,
) -> dict[str, Any]:
    """Return everything of an update but the packed points, ready for JSON. No geometry is in it.

    points_file: address of the packed points if they do not come with the update.
    """
    selected = (choropleth.selected if choropleth else ()) or (points.selected if points is not None else ())
    return {
        "theme": theme,
        "selected": list(selected),
        "choropleth": _choropleth(choropleth) if choropleth else None,
        "points": _points(points, points_file) if points is not None else None,
        "tiles": {"url": tiles.url, "credit": tiles.credit, "max_zoom": tiles.max_zoom} if tiles else None,
    }


def packed_points(points: PointsView) -> bytes:
    """Return 5 bytes a point: all longitudes, then latitudes (uint16 within `bounds`), then precision and colour.

    Little-endian. A step is the 65,535th part of the extent: under 10 m for the province, far below any precision.
    """
    west, south, east, north = bounds(points)
    lon = _steps(points.lon_deg, west, east)
    lat = _steps(points.lat_deg, south, north)
    kind = points.colour.astype(np.uint8) | (points.is_near.astype(np.uint8) << 7)
    return lon.tobytes() + lat.tobytes() + kind.tobytes()


def bounds(points: PointsView) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the points in degrees; a degree square if there are none."""
    if not len(points):
        return 71.0, 33.0, 72.0, 34.0
    west, east = float(points.lon_deg.min()), float(points.lon_deg.max())
    south, north = float(points.lat_deg.min()), float(points.lat_deg.max())
    # A single place has no extent; a thousandth of a degree keeps the steps finite.
    return west, south, max(east, west + 1e-3), max(north, south + 1e-3)


def base64_text(data: bytes) -> str:
    """Return bytes as base64 text."""
    return base64.b64encode(data).decode("ascii")


def _steps(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.uint16]:
    return np.rint((values - low) * (65535 / (high - low))).astype("<u2")


def _legend(legend: Legend) -> dict[str, Any]:
    return {
        "title": legend.title,
        "entries": [
            {"label": entry.label, "colour": entry.colour, "hatched": entry.is_hatched, "shape": entry.shape}
            for entry in legend.entries
        ],
        "notes": list(legend.notes),
    }


def _choropleth(view: ChoroplethView) -> dict[str, Any]:
    return {
        "legend": _legend(view.legend),
        "districts": {district.pcode: [district.entry, district.lines] for district in view.districts},
    }


def _points(view: PointsView, file: str | None) -> dict[str, Any]:
    return {
        "legend": _legend(view.legend),
        "mode": view.mode,
        "count": len(view),
        "token": view.token,
        "file": file,
        "bounds": bounds(view),
        "colours": list(view.colours),
        "badges": [list(badge) for badge in view.badges],
        "density": _density(view.density) if view.density else None,
        "texts": _texts(view.texts) if view.texts else None,
    }


def _density(density: Density) -> dict[str, Any]:
    return {
        "breaks": list(density.breaks),
        "colours": list(density.colours),
        "exact_km": density.exact_km,
        "near_km": density.near_km,
        "hex_km": density.hex_km,
    }


def _texts(texts: IncidentTexts) -> dict[str, Any]:
    """Each different text is sent once; rows hold its position."""
    position: dict[str, int] = {}

    def word(text: str) -> int:
        return position.setdefault(text, len(position))

    rows = [[word(text) for text in row] for row in texts.rows]
    links = [word(link) if link else -1 for link in texts.links]
    return {"fields": list(texts.fields), "rows": rows, "links": links, "words": list(position)}
