"""The access-constraint index of every district in one window, and as a monthly series.

The index says how much militant violence was recorded, how steadily, and with what signs of control. It does
not observe the movement of police: a low class never means that a place is open (where nobody is left to
attack, little is recorded), and heavy fighting may also come from the presence of the state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting.rates import Floats, dispersion, exposure
from geo.analysis.index.monthly_counts import (
    CountedIncidents,
    MonthlyCounts,
    Window,
    attacks_by_force,
    counted_incidents,
    month_of,
    monthly_counts,
)
from geo.analysis.index.profiles import NO_INCIDENT, profiles, refusal
from geo.analysis.index.records import AccessArrays, AccessRecord, DistrictAttributes, records
from geo.analysis.index.scores import ComponentValues, classify, combine, gates_passed, index_of, score
from geo.analysis.index.sensitivity import Locate, Spread, redraw_within, sensitivity
from geo.analysis.index.series import DISPERSION_MONTHS, Direction, direction, steady_classes
from geo.analysis.index.settings import AccessSettings
from geo.incidents import IncidentTable, Mask
from geo.schema import ATTACK_TYPES, INITIATORS, SOURCES, TARGET_TYPES
from geo.wording import Text, text

if TYPE_CHECKING:
    from geo.districts import Districts


@dataclass(frozen=True, slots=True, eq=False)
class AccessIndex:
    """All records of one window and their basis.

    settings: as used, without the components that the source cannot supply. variant: name of the index.
    sources: keys of geo.schema.SOURCES. months_covered: months of the window that the source covers.
    n_located, n_not_located: counted incidents of the window with and without a district.
    arrays: the same by district as arrays.
    """

    records: tuple[AccessRecord, ...]
    arrays: AccessArrays
    settings: AccessSettings
    variant: str
    window: Window
    sources: tuple[str, ...]
    months_covered: int
    n_located: int
    n_not_located: int
    table_version: str


@dataclass(frozen=True, slots=True, eq=False)
class AccessSeries:
    """The index month by month, each month representing the window that ends with it: arrays (months, n).

    months: first one, as months since year 0, and how many. index: NaN where the data are insufficient.
    raw: class codes of each window by itself. steady: with hysteresis. S: attacks of the window.
    """

    months: Window
    index: Floats
    raw: NDArray[np.int8]
    steady: NDArray[np.int8]
    S: Floats


def attributes_at(districts: Districts, window: Window) -> DistrictAttributes:
    """Return the attributes of the districts, with the residents at the middle of the window."""
    return DistrictAttributes(
        pcodes=districts.pcodes,
        names=tuple(districts.official_names[pcode] for pcode in districts.pcodes),
        population=districts.population_at(window.midpoint_year),
        area_km2=districts.area_km2,
        neighbours=districts.neighbours,
    )


def access(
    table: IncidentTable,
    mask: Mask,
    districts: DistrictAttributes,
    settings: AccessSettings,
    window: Window,
    *,
    locate: Locate | None = None,
) -> AccessIndex:
    """Return the index of every district in a window.

    mask: incidents of one source, bool (n,); it should not restrict the period, the window does. locate: finds the
    district of a point; with it the sensitivity analysis places loosely known incidents again within their circle.
    settings.draws 0 leaves that analysis out.
    Raises CannotCompute if sources are mixed, the profile does not serve the source, or a police index is
    asked of a source that does not state the target.
    """
    used, sources = usable_settings(table, mask, settings)
    used = replace(used, window_months=window.months)
    counted = counted_incidents(table, mask, used.police_only)
    covered = source_coverage(table, sources)
    within = counted.within(window)
    reasons = insufficient_reasons(table, sources, within, window, window.overlap(covered), used)
    cube = monthly_counts(counted, _with_earlier_months(window, covered), len(districts.pcodes), used.cap_deaths)
    has_control = records_control(table, mask, sources)
    states_target = all(SOURCES[source].states_target for source in sources)
    forces = attacks_by_force(within, len(districts.pcodes)) if states_target else {}
    arrays = _arrays(cube, within, covered, districts, used, window, reasons, locate, has_control, forces)
    return AccessIndex(
        records=records(arrays, districts),
        arrays=arrays,
        settings=used,
        variant=used.variant(),
        window=window,
        sources=sources,
        months_covered=window.overlap(covered),
        n_located=int(within.events[within.district >= 0].sum()),
        n_not_located=int(within.events[within.district < 0].sum()),
        table_version=table.version,
    )


def access_series(
    table: IncidentTable, mask: Mask, population: Floats, area_km2: Floats, settings: AccessSettings, months: Window
) -> AccessSeries:
    """Return the index of the window ending with each month, and the classes with hysteresis.

    population: residents at the middle of each of these windows, float64 (months, n). Errors as in `access`.
    """
    used, sources = usable_settings(table, mask, settings)
    covered = source_coverage(table, sources)
    length = used.window_months
    whole = Window(months.first_month - length + 1, months.months + length - 1)
    counted = counted_incidents(table, mask, used.police_only)
    cube = monthly_counts(counted, whole, population.shape[1], used.cap_deaths)
    windows = [Window(months.first_month - length + 1 + step, length) for step in range(months.months)]
    covers = np.array([window.overlap(covered) for window in windows])
    values = _rolling(cube, length, np.maximum(covers, 1)[:, None].astype(float), "C" in used.weights.given())
    index = index_of(values, population, area_km2, used)
    too_few = covers < used.least_coverage * length
    lost = np.array([_not_located_share(counted.within(window)) for window in windows]) > used.most_not_located
    index[too_few | lost | (not states_target_or_initiator(table, sources))] = np.nan
    passed = gates_passed(values, used)
    raw = classify(index, passed, used.cuts)
    is_open = np.logical_and.reduce(list(passed.values()))
    steady = [steady_classes(*column, used.cuts, used.hysteresis) for column in zip(index.T, is_open.T, strict=True)]
    return AccessSeries(months, index, raw, np.array(steady, dtype=np.int8).T, values.S)


# --- what can be computed ---------------------------------------------------------------------


def usable_settings(
    table: IncidentTable, mask: Mask, settings: AccessSettings
) -> tuple[AccessSettings, tuple[str, ...]]:
    """Return the settings without the components the source cannot supply, and the sources of the mask.

    Raises CannotCompute, see `access`.
    """
    sources = tuple(table.sources[code] for code in np.unique(table.source[mask]))
    if not sources:
        raise refusal(*NO_INCIDENT)
    if len(sources) > 1:
        raise refusal(
            text("The index is computed for one source at a time: sources record different shares of what happened."),
            text("Choose one data set."),
            value=", ".join(sources),
        )
    profile = profiles().get(settings.profile)
    if profile is None or not set(sources) <= set(profile.sources):
        raise refusal(
            text("The profile {profile!r} was not made for this source.", profile=settings.profile),
            text("Choose the profile of the source: goalposts of one source do not fit another."),
            value=", ".join(sources),
        )
    unstated = [SOURCES[source].label for source in sources if not SOURCES[source].states_target]
    if settings.police_only and unstated:
        raise refusal(
            text(
                "{source} does not state the target of an attack, so no police index can be made.", source=unstated[0]
            ),
            text("Choose a source that states the target, or the index for all security forces."),
        )
    if not records_control(table, mask, sources):
        settings = settings.without("C")
    return settings, sources


def source_coverage(table: IncidentTable, sources: tuple[str, ...]) -> Window:
    """Return the months from the first to the last incident of the sources, before any filter."""
    day = table.day[np.isin(table.source, [table.sources.index(source) for source in sources])]
    first, last = (np.datetime64(int(edge), "D").astype(object) for edge in (day.min(), day.max()))
    return Window(month_of(first), month_of(last) - month_of(first) + 1)


def insufficient_reasons(
    table: IncidentTable,
    sources: tuple[str, ...],
    within: CountedIncidents,
    window: Window,
    months_covered: int,
    settings: AccessSettings,
) -> tuple[Text, ...]:
    """Return why no district can have a class in this window; empty if they can."""
    reasons = []
    needed = int(np.ceil(settings.least_coverage * window.months))
    if months_covered < needed:
        reasons.append(
            text(
                "The source covers {covered} of the {months} months of the window; {needed} are needed.",
                covered=months_covered,
                months=window.months,
                needed=needed,
            )
        )
    share = _not_located_share(within)
    if share > settings.most_not_located:
        reasons.append(
            text(
                "{share:.0%} of the incidents in the window have no district; the limit is {most:.0%}.",
                share=share,
                most=settings.most_not_located,
            )
        )
    if not states_target_or_initiator(table, sources):
        reasons.append(text("The source states neither the target of an attack nor who initiated it."))
    return tuple(reasons)


def states_target_or_initiator(table: IncidentTable, sources: tuple[str, ...]) -> bool:
    """Return whether any incident of the sources has a target or an initiator."""
    own = np.isin(table.source, [table.sources.index(source) for source in sources])
    target, initiator = tuple(TARGET_TYPES).index("unknown"), tuple(INITIATORS).index("unknown")
    return bool(((table.target_type[own] != target) | (table.initiator[own] != initiator)).any())


def records_control(table: IncidentTable, mask: Mask, sources: tuple[str, ...]) -> bool:
    """Return whether the sources record signs of control, and the incidents of the mask state types of attack."""
    unknown = tuple(ATTACK_TYPES).index("unknown")
    states_type = bool((table.attack_type[mask] != unknown).any())
    return states_type and all(SOURCES[source].records_control for source in sources)


def _not_located_share(within: CountedIncidents) -> float:
    total = float(within.events.sum())
    return float(within.events[within.district < 0].sum()) / total if total else 0.0


# --- arrays ------------------------------------------------------------------------------------------


def _with_earlier_months(window: Window, covered: Window) -> Window:
    """Return the months to count: the window, and the covered months before it that the direction needs."""
    end = window.first_month + window.months
    first = min(window.first_month, max(covered.first_month, end - DISPERSION_MONTHS))
    return Window(first, end - first)


def _arrays(
    cube: MonthlyCounts,
    within: CountedIncidents,
    covered: Window,
    districts: DistrictAttributes,
    settings: AccessSettings,
    window: Window,
    reasons: tuple[Text, ...],
    locate: Locate | None,
    has_control: bool,
    forces: dict[str, Floats],
) -> AccessArrays:
    months_covered = window.overlap(covered) or window.months
    values = cube.values(window, has_control, months_covered)
    base = exposure(districts.population, districts.area_km2, settings.alpha, values.months)
    scores = score(values, base, settings.goalposts_at(settings.alpha), settings.confidence)
    index = np.full(len(base), np.nan) if reasons else combine(scores, settings.weights.given())
    passed = gates_passed(values, settings)
    classes = classify(index, passed, settings.cuts)
    spread: Spread | None = None
    if settings.draws and not reasons:
        redraw = redraw_within(within, locate, len(base)) if locate and within.is_loose.any() else None
        spread = sensitivity(
            within,
            window,
            districts.population,
            districts.area_km2,
            settings,
            classes,
            months_covered,
            redraw,
            values.dispersion,
        )
    return AccessArrays(
        settings=settings,
        values=values,
        base=base,
        scores=scores,
        index=index,
        passed=passed,
        classes=classes,
        reasons=reasons,
        direction=_direction(cube, covered),
        forces=forces,
        n_deaths_unknown=_deaths_unknown(within, len(base)),
        spread=spread,
    )


def _direction(cube: MonthlyCounts, covered: Window) -> Direction:
    """Only covered months: a month after the last incident of the source is missing, not quiet."""
    start = max(0, covered.first_month - cube.window.first_month)
    stop = max(start, covered.first_month + covered.months - cube.window.first_month)
    return direction(cube.S[start:stop])


def _deaths_unknown(within: CountedIncidents, n_districts: int) -> NDArray[np.int64]:
    keep = within.is_deaths_unknown & (within.district >= 0)
    return np.bincount(within.district[keep], within.events[keep], n_districts).astype(np.int64)


def _rolling(cube: MonthlyCounts, length: int, months: Floats, has_control: bool) -> ComponentValues:
    """Return the sums of every window of `length` months in the cube: arrays (windows, n)."""

    def sums(monthly: Floats) -> Floats:
        ends: Floats = np.concatenate([np.zeros((1, monthly.shape[1])), np.cumsum(monthly, axis=0)])
        rolled: Floats = ends[length:] - ends[:-length]
        return rolled

    attacks = sums(cube.S)
    return ComponentValues(
        S=attacks,
        K=sums(cube.active),
        M=sums(cube.M),
        L=sums(cube.L),
        C=sums(cube.C) if has_control else None,
        months=months,
        dispersion=dispersion(attacks, sums(cube.S**2), months),
    )
