"""The choice of what is counted and how it is shown, each with its explanation behind a question mark."""

from __future__ import annotations

from collections.abc import Collection

from geo import vocabularies
from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.questions import MEASURES
from geo.views import address
from geo.wording import _, words


def choose_measure() -> str:
    """Draw the choice of measure and return its key of MEASURES."""
    return address.option("measure", words(MEASURES), _("Measure"), explained=_explained("measures", MEASURES))


def choose_normaliser(offered: Collection[str] = ()) -> str:
    """Draw the choice of number or rate and return its key of NORMALISERS; offered: some of them, () for all."""
    kept = {code: label for code, label in NORMALISERS.items() if code in offered or not offered}
    return address.option("per", words(kept), _("Shown as"), explained=_explained("normalisers", kept))


def _explained(vocabulary: str, labels: dict[str, str]) -> str:
    """Return a line for each choice of a vocabulary: its label and what it means."""
    meanings = vocabularies.meanings(vocabulary)
    return "\n".join(f"- **{_(labels[code])}**: {_(meanings[code])}" for code in labels)
