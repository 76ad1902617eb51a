"""Filtered counts over coded columns against the same questions put to pandas with categoricals, 1 and 8 threads."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pandas as pd

from benchmarks import made_up
from benchmarks.timing import Comparison, compare_at_once
from geo.analysis.counting import cube, questions
from geo.districts import load
from geo.filters import Filters
from geo.incidents import UNKNOWN, IncidentTable, build
from geo.schema import ATTACK_TYPES

DEFAULT_ROWS = 1_000_000
OURS, BY_PASS, PANDAS = "cube", "pass over the rows", "pandas categoricals"
_QUESTIONS = 24
_LAST_YEAR = made_up.FIRST_DAY.year + 29


def run(rows: int) -> list[Comparison]:
    """Compare counts by district, people killed by district and a monthly series, each under years and 3 groups.

    Then a cross table of year and group over half of the attack types, and a period of single days.
    """
    table = build({"1": made_up.incidents(rows)}, load().pcodes, "measured")
    frame = as_frame(table)
    cases = {
        "incidents by district, years and 3 groups": _by_district(table, frame, "incidents"),
        "people killed by district, years and 3 groups": _by_district(table, frame, "killed"),
        "incidents by month, years and 3 groups": _by_month(table, frame),
        "incidents by year and group, half of the attack types": _crossed(table, frame),
        "incidents by district, single days and 3 groups": _by_day(table, frame),
    }
    found = []
    for case, ways in cases.items():
        _check(ways)
        ours = next(iter(ways))
        for threads in (1, 8):
            name = f"{case}, {threads} thread{'s' if threads > 1 else ''}"
            found.append(compare_at_once(name, ways, ours, threads, _QUESTIONS))
    found[0] = replace(found[0], facts={**found[0].facts, **_facts(table, frame)})
    return found


def as_frame(table: IncidentTable) -> pd.DataFrame:
    """Return the same columns as a pandas frame with categoricals, the way one would keep them there."""
    return pd.DataFrame(
        {
            "district": pd.Categorical.from_codes(np.maximum(table.district, -1), list(table.pcodes)),
            "group": pd.Categorical.from_codes(table.group, list(table.groups)),
            "attack_type": pd.Categorical.from_codes(table.attack_type, list(ATTACK_TYPES)),
            "day": table.day,
            "year": table.year,
            "month": table.month,
            "n_events": table.n_events,
            "killed_best": pd.Series(table.killed_best).where(table.killed_best != UNKNOWN),
        }
    )


def _filters(question: int) -> Filters:
    first = made_up.FIRST_DAY.year + question % 12
    groups = tuple(f"g{(question * 7 + k * 3) % 40:03}" for k in range(3))
    return Filters(start=date(first, 1, 1), end=date(first + 14, 12, 31), groups=groups)


def _filtered(frame: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    years = frame["year"].between(filters.start.year, filters.end.year)
    return frame[years & frame["group"].isin(filters.groups)]


def _by_district(table: IncidentTable, frame: pd.DataFrame, measure: str) -> dict:
    column = "killed_best" if measure == "killed" else "n_events"

    def by_pandas(question: int) -> list[int]:
        kept = _filtered(frame, _filters(question))
        return kept.groupby("district", observed=False)[column].sum().astype(int).tolist()

    return {
        OURS: lambda question: questions.by_district(table, _filters(question), measure).value.tolist(),
        BY_PASS: lambda question: cube.one_pass(table, _filters(question), measure, ("district",))[2:].tolist(),
        PANDAS: by_pandas,
    }


def _by_month(table: IncidentTable, frame: pd.DataFrame) -> dict:
    months = (made_up.FIRST_DAY, date(_LAST_YEAR, 12, 1), "month")

    def by_pandas(question: int) -> list[int]:
        kept = _filtered(frame, _filters(question))
        sums = kept.groupby(["year", "month"])["n_events"].sum()
        every = pd.MultiIndex.from_product([range(made_up.FIRST_DAY.year, _LAST_YEAR + 1), range(1, 13)])
        return sums.reindex(every, fill_value=0).tolist()

    return {
        OURS: lambda question: questions.by_time(table, _filters(question), "incidents", *months)[1].tolist(),
        BY_PASS: lambda question: cube.one_pass(table, _filters(question), "incidents", ("month",)).tolist(),
        PANDAS: by_pandas,
    }


def _by_day(table: IncidentTable, frame: pd.DataFrame) -> dict:
    """Of a period that cuts months the cube holds the whole ones."""

    def filters(question: int) -> Filters:
        return replace(_filters(question), start=date(2000 + question % 12, 3, 17))

    def by_pandas(question: int) -> list[int]:
        chosen = filters(question)
        days = frame["day"].between(*(np.datetime64(day).astype(int) for day in (chosen.start, chosen.end)))
        kept = frame[days & frame["group"].isin(chosen.groups)]
        return kept.groupby("district", observed=False)["n_events"].sum().tolist()

    return {
        OURS: lambda question: questions.by_district(table, filters(question), "incidents").value.tolist(),
        BY_PASS: lambda question: cube.one_pass(table, filters(question), "incidents", ("district",))[2:].tolist(),
        PANDAS: by_pandas,
    }


def _crossed(table: IncidentTable, frame: pd.DataFrame) -> dict:
    def by_cube(question: int) -> dict:
        return questions.by_two(table, Filters(attacks=_attacks(question)), "incidents", "year", "group")

    def by_pass(question: int) -> dict:
        found = cube.one_pass(table, Filters(attacks=_attacks(question)), "incidents", ("year", "group"))
        first_year = cube.first_code(table, "year")
        return {(first_year + year, group): int(found[year, group]) for year, group in np.argwhere(found).tolist()}

    def by_pandas(question: int) -> dict:
        kept = frame[frame["attack_type"].isin(_attacks(question))]
        sums = kept.groupby(["year", "group"], observed=True)["n_events"].sum()
        return {(year, table.groups.index(group)): n for (year, group), n in sums.items()}

    return {OURS: by_cube, BY_PASS: by_pass, PANDAS: by_pandas}


def _attacks(question: int) -> tuple[str, ...]:
    return tuple(ATTACK_TYPES)[question % 12 :: 2]


def _check(ways: dict) -> None:
    for question in range(_QUESTIONS):
        answers = [way(question) for way in ways.values()]
        if any(answer != answers[0] for answer in answers):
            raise AssertionError(f"the ways disagree on question {question}")


def _facts(table: IncidentTable, frame: pd.DataFrame) -> dict[str, str]:
    """Return the memory of the three, and how long the first question of a kind takes."""
    per_million = 1e6 / len(table) / 1e6
    coded = sum(array.nbytes for array in _arrays(table))
    fresh = replace(table)
    start = time.perf_counter()
    questions.by_district(fresh, _filters(0), "incidents")
    first_ms = (time.perf_counter() - start) * 1e3
    return {
        "first question to the cube, ms": f"{first_ms:.0f}",
        "MB a million rows, coded columns": f"{coded * per_million:.0f}",
        "their texts": f"{table.details.nbytes * per_million:.0f}",
        "pandas frame of 8 columns": f"{frame.memory_usage(deep=True).sum() * per_million:.0f}",
    }


def _arrays(table: IncidentTable) -> list[np.ndarray]:
    found = [getattr(table, item.name) for item in fields(table)]
    return [array for array in found if isinstance(array, np.ndarray)]
