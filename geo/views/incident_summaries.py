"""What sources say of incidents in their own words, as lists and pop-ups show it: cut, and marked where in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.incidents import IncidentTable
from geo.sources import EMBEDDED
from geo.summaries import Summaries
from geo.text import shortened
from geo.views.incident_text import may_show_rows
from geo.wording import _, in_english, is_foreign


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says of an incident in its own words, "" for nothing. is_english: known to be in English."""

    text: str
    is_english: bool

    @property
    def marked(self) -> str:
        """The text, after a word that it is in English where the page is in another language."""
        return str(in_english(self.text)) if self.is_english else self.text


def summaries_of(
    table: IncidentTable, positions: NDArray[np.int64], summaries: Summaries | None, longest: int
) -> list[Said]:
    """Return what sources say of incidents, cut to a number of characters; "" where the licence does not allow it.

    The files of the atlas are in English; the language of others is not known.
    """
    ids = table.details["incident_id"].take(positions)
    said = summaries.of(ids) if summaries is not None else {}
    allowed, sources = may_show_rows(table), table.source[positions]
    texts = [
        shortened(said.get(one, ""), longest) if allowed[source] else ""
        for one, source in zip(ids.to_pylist(), sources, strict=True)
    ]
    return [Said(one, table.sources[source] in EMBEDDED) for one, source in zip(texts, sources, strict=True)]


def under_one_head(said: Sequence[Said]) -> tuple[str, list[str], bool]:
    """Return head and texts of a column of summaries, and whether all are in English and the page is not.

    Then the head says so, else each text that is in English.
    """
    if is_foreign() and any(one.text for one in said) and all(one.is_english for one in said if one.text):
        return str(in_english(_("Summary"))), [one.text for one in said], True
    return _("Summary"), [one.marked for one in said], False
