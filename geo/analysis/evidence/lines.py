"""All lines of evidence on every district of a window, and where they contradict one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting.rates import garwood_interval
from geo.analysis.evidence import published, statements
from geo.analysis.evidence.narrowing import Narrowing, narrowing
from geo.analysis.evidence.published import Total
from geo.analysis.evidence.recorded import RecordedAttacks
from geo.analysis.evidence.statements import DENIED, DESCRIBED, Statement
from geo.analysis.evidence.synthesis import Column, Synthesis, synthesise
from geo.districts import Districts

# Below this share of what the register holds of the same tables in all their districts, its class is not comparable;
# judged only where that share would give so many attacks, because fewer are missed by chance.
LEAST_CAPTURE, LEAST_EXPECTED = 1 / 3, 3.0
_CONFIDENCE = 0.9
_HIGH, _LOW_INDEX, _TOP_INDEX = ("high", "probably_high"), ("low", "elevated"), "no_go"


class Contradiction(StrEnum):
    """Two lines of evidence that do not agree on a district."""

    DESCRIBED_AND_DENIED = "described_and_denied"
    DESCRIBED_NOT_RECORDED = "described_not_recorded"
    TOGETHER_HIGH_RECORDED_LOW = "together_high_recorded_low"
    RECORDED_TOP_TOGETHER_NOT = "recorded_top_together_not"


@dataclass(frozen=True, slots=True)
class Official:
    """A published number of attacks in the district. rate: per 100,000 residents and year, with its 90 % interval.

    recorded: attacks of the register in the same days and district; None where it covers none of them.
    """

    total: Total
    rate: float
    low: float
    high: float
    recorded: int | None


@dataclass(frozen=True, slots=True)
class DistrictEvidence:
    """What is known of one district in a window, line by line.

    described, denied, said: statements that call it no-go, deny that, or tell of anything else. officials: the longest
    period first. recorded: attacks by source. ratio, low, high, probability, together (class), together_half,
    together_twice, n_publishers: as in geo.analysis.evidence.synthesis. index_class: code of the index, None where it
    was not asked for. held, stated: attacks of the register and of the published tables, over the days of the tables
    that state the district. is_comparable: False where the register holds too small a share of them.
    denials: those of the district and of the province that deny a description as no-go.
    """

    pcode: str
    name: str
    described: tuple[Statement, ...]
    denied: tuple[Statement, ...]
    said: tuple[Statement, ...]
    officials: tuple[Official, ...]
    recorded: Mapping[str, int]
    ratio: float
    low: float
    high: float
    probability: float
    together: str
    together_half: str
    together_twice: str
    n_publishers: int
    index_class: str | None
    held: int
    stated: int
    is_comparable: bool
    denials: tuple[Statement, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Evidence on every district of an inclusive period, and the statements about the whole province."""

    first: date
    last: date
    districts: tuple[DistrictEvidence, ...]
    synthesis: Synthesis
    province: tuple[Statement, ...]

    def narrowing(self, pcode: str) -> list[Narrowing]:
        """Return the missing tables that would narrow the interval of a district most."""
        place = next(place for place, one in enumerate(self.districts) if one.pcode == pcode)
        return narrowing(self.synthesis, place, self.first, self.last)

    def of(self, pcode: str) -> DistrictEvidence:
        """Return the evidence on a district."""
        return next(one for one in self.districts if one.pcode == pcode)


