"""Whether a PDF is the figure that its own attachments give: it is drawn again and compared byte by byte.

This finds every change of the file. It is no signature: who changes data, words and drawing together, with this
program, makes another true figure. Comparing with a store tells whether the values are those of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import compress, count

from geo import VERSION
from geo.figure.attachments import attached
from geo.figure.brief import Brief
from geo.figure.brief import draw as draw_brief
from geo.figure.brief_record import brief_from
from geo.figure.figure import draw
from geo.figure.outlines import version_of_outlines
from geo.figure.sheet import BRIEF, DATA, SETTINGS, Sheet, digest, from_files, stated_digests
from geo.figure.typesetting import typst_version
from geo.problems import ProblemCode, rejected
from geo.wording import N_, Text, text

_CHANGED: dict[str, str] = {
    DATA: N_("The data are not those that the figure was made of."),
    SETTINGS: N_("The settings are not those that the figure was made with."),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What a PDF says of itself. differences: none if it is the same, byte by byte.

    sheet: what it carries, of a brief its map. brief: None for a figure.
    """

    sheet: Sheet
    differences: tuple[Text, ...]
    brief: Brief | None = None

    @property
    def is_same(self) -> bool:
        """Whether drawing again gives these very bytes."""
        return not self.differences


def check(pdf: bytes, file: str = "") -> Proof:
    """Draw a PDF again from what it carries and compare; raises RejectedUpload for a file that carries no figure.

    file: the name that problems state.
    """
    files = attached(pdf, file)
    try:
        stated = stated_digests(files)
        brief = brief_from(files) if BRIEF in files else None
        sheet = brief.main_map if brief else from_files(files)
        again = draw_brief(brief) if brief else draw(sheet, "pdf")
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RuntimeError) as error:
        raise rejected(ProblemCode.WRONG_TYPE, text("What the PDF carries is damaged."), file=file) from error
    differences = [Text(_CHANGED[name]) for name, found in stated.items() if digest(files[name]) != found]
    if pdf != again:
        differences += [*_other_versions(sheet.made_by), _bytes_that_differ(pdf, again)]
    return Proof(sheet, tuple(differences), brief)


def compared(carried: Sheet, drawn: Sheet) -> tuple[Text, ...]:
    """Return how the data of a figure differ from those of the same view drawn from a store; () if they are equal."""
    differences = []
    if carried.made_by.get("data") != drawn.made_by.get("data"):
        differences.append(
            text(
                "The data are another version: {carried} in the file, {store} in the store.",
                carried=carried.made_by.get("data", ""),
                store=drawn.made_by.get("data", ""),
            )
        )
    n = len(set(carried.rows) ^ set(drawn.rows))
    if carried.columns != drawn.columns or n:
        differences.append(text("{n} rows of the data are in only one of the two.", n=n))
    elif carried.rows != drawn.rows:
        differences.append(text("The rows of the data have another order."))
    plain = [replace(sheet, rows=(), facts=(), made_by={}) for sheet in (carried, drawn)]
    if not differences and plain[0] != plain[1]:
        differences.append(text("The values are the same, the words around them are not."))
    return tuple(differences)


def compared_briefs(carried: Brief, drawn: Brief) -> tuple[Text, ...]:
    """Return how a brief differs from the same one drawn from a store: the values of its map, then its other parts."""
    differences = compared(carried.main_map, drawn.main_map)
    names = [one.name for one in fields(Brief) if one.name not in ("main_map", "facts")]
    other = [name for name in names if getattr(carried, name) != getattr(drawn, name)]
    if not other:
        return differences
    # The standing brief of a month has a title, bars and a section of its own.
    return (*differences, text("These parts of the brief are others: {parts}.", parts=", ".join(other)))


def _other_versions(made_by: Mapping[str, str]) -> list[Text]:
    """Return which programs and outlines are others than those that drew the file: they can explain other bytes."""
    here = {"atlas": VERSION, "typst": typst_version(), "outlines": version_of_outlines()}
    return [
        text("The file was drawn with {name} {theirs}, this is {ours}.", name=name, theirs=made_by[name], ours=ours)
        for name, ours in here.items()
        if made_by.get(name, ours) != ours
    ]


def _bytes_that_differ(pdf: bytes, again: bytes) -> Text:
    first = next(compress(count(), (a != b for a, b in zip(pdf, again, strict=False))), min(len(pdf), len(again)))
    return text(
        "The file is not what is drawn again from it: it has {n} bytes, drawn again {again}; the first difference is "
        "at byte {first}.",
        n=len(pdf),
        again=len(again),
        first=first + 1,
    )
