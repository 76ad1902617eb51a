"""The rows of one source counted again in the window, unit and definition of a published total, and why they differ.

Nothing is summed across publishers, and a police region is never taken for the district that has its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo import vocabularies
from geo.analysis.evidence.published import Total, days_shared
from geo.analysis.index.monthly_counts import attack_masks
from geo.incidents import NOT_LOCATED, OUTSIDE, UNKNOWN, IncidentTable, Mask, is_one_of
from geo.schema import ATTACK_TYPES, POLICE_TARGETS, TARGET_TYPES
from geo.wording import Text, text, text_n

CONFIDENCE = 0.95
UNITS: dict[str, str] = vocabularies.labels("published_units")
# Units of which the places of our incidents say whether they lie in them.
_RECOUNTED_UNITS = ("province", "district")
_KILLED = "killed_without_militants"
# Words of notes, or in the name of a publisher, that say that a figure counts fewer or other people than its metric.
_OTHER_DEFINITION = (
    *("includes militants", "killed in retaliation", "in operations against criminals", "in 1,433 operations"),
    *("FC only", "Federal Constabulary only", "all fatalities"),
)


@dataclass(frozen=True, slots=True)
class Metric:
    """What a published figure counts.

    counts: "attacks", "police_attacks", a column of people, _KILLED for everybody but militants, or "" if there is no
    recount. attack_types: only these, or all if empty. definition: what our count of it is, as a source sentence.
    """

    code: str
    counts: str
    attack_types: tuple[str, ...]
    label: str
    definition: str

    @property
    def is_of_people(self) -> bool:
        """Whether people are counted, not incidents."""
        return self.counts not in ("attacks", "police_attacks", "")


METRICS: dict[str, Metric] = {
    code: Metric(code, counts, tuple(kinds.split()), label, definition)
    for code, counts, kinds, label, definition in vocabularies.rows(
        "published_metrics", "code", "counts", "attack_types", "label", "meaning"
    )
}


@dataclass(frozen=True, slots=True)
class Recount:
    """A published total beside our count of the same thing.

    ours: None where it cannot be counted. n_rows: incidents behind it. n_no_figure: of them, those without the figure.
    n_uncertain: incidents that may lie before or after the window, because the day is not known. n_no_district:
    incidents of the window in the province without a district, of which some may belong to the district.
    covered_days: days of the window that the source covers.
    """

    total: Total
    ours: int | None
    n_rows: int = 0
    n_no_figure: int = 0
    n_uncertain: int = 0
    n_no_district: int = 0
    covered_days: int = 0

    @property
    def coverage(self) -> float | None:
        """Our count as a share of the published figure; None where there is no count or nothing was published."""
        return None if self.ours is None or not self.total.value else self.ours / self.total.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the coverage, for incidents only: people die together, so their number has none."""
        if self.ours is None or not self.total.value or METRICS[self.total.metric].is_of_people:
            return None
        return coverage_interval(self.ours, self.total.value)


def is_of_other_definition(total: Total) -> bool:
    """Return whether the note or publisher of a total says that it counts something else than its metric."""
    said = f"{total.note} {total.publisher}".casefold()
    return any(words.casefold() in said for words in _OTHER_DEFINITION)


def coverage_interval(ours: int, published: int) -> tuple[float, float]:
    """Return the exact 95 % interval of the share of published incidents that are recorded.

    Up to the published figure, each of its incidents is recorded or not: Clopper and Pearson, Biometrika 1934. Above
    it our count is not a part of theirs: the Poisson interval of Garwood, Biometrika 1936, over the published figure.
    """
    from scipy import stats

    tail = (1 - CONFIDENCE) / 2
    if ours <= published:
        low = stats.beta.ppf(tail, ours, published - ours + 1) if ours else 0.0
        high = stats.beta.ppf(1 - tail, ours + 1, published - ours) if ours < published else 1.0
    else:
        low = stats.chi2.ppf(tail, 2 * ours) / 2 / published
        high = stats.chi2.ppf(1 - tail, 2 * ours + 2) / 2 / published
    return float(low), float(high)


