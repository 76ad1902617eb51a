"""The map of classes: legend and hover cards."""

from __future__ import annotations

from collections.abc import Sequence

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.scores import CLASSES
from geo.analysis.index.sensitivity import AGREEMENTS
from geo.analysis.index.series import DIRECTIONS
from geo.views import palettes
from geo.views.access.words import CLASS_WORDS, SHORT_CLASSES, class_text, is_unsettled, legend_notes, points_text
from geo.views.layers import ChoroplethView, DistrictValue, Legend, LegendEntry
from geo.views.palettes import Theme


def class_colours(theme: Theme) -> dict[str, str]:
    """Return the colour of each class by its code word, insufficient data first, then from the lowest."""
    return dict(zip(CLASS_WORDS, (palettes.no_data(theme), *palettes.access(theme)), strict=True))


def choropleth(index: AccessIndex, divisions: Sequence[str], selected: tuple[str, ...], theme: Theme) -> ChoroplethView:
    """Return what the map draws. Hatched: insufficient data on grey, unsettled classes over their colour."""
    colours, labels = class_colours(theme), dict(CLASSES.values())
    entries = {
        (word, False): LegendEntry(labels[word], colours[word], is_hatched=word == "insufficient")
        for word in CLASS_WORDS
    }
    for word in CLASS_WORDS:
        if any(record.class_code == word and is_unsettled(record) for record in index.records):
            entries[word, True] = LegendEntry(f"{SHORT_CLASSES[word]}, unsettled", colours[word], is_hatched=True)
    position = {key: number for number, key in enumerate(entries)}
    districts = tuple(
        DistrictValue(record.pcode, position[record.class_code, is_unsettled(record)], hover_lines(record, division))
        for record, division in zip(index.records, divisions, strict=True)
    )
    return ChoroplethView(
        Legend("Class of the index", tuple(entries.values()), legend_notes(index)), districts, selected
    )


def hover_lines(record: AccessRecord, division: str) -> tuple[tuple[str, str], ...]:
    """Return the card of a district."""
    lines = [("Class", class_text(record))]
    if record.aci is not None:
        lines += [
            ("Points of 100", points_text(record)),
            ("Attacks on forces", f"{record.components['S'].value:g}"),
            ("Months with one", f"{record.components['K'].value:g}"),
            ("Direction", DIRECTIONS[record.direction]),
        ]
    if record.agreement is not None:
        lines.append(("Agreement", f"{AGREEMENTS[record.agreement_code]}: {record.agreement:.0%} of settings"))
    return (*lines, ("Division", division))
