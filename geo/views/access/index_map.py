"""The map of classes: legend and hover cards."""

from __future__ import annotations

from collections.abc import Sequence

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.scores import CLASSES
from geo.analysis.index.sensitivity import AGREEMENTS
from geo.analysis.index.series import DIRECTIONS
from geo.shown_names import shown_name
from geo.views import palettes
from geo.views.access.words import CLASS_WORDS, SHORT_CLASSES, class_text, is_unsettled, legend_notes, points_text
from geo.views.layers import ChoroplethView, DistrictValue, Legend, LegendEntry
from geo.views.palettes import Theme
from geo.wording import _


def class_colours(theme: Theme) -> dict[str, str]:
    """Return the colour of each class by its code word, insufficient data first, then from the lowest."""
    return dict(zip(CLASS_WORDS, (palettes.NO_DATA[theme], *palettes.ACCESS[theme]), strict=True))


def choropleth(index: AccessIndex, divisions: Sequence[str], selected: tuple[str, ...], theme: Theme) -> ChoroplethView:
    """Return what the map draws. Hatched: insufficient data on grey, unsettled classes over their colour."""
    colours = class_colours(theme)
    entries = {
        (code, False): LegendEntry(_(label), colours[code], is_hatched=code == "insufficient")
        for code, label in CLASSES.values()
    }
    for code in CLASS_WORDS:
        if any(record.class_code == code and is_unsettled(record) for record in index.records):
            label = _("{class_name}, unsettled", class_name=_(SHORT_CLASSES[code]))
            entries[code, True] = LegendEntry(label, colours[code], is_hatched=True)
    position = {key: number for number, key in enumerate(entries)}
    districts = tuple(
        DistrictValue(record.pcode, position[record.class_code, is_unsettled(record)], hover_lines(record, division))
        for record, division in zip(index.records, divisions, strict=True)
    )
    legend = Legend(_("Class of the index"), tuple(entries.values()), legend_notes(index))
    return ChoroplethView(legend, districts, selected)


def hover_lines(record: AccessRecord, division: str) -> tuple[tuple[str, str], ...]:
    """Return the card of a district."""
    lines = [(_("Class"), class_text(record))]
    if record.aci is not None:
        lines += [
            (_("Points of 100"), points_text(record)),
            (_("Attacks on forces"), f"{record.components['S'].value:g}"),
            (_("Months with an attack"), f"{record.components['K'].value:g}"),
            (_("Direction"), _(DIRECTIONS[record.direction])),
        ]
    if record.agreement is not None:
        agreement = _(AGREEMENTS[record.agreement_code])
        share = _("{agreement}: {share:.0%} of settings", agreement=agreement, share=record.agreement)
        lines.append((_("Agreement"), share))
    return (*lines, (_("Division"), shown_name(division)))
