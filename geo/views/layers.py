"""What a map shows, as values: filled districts, points, legends. No folium, no Streamlit."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import compress
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo.export.map_position import MapPosition
from geo.views.point_table import PACKED_BYTES, Bounds, PointTable
from geo.wording import N_, _

# Up to this the points of a filter are sent whole: no file, and the browser keeps nothing.
_FEW_BYTES = 20_000

Shape = Literal["area", "pin", "soft", "badge", "cluster", "marked"]
Mode = Literal["pins", "heat", "hex"]
# Where a map looks at first: at the southern districts or at the whole province.
Frame = Literal["south", "whole"]
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
    """Filled districts. A district without a value is drawn plain; `selected` are outlined P-codes.

    marked: P-codes with a dotted outline, whatever their colour; the legend explains it in an entry of shape "marked".
    badges: (P-code, number or short text) drawn in a district, and badge_label what they are.
    """

    legend: Legend
    districts: tuple[DistrictValue, ...]
    selected: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    badges: tuple[tuple[str, int | str], ...] = ()
    badge_label: str = ""


@dataclass(frozen=True)
class IncidentTexts:
    """Texts of the pop-ups. fields: labels, the first is the heading of an incident.

    rows: one tuple of texts for each point, "" is left out. links: address of the source page or "" for each point.
    pages: address of the incident's own page, relative to the app's pages, or "" for each point; () for none at all.
    english: which field holds texts in English while the page is in another language, -1 for none.
    """

    fields: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]
    pages: tuple[str, ...] = ()
    english: int = -1

    def part(self, shown: NDArray[np.bool_]) -> IncidentTexts:
        """Return the texts of the points for which `shown`, bool (points,), is true."""
        rows = tuple(compress(self.rows, shown))
        links, pages = (tuple(compress(some, shown)) for some in (self.links, self.pages))
        return IncidentTexts(self.fields, rows, links, pages, self.english)

    @cached_property
    def without_pages(self) -> IncidentTexts:
        """The same without addresses of the app's pages, made once: what is kept of it is kept for every frame."""
        return replace(self, pages=())

    @cached_property
    def packed(self) -> bytes:
        """All of it as JSON for the map's script, put together once."""
        return json.dumps(_texts(self), separators=(",", ":")).encode("ascii")

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the packed texts."""
        return hashlib.sha256(self.packed).digest()


@dataclass(frozen=True, slots=True)
class Density:
    """Classes of the smoothed surface (incidents per 1,000 km²) or of the hexagons (incidents).

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

    table: every point that some filter may show. shown: bool, one for each of them, which this view shows; the n
    points below are these, in their order.
    colours: what the colour codes of the table mean.
    badges: (P-code, count) of incidents known only to the district.
    texts: pop-up texts of the n points, or None when they are too many: then a click returns positions.
    table_texts: those of every point of the table, where it is small: the same under every filter.
    density: needed in the modes "heat" and "hex".
    """

    legend: Legend
    table: PointTable
    shown: NDArray[np.bool_]
    colours: tuple[str, ...]
    badges: tuple[tuple[str, int], ...] = ()
    texts: IncidentTexts | None = None
    mode: Mode = "pins"
    density: Density | None = None
    selected: tuple[str, ...] = ()
    table_texts: IncidentTexts | None = None

    def __len__(self) -> int:
        return int(np.count_nonzero(self.shown))

    @property
    def positions(self) -> NDArray[np.int64]:
        """Where the n points stand in the table they came from."""
        return self.table.positions[self.shown]

    @property
    def bits(self) -> bytes:
        """`shown` as one bit for each point of the table, the first in the lowest bit."""
        return np.packbits(self.shown, bitorder="little").tobytes()

    @property
    def token(self) -> str:
        """A short text that differs between sets of points; a click carries that of the points it means."""
        return f"{len(self)}-{zlib.crc32(self.bits, self.table.checksum):08x}"


@dataclass(frozen=True, slots=True)
class SentPoints:
    """How the points of an update reach the browser.

    content: what comes with the update: packed points or, with `table_file`, one bit for each point of the table.
    bounds: the extent within which they were packed.
    table_file: address of the packed table, which the browser keeps, or None if there is no need of it.
    texts_file: address of the texts of the whole table, fetched when a pop-up is opened, or None if they are few.
    """

    content: bytes
    bounds: Bounds
    table_file: str | None = None
    texts_file: str | None = None


@dataclass(frozen=True, slots=True)
class GoTo:
    """Where the reader asked the map to move, and the words to write there. lat, lon: degrees; zoom: Leaflet's."""

    name: str
    lat: float
    lon: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Linked:
    """One of several maps of a page that move together: the key of them all, and what this one is called."""

    group: str
    name: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """An online background: used only when the reader asks for it."""

    url: str
    credit: str
    max_zoom: int = 19


