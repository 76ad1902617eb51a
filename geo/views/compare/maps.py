"""The maps of a comparison: the rates of each period in the same classes, and the ratio of the two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting import classes
from geo.analysis.counting.classes import class_edges
from geo.analysis.counting.compare import TESTED_MEASURES, VERDICTS, PeriodComparison, Ratios
from geo.analysis.counting.questions import MEASURES
from geo.analysis.counting.rates import FEWEST_FOR_A_RATE
from geo.shown_names import shown_name
from geo.views import palettes
from geo.views.class_legend import class_entries
from geo.views.compare.words import badge_text, count_text, pair_text, period_text, unit_text
from geo.views.layers import ChoroplethView, DistrictValue, Legend, LegendEntry, Line
from geo.views.palettes import Theme
from geo.views.state import View
from geo.wording import N_, _, format_number

# At this ratio, and at one divided by it, the strong colours begin.
_STRONG = 2.0
# Classes of the map of changes that are a clear difference.
_CLEAR = (0, 1, 3, 4)
_VERDICTS = VERDICTS | {"no_clear_change": N_("no clear change"), "none_recorded": N_("none recorded in either period")}


def rates(view: View, found: PeriodComparison, *, is_second: bool, theme: Theme) -> ChoroplethView:
    """Return the map of one period. Both have the same classes; periods of different length are rates a year."""
    side = found.districts
    count, rate = (side.second, side.second_rate) if is_second else (side.first, side.first_rate)
    period = found.second if is_second else found.first
    is_count = found.normaliser == "count" and found.is_equal_length
    edges = class_edges(found.measure, found.normaliser, max(found.first.years, found.second.years))
    edges = (0.0, *edges[1:]) if found.normaliser == "count" and not is_count else edges
    values = np.where(np.isnan(rate), np.nan, count) if is_count else rate
    code = classes.bin_of(values, edges)
    if not is_count:
        code[(code > 0) & (count < FEWEST_FOR_A_RATE)] = len(edges) + 1
    entries = class_entries(edges, theme, is_count=is_count, missing=_("no data"), none=_("none recorded"))
    few = np.flatnonzero(code == len(edges) + 1)
    if not is_count:
        text = _("fewer than {n} incidents: number only", n=FEWEST_FOR_A_RATE)
        entries += (LegendEntry(text, palettes.GREYS[theme][1]),)
    title = _(MEASURES[found.measure]) if is_count else unit_text(found.measure, found.normaliser)
    return ChoroplethView(
        Legend(title, entries, (period_text(period), _("Same classes in both maps"))),
        _values(view, found, code.astype(int) + 1),
        view.filters.districts,
        badges=tuple((view.districts.pcodes[i], int(count[i])) for i in few),
        badge_label=_(MEASURES[found.measure]),
    )


def changes(view: View, found: PeriodComparison, theme: Theme) -> ChoroplethView:
    """Return the map of the ratio second period / first period: coloured only where the difference is clear.

    Hatched: clear, but no longer so where it is allowed for that incidents come in series; or not tested at all,
    and then there are no classes of what is clear.
    """
    side, colours = found.districts, palettes.DIVERGING[theme]
    entries = {
        (0, False): LegendEntry(_("clearly lower: half or less"), colours[0]),
        (1, False): LegendEntry(_("clearly lower"), colours[1]),
        (2, False): LegendEntry(_("no clear change"), colours[2]),
        (3, False): LegendEntry(_("clearly higher"), colours[3]),
        (4, False): LegendEntry(_("clearly higher: double or more"), colours[4]),
        (5, False): LegendEntry(_("none recorded in either period"), palettes.ZERO[theme]),
        (6, False): LegendEntry(_("no rate"), palettes.NO_DATA[theme], is_hatched=True),
    }
    if found.measure not in TESTED_MEASURES:
        untested = LegendEntry(_(VERDICTS["not_tested"]), palettes.OTHER[theme], is_hatched=True)
        entries = {(2, False): untested, **{key: entries[key] for key in ((5, False), (6, False))}}
    classes_of = [_class(verdict, ratio) for verdict, ratio in zip(side.verdict, side.ratio, strict=True)]
    keys = [(code, code in _CLEAR and not settled) for code, settled in zip(classes_of, side.is_settled, strict=True)]
    for code, is_open in sorted(set(keys)):
        if is_open:
            label = _("{result}, unsettled", result=entries[code, False].label)
            entries[code, True] = LegendEntry(label, colours[code], is_hatched=True)
    place = {key: number for number, key in enumerate(entries)}
    clear = [i for i, verdict in enumerate(side.verdict) if verdict in ("higher", "lower")]
    notes = (
        _("{second} against {first}", second=period_text(found.second), first=period_text(found.first)),
        _("Numbers: rate of the second period / rate of the first"),
    )
    return ChoroplethView(
        Legend(unit_text(found.measure, found.normaliser), tuple(entries.values()), notes),
        _values(view, found, np.array([place[key] for key in keys])),
        view.filters.districts,
        badges=tuple((view.districts.pcodes[i], badge_text(side, i)) for i in clear),
        badge_label=_("Second period / first"),
    )


def _class(verdict: str, ratio: float) -> int:
    if verdict == "higher":
        return 4 if ratio >= _STRONG else 3
    if verdict == "lower":
        return 0 if ratio <= 1 / _STRONG else 1
    return {"none_recorded": 5, "no_rate": 6}.get(verdict, 2)


def _values(view: View, found: PeriodComparison, entry: NDArray[np.int_]) -> tuple[DistrictValue, ...]:
    return tuple(
        DistrictValue(pcode, int(entry[i]), hover_lines(view, found, i))
        for i, pcode in enumerate(view.districts.pcodes)
    )


def hover_lines(view: View, found: PeriodComparison, i: int) -> tuple[Line, ...]:
    """Return the card of a district: both counts, their ratio, what is called clear."""
    side = found.districts
    lines = [
        (period_text(found.first), count_text(side, i, is_second=False)),
        (period_text(found.second), count_text(side, i, is_second=True)),
        (_("Ratio of the rates"), pair_text(side, i)),
        (_("Result"), result_text(side, i)),
    ]
    if n := int(found.n_unknown[0][i] + found.n_unknown[1][i]):
        lines.append((_("Without a stated figure"), format_number(n)))
    return (*lines, (_("Division"), shown_name(view.districts.divisions[i])))


def result_text(side: Ratios, i: int) -> str:
    """Return the verdict on two periods in words, and that it is unsettled where it needs independent incidents."""
    said = _(_VERDICTS[side.verdict[i]])
    is_open = side.verdict[i] in ("higher", "lower") and not side.is_settled[i]
    return _("{result}, unsettled", result=said) if is_open else said
