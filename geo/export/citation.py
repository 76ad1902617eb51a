"""How to cite a view: as text, as BibTeX and as CSL-JSON, which reference managers read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo import VERSION
from geo.export.notes import Notes
from geo.wording import N_, _

AUTHOR = "KP Incident Atlas contributors"
ATLAS = "KP Incident Atlas"
ATLAS_VERSION = VERSION
# BibTeX counts a brace even behind a backslash, so an odd one would end the entry early.
_BIBTEX_SIGNS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
    | {sign: rf"\{sign}" for sign in "&%$#_"}
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation of a view says.

    title: what is shown, with filters, and of which period. data: count, version and settings in words. sources:
    credit of each source, which must be cited too. address: "" where the view has none.
    """

    key: str
    title: str
    day: date
    version: str
    data: str
    sources: tuple[str, ...]
    address: str = ""

    def text(self) -> str:
        """Return the citation as one paragraph."""
        sources = " ".join(f"{credit.rstrip('.۔')}{_('.')}" for credit in self.sources)
        said = _(
            "{author} ({year:d}): {title}. {atlas}, version {version}; {data}; {day}.",
            author=AUTHOR,
            year=self.day.year,
            title=self.title,
            atlas=ATLAS,
            version=self.version,
            data=self.data,
            day=self.day,
        )
        parts = [said, self.address, _("Sources: {sources}", sources=sources)]
        return " ".join(part for part in parts if part)

    def bibtex(self) -> str:
        """Return the citation as an entry @misc; signs with a meaning in BibTeX are written out."""
        fields = {
            "author": f"{{{_plain(AUTHOR)}}}",  # a second pair of braces: no name of a person
            "title": f"{{{_plain(self.title)}}}",
            "year": f"{self.day.year}",
            "month": f"{self.day.month}",
            "day": f"{self.day.day}",
            "howpublished": _plain(ATLAS),
            "version": _plain(self.version),
            "note": _plain(f"{self.data}. {' '.join(self.sources)}"),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        if self.address:
            # A brace or a backslash never stands in an address that was percent-encoded.
            lines.append(f"  url = {{{self.address}}},")
        return "\n".join([f"@misc{{{self.key},", *lines, "}"]) + "\n"

    def csl(self) -> list[dict[str, Any]]:
        """Return the citation as CSL-JSON: a list with one item."""
        item: dict[str, Any] = {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": AUTHOR}],
            "issued": {"date-parts": [[self.day.year, self.day.month, self.day.day]]},
            "container-title": ATLAS,
            "publisher": ATLAS,
            "version": self.version,
            "note": f"{self.data}. {' '.join(self.sources)}",
        }
        return [item | ({"URL": self.address} if self.address else {})]

    def csl_json(self) -> str:
        """Return `csl` as JSON text."""
        return json.dumps(self.csl(), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which a citation is copied. syntax: for colours on the page, None for plain text."""

    label: str
    made_of: Callable[[Citation], str]
    syntax: str | None = None


FORMS: tuple[Form, ...] = (
    Form(N_("Text"), Citation.text),
    Form("BibTeX", Citation.bibtex, "latex"),
    Form("CSL-JSON", Citation.csl_json, "json"),
)


def citation_of(notes: Notes) -> Citation:
    """Return the citation of what a file or a page shows, from its notes."""
    code, settings = notes.version.code, notes.settings_hash
    return Citation(
        key=f"kp-atlas-{code}-{settings}",
        title=_("{title}, {period}", title=_with_filters(notes), period=notes.period),
        day=notes.version.day,
        version=ATLAS_VERSION,
        data=data_text(notes.shown, code, settings),
        sources=tuple(source.credit for source in notes.sources),
        address=notes.address,
    )


def data_text(shown: str, version: str, settings: str) -> str:
    """Return what a citation says of the data: how many incidents are shown, version and code of the settings."""
    said = N_("{shown}; data version {version}, settings {settings}")
    return _(said, shown=shown.rstrip(".۔"), version=version, settings=settings)


def _with_filters(notes: Notes) -> str:
    if not notes.filters:
        return notes.title
    return _("{title} ({filters})", title=notes.title, filters=_("; ").join(notes.filters))


def _plain(text: str) -> str:
    return text.translate(_BIBTEX_SIGNS)