OPEN_STREET_MAP = Tiles(
    "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    N_("Background: OpenStreetMap contributors, ODbL; loaded from tile.openstreetmap.org."),
)


def sent_points(points: PointsView, publish: Callable[[bytes, bytes], str] | None) -> SentPoints:
    """Return the way of the fewest bytes: few points by themselves, many as a choice from the table; so their texts.

    publish(content, its SHA-256) returns the address of a file; None: there can be none, as in a saved map.
    """
    texts, texts_file = points.table_texts, None
    if publish is not None and texts is not None and len(texts.packed) > _FEW_BYTES:
        texts_file = publish(texts.packed, texts.digest)
    if publish is None or PACKED_BYTES * len(points) <= max(_FEW_BYTES, len(points.table) // 8):
        part = points.table.part(points.shown)
        return SentPoints(part.packed, part.bounds, texts_file=texts_file)
    return SentPoints(points.bits, points.table.bounds, publish(points.table.packed, points.table.digest), texts_file)


def payload(
    choropleth: ChoroplethView | None,
    points: PointsView | None,
    *,
    theme: str,
    tiles: Tiles | None = None,
    sent: SentPoints | None = None,
    go_to: GoTo | None = None,
    linked: Linked | None = None,
    position: MapPosition | None = None,
) -> dict[str, Any]:
    """Return everything of an update but the content of its points, ready for JSON. No geometry is in it.

    sent: how the points reach the browser; needed if there are any. go_to: the map moves there once.
    linked: the map moves with others of its page. position: where a link opens the map.
    """
    selected = (choropleth.selected if choropleth else ()) or (points.selected if points is not None else ())
    return {
        "theme": theme,
        "selected": list(selected),
        "marked": list(choropleth.marked) if choropleth else [],
        "choropleth": {
            "legend": asdict(choropleth.legend),
            "districts": {district.pcode: [district.entry, district.lines] for district in choropleth.districts},
            "badges": [[*badge, choropleth.badge_label] for badge in choropleth.badges],
        }
        if choropleth
        else None,
        "points": _points(points, sent) if points is not None and sent is not None else None,
        "tiles": {**asdict(tiles), "credit": _(tiles.credit)} if tiles else None,
        "go_to": asdict(go_to) if go_to else None,
        "linked": asdict(linked) if linked else None,
        "position": asdict(position) if position else None,
    }


def _points(view: PointsView, sent: SentPoints) -> dict[str, Any]:
    return {
        "legend": asdict(view.legend),
        "mode": view.mode,
        "count": len(view),
        "token": view.token,
        "table": {"file": sent.table_file, "count": len(view.table)} if sent.table_file else None,
        "bounds": sent.bounds,
        "colours": list(view.colours),
        "badges": [list(badge) for badge in view.badges],
        "density": asdict(view.density) if view.density else None,
        "texts": _sent_texts(view, sent),
    }


def _sent_texts(view: PointsView, sent: SentPoints) -> dict[str, Any] | None:
    if sent.texts_file is not None:
        return {"file": sent.texts_file, "bits": base64.b64encode(view.bits).decode("ascii")}
    return _texts(view.texts) if view.texts else None


def _texts(texts: IncidentTexts) -> dict[str, Any]:
    """Each different text is sent once; rows hold its position."""
    position: dict[str, int] = {}

    def word(text: str) -> int:
        return position.setdefault(text, len(position))

    rows = [[word(text) for text in row] for row in texts.rows]
    links, pages = ([word(link) if link else -1 for link in some] for some in (texts.links, texts.pages))
    fields = {"fields": list(texts.fields), "english": texts.english}
    return fields | {"rows": rows, "links": links, "pages": pages, "words": list(position)}
