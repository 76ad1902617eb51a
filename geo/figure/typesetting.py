"""The only module that typesets: values to PNG, SVG and PDF by typst, without network, system fonts or the clock.

Texts travel to typst as JSON data and are shown as text; no text of a file is ever markup there.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from geo.figure.letters import FONTS, drawable

Kind = Literal["png", "png2", "png3", "svg", "pdf"]
TEMPLATES = Path(__file__).with_name("templates")
PDF_STANDARDS = ("a-3a", "ua-1")
# A point of the page is two pixels of the smallest picture: about 1,150 pixels wide.
_PIXELS_PER_INCH: dict[str, float] = {"png": 144.0, "png2": 288.0, "png3": 432.0}
# One document at a time: typst uses every core for one.
_LOCK = threading.Lock()


def typst_version() -> str:
    """Return the version of the typesetter, on which the bytes of a file depend."""
    return version("typst")


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def typeset(template: str, values: Mapping[str, Any], kind: Kind, day: date, files: Mapping[str, str]) -> bytes:
    """Return one document: `values` (JSON) put into a template of geo/figure/templates.

    day: the date that a PDF states. files: texts that a PDF carries, by name. Equal arguments give equal bytes.
    """
    import typst

    attached = [_attachment(name, text) for name, text in files.items()] if kind == "pdf" else []
    options: dict[str, Any] = {"format": "png" if kind in _PIXELS_PER_INCH else kind}
    if kind in _PIXELS_PER_INCH:
        options["ppi"] = _PIXELS_PER_INCH[kind]
    if kind == "pdf":
        options |= {
            "pdf_standards": list(PDF_STANDARDS),
            "timestamp": datetime(day.year, day.month, day.day, tzinfo=UTC),
        }
    with _LOCK:
        made = typst.compile(
            TEMPLATES / template,
            root=TEMPLATES,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"values": json.dumps(_drawable(values)), "files": json.dumps(attached)},
            **options,
        )
    return bytes(made)


def _attachment(name: str, text: str) -> dict[str, str]:
    """Return a file as the template attaches it: what it is, in the words of PDF/A-3."""
    mime = {"csv": "text/csv", "toml": "application/toml", "json": "application/json"}[name.rsplit(".", 1)[-1]]
    relation = "data" if mime == "text/csv" else "source"
    return {"name": name, "text": text, "mime": mime, "relation": relation, "description": name}


def with_description(drawing: bytes, title: str, description: str) -> bytes:
    """Return an SVG that names itself: a title and a description for those who do not see it."""
    named = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    text = drawing.decode("utf-8")
    label = f'role="img" aria-label={quoteattr(title)}'
    return re.sub(r"<svg ([^>]*)>", lambda found: f"<svg {label} {found[1]}>{named}", text, count=1).encode()


def _drawable(values: Any) -> Any:
    """Return JSON values whose texts hold only characters that the fonts have; drawings are made of such already."""
    if isinstance(values, str):
        return drawable(values) if not values.startswith("<svg ") else values
    if isinstance(values, Mapping):
        return {key: _drawable(value) for key, value in values.items()}
    return [_drawable(value) for value in values] if isinstance(values, list | tuple) else values
