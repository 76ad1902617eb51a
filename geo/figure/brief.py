"""A brief: two pages on a district or the province, from values to a tagged PDF."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from geo.figure import charts, maps
from geo.figure.attachments import count_pages
from geo.figure.figure import AUTHOR
from geo.figure.sheet import Sheet
from geo.figure.typesetting import typeset
from geo.wording import in_language

MOST_PAGES = 2
_MAP_PT, _MAP_HEIGHT_PT, _LOCATOR_PT, _PROVINCE_PT = 340.0, 262.0, 152.0, 236.0
_TIMELINE_PT = 112.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a table or a list; url: the page of the web that it leads to, or ""."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: heads, rows of as many cells, widths in parts of the page. numbers: columns set to the right.

    note: below it. shortened: the note where not every row has room, with "{n}" for the number of those shown.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    numbers: tuple[int, ...] = ()
    note: str = ""
    shortened: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """Two pages. native_name: of the place in Urdu, or "". answer: what is known, in sentences, most important first.

    numbers: (label, figure, note). main_map: points around a district, or the province by district; locator: the
    province beside the map of a district, None where the province itself is the map. ranking: in the place of the
    locator. pair: two maps of the same classes side by side, with their periods as titles. evidence: (heading,
    sentences), () for none. incidents: newest first, or None. limits: how it may not be read. facts: as of a
    figure. headings: words of the template, by name.
    """

    title: str
    native_name: str
    lines: tuple[str, ...]
    answer: tuple[str, ...]
    numbers: tuple[tuple[str, str, str], ...]
    main_map: Sheet
    locator: Sheet | None
    ranking: Table | None
    timeline: Sheet
    evidence_title: str
    evidence: tuple[tuple[str, tuple[Cell, ...]], ...]
    incidents: Table | None
    limits: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    headings: dict[str, str]
    language: str
    day: date
    settings: str
    pcode: str = ""
    pair: tuple[Sheet, Sheet] | None = None


def draw(brief: Brief) -> bytes:
    """Return a brief as PDF of two pages (PDF/UA-1, PDF/A-3a) that carries itself; equal briefs give equal bytes.

    As many incidents are listed as have room; the note of their table says how many that are.
    """
    with in_language(brief.language):
        drawings = _drawings(brief)
    from geo.figure.brief_record import files_of

    files = files_of(brief)

    def made_with(n: int) -> bytes:
        return typeset("brief.typ", _values(brief, drawings, n), "pdf", brief.day, files)

    most = len(brief.incidents.rows) if brief.incidents else 0
    made = made_with(most)
    if count_pages(made) <= MOST_PAGES or not most:
        return made
    fits, too_many = 0, most
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if count_pages(made_with(middle)) <= MOST_PAGES:
            fits = middle
        else:
            too_many = middle
    return made_with(fits)


def _drawings(brief: Brief) -> dict[str, str]:
    frame = maps.frame_of(_MAP_PT if brief.pcode else _PROVINCE_PT, _MAP_HEIGHT_PT if brief.pcode else 0.0, brief.pcode)
    found = {"map": maps.draw(brief.main_map, frame), "timeline": charts.draw(brief.timeline, _TIMELINE_PT)}
    if brief.locator is not None:
        found["locator"] = maps.draw(brief.locator, maps.frame_of(_LOCATOR_PT), has_names=False)
    if brief.pair is not None:
        found |= dict(
            zip(("first", "second"), (maps.draw(one, maps.frame_of(_PROVINCE_PT)) for one in brief.pair), strict=True)
        )
    return found


def _values(brief: Brief, drawings: dict[str, str], n_incidents: int) -> dict[str, Any]:
    first, second = brief.pair or (None, None)
    sheets = {
        "map": brief.main_map,
        "locator": brief.locator,
        "timeline": brief.timeline,
        "first": first,
        "second": second,
    }
    return {
        "title": brief.title,
        "author": AUTHOR,
        "lang": brief.language if brief.language != "qps" else "en",
        "native_name": brief.native_name,
        "lines": brief.lines,
        "answer": brief.answer,
        "numbers": brief.numbers,
        "ranking": asdict(brief.ranking) if brief.ranking else None,
        "evidence_title": brief.evidence_title,
        "evidence": [[heading, list(map(asdict, said))] for heading, said in brief.evidence],
        "incidents": _listed(brief.incidents, n_incidents) if brief.incidents else None,
        "limits": brief.limits,
        "facts": brief.facts,
        "headings": brief.headings,
        "drawings": {
            name: {
                "svg": drawings[name],
                "alt": sheet.alt,
                "title": sheet.title,
                "keys": [asdict(key) for key in sheet.keys],
                "legend_title": sheet.legend_title,
                "notes": sheet.notes,
            }
            for name, sheet in sheets.items()
            if sheet is not None
        },
    }


def _listed(table: Table, n: int) -> dict[str, Any]:
    """Return the first n rows of a table, with the note that says so."""
    shown = asdict(table) | {"rows": [list(map(asdict, row)) for row in table.rows[:n]]}
    return shown | {"note": table.shortened.replace("{n}", str(n))} if n < len(table.rows) else shown