def recount_all(table: IncidentTable, source: str, totals: Iterable[Total]) -> tuple[Recount, ...]:
    """Return each total with the count of one source of a table. ValueError if the source is not in the table."""
    counter = _Counter.of(table, source)
    return tuple(counter.recount(total) for total in totals)


@dataclass(frozen=True, slots=True, eq=False)
class _Counter:
    """The rows of one source. last_day: int32, days since 1970-01-01 of the last possible day, shape (n,)."""

    table: IncidentTable
    is_own: Mask
    last_day: np.ndarray
    covered: tuple[date, date]

    @classmethod
    def of(cls, table: IncidentTable, source: str) -> _Counter:
        if source not in table.sources:
            raise ValueError(f"the table has no rows of {source!r}")
        is_own = (table.source == table.sources.index(source)) & (table.district != OUTSIDE)
        ends = np.asarray(pc.fill_null(table.details["date_end"].cast(pa.int32()), UNKNOWN), dtype=np.int32)
        last_day = np.maximum(ends, table.day)
        days = table.day[is_own]
        first, last = (int(days.min()), int(days.max())) if len(days) else (0, -1)
        return cls(table, is_own, last_day, (_date(first), _date(last)))

    def recount(self, total: Total) -> Recount:
        """Return the total with our count, or with none where unit or figure cannot be counted here."""
        metric = METRICS[total.metric]
        first, last = self.covered
        covered = days_shared(total.first, total.last, first, last)
        is_same = total.unit in _RECOUNTED_UNITS and metric.counts and not is_of_other_definition(total)
        if not is_same or not covered:
            return Recount(total, None, covered_days=covered)
        begin, end = _number(total.first), _number(total.last)
        table = self.table
        kind = self.is_own & _is_counted(table, metric)
        touches = kind & (table.day <= end) & (self.last_day >= begin)
        here = touches if total.pcode is None else touches & (table.district == table.pcodes.index(total.pcode))
        # An incident is counted where its first possible day falls, as everywhere in the atlas.
        inside = here & (table.day >= begin)
        unsure = here & ((table.day < begin) | (self.last_day > end))
        amount, n_no_figure = _amount(table, metric, inside)
        return Recount(
            total,
            amount,
            n_rows=int(inside.sum()),
            n_no_figure=n_no_figure,
            n_uncertain=int(unsure.sum()),
            n_no_district=int((touches & (table.district == NOT_LOCATED)).sum()) if total.pcode else 0,
            covered_days=covered,
        )


def _is_counted(table: IncidentTable, metric: Metric) -> Mask:
    if metric.is_of_people:
        return np.ones(len(table), dtype=bool)
    _on_forces, kept = attack_masks(table)
    if metric.counts == "police_attacks":
        kept = kept & is_one_of(table.target_type, POLICE_TARGETS, tuple(TARGET_TYPES))
    if metric.attack_types:
        kept = kept & is_one_of(table.attack_type, metric.attack_types, tuple(ATTACK_TYPES))
    return kept


def _amount(table: IncidentTable, metric: Metric, inside: Mask) -> tuple[int, int]:
    """Return the sum of a figure over incidents, and how many of them state none."""
    if not metric.is_of_people:
        return int(table.n_events[inside].sum()), 0
    figures = _without_militants(table) if metric.counts == _KILLED else getattr(table, metric.counts)
    figures = figures[inside]
    is_known = figures != UNKNOWN
    return int(figures[is_known].sum()), int((~is_known).sum())


def _without_militants(table: IncidentTable) -> NDArray[np.int32]:
    """Return the people killed who are not described as militants, UNKNOWN where no report says it, shape (n,)."""
    killed, militants = table.killed_best, table.killed_militant
    has_militants = (killed != UNKNOWN) & (militants > 0)
    rest = np.where(has_militants, np.maximum(killed - militants, 0), killed)
    # The sum over the sides is that of the militants alone where nothing is said of others.
    parts = (table.killed_police, table.killed_military, table.killed_civilian)
    says_nothing = has_militants & (rest == 0) & np.all([part == UNKNOWN for part in parts], axis=0)
    return np.where(says_nothing, UNKNOWN, rest).astype(np.int32)


