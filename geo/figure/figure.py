"""A sheet as a file: PNG in three sizes, SVG, or a PDF that carries what it was drawn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from geo.figure import charts, lines, maps, small_maps, steps
from geo.figure.sheet import MAPS, Form, Sheet
from geo.figure.typesetting import Kind, typeset, with_description
from geo.wording import in_language

KINDS: tuple[Kind, ...] = ("png", "png2", "png3", "svg", "pdf")
MIME: dict[Kind, str] = {
    "png": "image/png",
    "png2": "image/png",
    "png3": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
AUTHOR = "KP Incident Atlas"
_DRAWN: dict[Form, Callable[[Sheet], str]] = {
    **dict.fromkeys(MAPS, maps.draw),
    "years": small_maps.draw,
    "time": charts.draw,
    "lines": lines.by_year,
    "steps": steps.draw,
    "ranking": charts.draw,
    "intervals": lines.intervals,
    "ratios": lines.ratios,
    "dots": lines.dots,
}


def draw(sheet: Sheet, kind: Kind) -> bytes:
    """Return the figure of a sheet as a file of a kind; equal sheets give equal bytes."""
    with in_language(sheet.language):
        drawing = _DRAWN[sheet.form](sheet)
    made = typeset("figure.typ", _values(sheet, drawing), kind, sheet.day, sheet.files())
    return with_description(made, sheet.title, sheet.alt) if kind == "svg" else made


def _values(sheet: Sheet, drawing: str) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "author": AUTHOR,
        "lang": sheet.language if sheet.language != "qps" else "en",
        "lines": sheet.lines,
        "legend_title": sheet.legend_title,
        "counted": sheet.counted,
        "keys": [asdict(key) for key in sheet.keys],
        "notes": sheet.notes,
        "facts": sheet.facts,
        "alt": sheet.alt,
        "drawing": drawing,
        "is_map": sheet.form in MAPS,
    }