def evidence(
    sources: Sequence[RecordedAttacks],
    districts: Districts,
    first: date,
    last: date,
    index_classes: Mapping[str, str] | None = None,
) -> Evidence:
    """Return the evidence on every district of an inclusive period.

    sources: what is recorded, by source. index_classes: code of the class of the index by P-code.
    """
    columns = columns_of(sources, districts, first, last)
    together = synthesise(columns, len(districts.pcodes))
    register = next((source for source in sources if source.source == "register"), None)
    held, stated = _captured(columns, register, len(districts.pcodes))
    expected = stated * (held.sum() / stated.sum() if stated.sum() else 0.0)
    comparable = (held >= LEAST_CAPTURE * expected) | (expected < LEAST_EXPECTED)
    province = statements.between(first, last, None)
    found = []
    for place, pcode in enumerate(districts.pcodes):
        said = statements.between(first, last, pcode)
        officials = tuple(_official(total, districts, place, register) for total in published.about(pcode, first, last))
        one = DistrictEvidence(
            pcode,
            districts.official_names[pcode],
            *_spoken(said),
            officials,
            {c.publisher: int(c.counts[place]) for c in columns if c.kind != "published"},
            float(together.ratio[place]),
            float(together.low[place]),
            float(together.high[place]),
            float(together.probability[place]),
            together.classes[place],
            together.classes_half[place],
            together.classes_twice[place],
            int(together.n_publishers[place]),
            index_classes.get(pcode) if index_classes else None,
            int(held[place]),
            int(stated[place]),
            bool(comparable[place]),
            tuple(s for s in (*said, *province) if s.denies == statements.NO_GO),
            (),
        )
        found.append(_with_contradictions(one))
    return Evidence(first, last, tuple(found), together, province)


def spoken_between(found: Evidence, first: date, last: date) -> Evidence:
    """Return evidence with the statements of another period; every other line stays as it is."""
    districts = []
    for one in found.districts:
        described, denied, said = _spoken(statements.between(first, last, one.pcode))
        districts.append(replace(one, described=described, denied=denied, said=said))
    return replace(found, districts=tuple(districts), province=statements.between(first, last, None))


def _spoken(found: tuple[Statement, ...]) -> tuple[tuple[Statement, ...], tuple[Statement, ...], tuple[Statement, ...]]:
    """Return statements that call a district no-go, those that deny it, and the others."""
    return (
        tuple(s for s in found if s.kind == DESCRIBED),
        tuple(s for s in found if s.kind == DENIED),
        tuple(s for s in found if s.kind not in (DESCRIBED, DENIED)),
    )


def columns_of(sources: Sequence[RecordedAttacks], districts: Districts, first: date, last: date) -> list[Column]:
    """Return what published tables and recorded sources state about an inclusive period; a copy counts once."""
    population = districts.population_between(first, last)
    columns = published.district_tables(first, last, districts.pcodes, population)
    for source in sources:
        column = source.column(first, last, population)
        # A source that records no attack anywhere does not tell districts apart.
        if column and column.counts.any() and not any(np.array_equal(column.counts, c.counts) for c in columns):
            columns.append(column)
    return columns


def _official(total: Total, districts: Districts, place: int, register: RecordedAttacks | None) -> Official:
    base = districts.population_between(total.first, total.last)[place] / 1e5 * total.days / 365.25
    low, high = garwood_interval(total.value, base, _CONFIDENCE)
    recorded = None
    if register and published.days_shared(total.first, total.last, register.first, register.last):
        recorded = int(register.by_district(total.first, total.last)[place])
    return Official(total, total.value / base, float(low), float(high), recorded)


def _captured(
    columns: Sequence[Column], register: RecordedAttacks | None, n_districts: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return attacks of the register, and of published tables, over the days of the tables that state a district."""
    held, stated = np.zeros(n_districts), np.zeros(n_districts)
    for table in columns:
        if table.kind == "published" and register is not None:
            is_stated = np.isfinite(table.counts)
            held += np.where(is_stated, register.by_district(table.first, table.last), 0.0)
            stated += np.where(is_stated, table.counts, 0.0)
    return held, stated


def _with_contradictions(one: DistrictEvidence) -> DistrictEvidence:
    # One source alone contradicts nothing.
    is_high = one.together in _HIGH and one.n_publishers > 1
    found = []
    if one.described and one.denials:
        found.append(Contradiction.DESCRIBED_AND_DENIED)
    if one.described and one.index_class in _LOW_INDEX:
        found.append(Contradiction.DESCRIBED_NOT_RECORDED)
    if is_high and one.index_class in _LOW_INDEX:
        found.append(Contradiction.TOGETHER_HIGH_RECORDED_LOW)
    if one.index_class == _TOP_INDEX and one.together == "not_high":
        found.append(Contradiction.RECORDED_TOP_TOGETHER_NOT)
    return replace(one, contradictions=tuple(found))