def _date(day: int) -> date:
    return np.datetime64(day, "D").astype(date)  # type: ignore[no-any-return]


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


# --- why the two figures differ -------------------------------------------------------------------------


def reasons(found: Recount) -> list[Text]:
    """Return what explains the distance between a published total and our count, or why there is no count."""
    metric = METRICS[found.total.metric]
    if found.ours is None:
        return [_no_count(found, metric)]
    lines = []
    missing = found.total.days - found.covered_days
    if missing > 0:
        lines.append(
            text_n(
                "The source does not cover {n} day of this window.",
                "The source does not cover {n} days of this window.",
                missing,
            )
        )
    if found.n_no_figure:
        lines.append(
            text_n(
                "{n} incident of the window states no such figure and adds nothing.",
                "{n} incidents of the window state no such figure and add nothing.",
                found.n_no_figure,
            )
        )
    if found.n_uncertain:
        lines.append(
            text_n(
                "{n} incident without an exact day may lie outside the window; it counts by its first day.",
                "{n} incidents without an exact day may lie outside the window; they count by their first day.",
                found.n_uncertain,
            )
        )
    if found.n_no_district:
        lines.append(
            text_n(
                "{n} incident of the window is known only to the province and may belong here.",
                "{n} incidents of the window are known only to the province and some may belong here.",
                found.n_no_district,
            )
        )
    lines.append(_direction(found))
    return lines


def _no_count(found: Recount, metric: Metric) -> Text:
    if found.total.unit not in _RECOUNTED_UNITS:
        return text(
            "This figure is of a {unit}, which is not a district of the same name: it is not recounted and not drawn.",
            unit=text(UNITS[found.total.unit]),
        )
    if not metric.counts:
        return text(metric.definition)
    if is_of_other_definition(found.total):
        return text("The publisher counts by another definition, see its caveat: it is not recounted.")
    return text("The source covers no day of this window.")


def _direction(found: Recount) -> Text:
    ours = found.ours or 0
    if ours > found.total.value:
        return text(
            "More is recorded here than was published: the publisher may count fewer kinds of incident, or may have "
            "counted before all were known."
        )
    if ours == found.total.value:
        return text("Both figures are the same, which does not mean that they count the same incidents.")
    return text(
        "Less is recorded here than was published. Most sources of incidents rest on news reports, which leave out "
        "many small attacks, while officials count registered cases."
    )


MIN_SHARED = 0.8  # of both windows


def rivals(total: Total, totals: Iterable[Total]) -> tuple[Total, ...]:
    """Return the totals of the same figure and place whose window shares at least four fifths of both, the total too.

    Ordered by value. They are compared, never summed or averaged.
    """
    found = [other for other in totals if _is_rival(total, other)]
    return tuple(sorted(found, key=lambda other: (other.value, other.publisher)))


def _is_rival(one: Total, other: Total) -> bool:
    if (one.metric, one.unit, one.pcode) != (other.metric, other.unit, other.pcode):
        return False
    shared = days_shared(one.first, one.last, other.first, other.last)
    return shared >= MIN_SHARED * max(one.days, other.days)


def shares_of_province(found: Iterable[Recount], metric: str, first: date, last: date) -> tuple[float, ...]:
    """Return our count as a share of each total of the province for just this period, by the code of its metric."""
    own = (one for one in found if (one.total.metric, one.total.unit) == (metric, "province"))
    shares = (one.coverage for one in own if (one.total.first, one.total.last) == (first, last))
    return tuple(share for share in shares if share is not None)


def district_table(total: Total, totals: Iterable[Total]) -> tuple[Total, ...]:
    """Return the figures by district that one publisher gives for one figure and window, in the order of the file.

    Only figures of districts: those of police regions and of parts of districts are left out.
    """
    key = (total.publisher, total.first, total.last, total.metric)
    return tuple(
        other
        for other in totals
        if other.unit == "district" and (other.publisher, other.first, other.last, other.metric) == key
    )
