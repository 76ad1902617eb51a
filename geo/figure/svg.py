"""Small pieces of SVG: the only place where a drawing is written; every text is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from geo.figure.letters import drawable

INK, SOFT_INK, LINE, PAPER = "#14181d", "#565d66", "#c9ccd1", "#ffffff"
FONT = "Noto Sans, Noto Naskh Arabic"
_RIGHT_TO_LEFT_MARK = "\u200f"
_FIGURE_BEFORE_ARABIC = re.compile(r"[\W\d_]+[\u0620-\u06d3]")
# Width of an average letter of Noto Sans, in parts of the size of the font.
_LETTER = 0.56


def number(value: float) -> str:
    """Return a coordinate in points with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def tag(name: str, **attributes: object) -> str:
    """Return an empty element; underscores of attribute names become hyphens, None is left out."""
    stated = {key.replace("_", "-"): value for key, value in attributes.items() if value is not None}
    return f"<{name}{''.join(f' {key}={quoteattr(_text(value))}' for key, value in stated.items())}/>"


def _text(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)


def text(words: str, x: float, y: float, size: float, *, halo: str = "", **attributes: object) -> str:
    """Return a text with its base line at y; halo: colour of a line around the letters."""
    if halo:
        attributes |= {"stroke": halo, "stroke_width": 1.6, "stroke_linejoin": "round", "paint_order": "stroke"}
    attributes = {"fill": INK, "font_family": FONT, "font_size": float(size), "x": float(x), "y": float(y)} | attributes
    said = drawable(words)
    # typst takes a text that begins with a figure for one from left to right, whatever its first letter is.
    mark = _RIGHT_TO_LEFT_MARK if _FIGURE_BEFORE_ARABIC.match(said) else ""
    return tag("text", **attributes)[:-2] + f">{mark}{escape(said)}</text>"


def text_width(words: str, size: float) -> float:
    """Return about how wide a text is, in points."""
    return len(words) * size * _LETTER


def outline(rings: Iterable[Sequence[tuple[float, float]]], *, is_closed: bool = True) -> str:
    """Return rings of points as the data of a path."""
    parts = []
    for ring in rings:
        points = "L".join(f"{number(x)} {number(y)}" for x, y in (ring[:-1] if is_closed else ring))
        parts.append(f"M{points}{'Z' if is_closed else ''}")
    return "".join(parts)


def hatching(name: str, ground: str, line: str) -> str:
    """Return the definition of a pattern of slanting lines on a ground."""
    return (
        f'<pattern id={quoteattr(name)} width="4" height="4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="4" height="4" fill={quoteattr(ground)}/>'
        f'<rect width="1.1" height="4" fill={quoteattr(line)}/></pattern>'
    )


def document(width: float, height: float, parts: Iterable[str]) -> str:
    """Return the whole drawing; its unit is the point."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'
