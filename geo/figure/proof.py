"""Whether a PDF is the figure that its own attachments give: it is drawn again and compared byte by byte.

This finds every change of the file. It is no signature: who changes data, words and drawing together, with this
program, makes another true figure. Comparing with a store tells whether the values are those of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    DATA: N_("Data: data.csv was changed after the file was made."),
    SETTINGS: N_("Settings: settings.toml was changed after the file was made."),
}
# Parts of a brief that are compared, besides its map; of others the day and the settings tell.
_PARTS: dict[str, str] = {
    "title": N_("the title"),
    "native_name": N_("the name in Urdu"),
    "lines": N_("the lines below the title"),
    "answer": N_("the answer"),
    "numbers": N_("the numbers"),
    "locator": N_("the small map"),
    "ranking": N_("the table of districts"),
    "timeline": N_("the bars of time"),
    "evidence_title": N_("the heading of the evidence"),
    "evidence": N_("the evidence"),
    "incidents": N_("the incidents listed"),
    "limits": N_("the limits"),
    "headings": N_("the headings"),
    "language": N_("the language"),
    "pair": N_("the two maps"),
}
# The option of the settings by which a brief is the report of a month, such as 2026-04 (geo.cli.report draws it).
REPORT = "report"
_OF_A_REPORT = ("title", "timeline", "evidence")


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
    """Return how a figure differs from the same view drawn from a store, by data version, settings, values and words.

    () if they are equal. A day or version of the data that differs is the data version; what follows from it is not
    repeated.
    """
    versions = [sheet.made_by.get("data", "") for sheet in (carried, drawn)]
    differences = _other_settings(carried.settings, drawn.settings)
    if versions[0] != versions[1]:
        difference = text(
            "Data version: {carried} in the file, {store} in the store.", carried=versions[0], store=versions[1]
        )
        differences.insert(0, difference)
    n = len(set(carried.rows) ^ set(drawn.rows))
    if carried.columns != drawn.columns or n:
        differences.append(text("Values: {n} rows of the data are in only one of the two.", n=n))
    elif carried.rows != drawn.rows:
        differences.append(text("Values: the rows of the data have another order."))
    plain = [replace(sheet, rows=(), facts=(), made_by={}, settings="") for sheet in (carried, drawn)]
    if not differences and plain[0] != plain[1]:
        differences.append(text("Words: the values are the same, title, legend or notes are not."))
    return tuple(differences)


def _other_settings(carried: str, drawn: str) -> list[Text]:
    """Return the lines of settings that only one of two files has; the version of the data has a line of its own."""
    file, store = (dict.fromkeys(one for one in said.splitlines() if _is_setting(one)) for said in (carried, drawn))
    return [
        *(
            text("Settings: the file has {line}, with which the store does not draw.", line=line)
            for line in file
            if line not in store
        ),
        *(
            text("Settings: the store draws with {line}, which is not in the file.", line=line)
            for line in store
            if line not in file
        ),
    ]


def _is_setting(line: str) -> bool:
    # Where the view can be opened decides nothing of it.
    return " = " in line and not line.startswith(("version = ", "address = ", "#"))


def compared_briefs(carried: Brief, drawn: Brief) -> tuple[Text, ...]:
    """Return how a brief differs from the same one drawn from a store: the values of its map, then its other parts."""
    differences = list(compared(carried.main_map, drawn.main_map))
    names = [name for name in _PARTS if getattr(carried, name) != getattr(drawn, name)]
    if _is_report(carried, drawn):
        difference = text(
            "Monthly report: its title, bars and list of changes are made by `kp-atlas report` and not drawn here; "
            "whatever else differs is named."
        )
        differences.append(difference)
        is_list_alone = carried.evidence[1:] == drawn.evidence
        names = [name for name in names if name not in _OF_A_REPORT or (name == "evidence" and not is_list_alone)]
    parts = [text("Part of the brief that differs: {part}.", part=text(_PARTS[name])) for name in names]
    return (*differences, *parts)


def _is_report(carried: Brief, drawn: Brief) -> bool:
    """Whether a brief is the report of a month that does not say so in its settings (REPORT), as earlier versions made.

    Its title adds the month, and a list of changes comes first.
    """
    has_month = carried.title != drawn.title and carried.title.startswith(drawn.title)
    return has_month and len(carried.evidence) == len(drawn.evidence) + 1


def _other_versions(made_by: Mapping[str, str]) -> list[Text]:
    """Return which programs and outlines are others than those that drew the file: they can explain other bytes."""
    here = {"atlas": VERSION, "typst": typst_version(), "outlines": version_of_outlines()}
    return [
        text(
            "Program: drawn with {name} {theirs}, here is {ours}; another version can draw other bytes.",
            name=name,
            theirs=made_by[name],
            ours=ours,
        )
        for name, ours in here.items()
        if made_by.get(name, ours) != ours
    ]


def _bytes_that_differ(pdf: bytes, again: bytes) -> Text:
    first = next(compress(count(), (a != b for a, b in zip(pdf, again, strict=False))), min(len(pdf), len(again)))
    return text(
        "Bytes: the file has {n}, drawn again {again}; the first difference is at byte {first}.",
        n=len(pdf),
        again=len(again),
        first=first + 1,
    )
