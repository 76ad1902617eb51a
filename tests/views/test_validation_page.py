"""The back-test in words and tables: the unfavourable part first, never more certain than the years allow."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.index import request as ask
from geo.analysis.index.backtest import METHODS, Backtest
from geo.views import validation
from tests.real_tables import register
from tests.test_wording import BANNED
from tests.toy_index import everything

DISTRICTS = geo_districts.load()


@cache
def result() -> Backtest:
    settings = ask.frozen_settings("register")
    return ask.backtest_of(
        register(), everything(register()), DISTRICTS, "register", settings, (2021, 2022, 2023, 2024)
    )


def with_verdicts(count: str, hits: str) -> Backtest:
    """Return the result with the verdicts against last year's count on rank correlation and hits."""
    edges = {"better": (0.1, 0.2), "worse": (-0.2, -0.1), "no different": (-0.1, 0.1)}
    wanted = {"spearman_count": edges[count], "hit_share": edges[hits]}
    changed = tuple(
        replace(d, low=wanted[d.measure][0], high=wanted[d.measure][1])
        if d.baseline == "last_year" and d.measure in wanted
        else d
        for d in result().differences
    )
    return replace(result(), differences=changed)


@pytest.mark.parametrize(
    ("count", "hits", "head"),
    [
        ("no different", "no different", "The index does NOT predict the next year better"),
        ("worse", "no different", "The index does NOT predict the next year better"),
        ("better", "no different", "The index is NOT clearly better than last year's count"),
        ("better", "worse", "The index is NOT clearly better than last year's count"),
        ("better", "better", "The index predicts the next year better"),
    ],
)
def test_the_head_says_what_the_intervals_allow(count: str, hits: str, head: str) -> None:
    assert validation.verdict(with_verdicts(count, hits))[0].startswith(head)


def test_the_register_gives_no_reason_to_claim_foresight() -> None:
    head, *lines = validation.verdict(result())
    assert "does NOT predict" in head
    assert len(lines) == 8
    assert not any(BANNED.search(line) for line in (head, *lines))


def test_few_years_are_called_rough_and_the_number_of_comparisons_is_told() -> None:
    text = validation.reading_text(result())
    assert "3 years were scored (2021 to 2023)" in text
    assert "With only 3 years, the intervals are rough" in text
    n_compared = len(validation.differences_frame(result()))
    assert f"There are {n_compared} comparisons, not corrected for their number" in text
    many = replace(result(), origins=tuple(range(2000, 2015)))
    assert "rough" not in validation.reading_text(many)


def test_the_tables_hold_every_method_measure_and_class() -> None:
    means = validation.means_frame(result())
    assert list(means.columns) == ["Measure", *METHODS.values()]
    assert means.set_index("Measure").loc["PEI", "Index"] == result().means["aci"]["pei"]
    assert len(validation.differences_frame(result())) == 4 * len(means)
    assert set(validation.differences_frame(result())["The index is"]) <= {"better", "worse", "no difference found"}
    assert validation.classes_frame(result())["District-years"].sum() == 3 * 35
    assert validation.forecasts_frame(result())["Forecast"].iloc[0] == "Negative binomial of this year"


def test_lists_stand_beside_the_bare_count_and_link_to_their_page() -> None:
    settings = ask.frozen_settings("register")
    compared = ask.compare_lists(register(), everything(register()), DISTRICTS, "register", settings)
    table = validation.lists_frame(compared, [None] * len(compared))
    assert list(table["Districts named"]) == [4, 5, 6]
    assert ((table["AUC, index"] >= 0.5) & (table["AUC, index"] <= 1)).all()
    assert table["AUC, number of attacks"].notna().all()
    assert table["Page"].str.startswith("https://").all()


def test_a_list_that_is_not_covered_has_empty_cells() -> None:
    settings = ask.frozen_settings("register")
    compared = ask.compare_lists(register(), everything(register()), DISTRICTS, "register", settings)
    table = validation.lists_frame([replace(compared[0], index=None, count=None, months_covered=0)], [None])
    assert np.isnan(table.loc[0, "AUC, index"])
    assert np.isnan(table.loc[0, "Overlap, number of attacks"])


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2008-2014", (2008, 2014)),
        ("2014-2008", None),
        ("2008-2008", None),
        ("2007-2014", None),
        ("2008-2016", None),
        ("2008", None),
        ("", None),
        ("-2008-2010", None),
        ("20٠8-2010", None),
        ("2008-2010; drop", None),
    ],
)
def test_only_two_different_covered_years_make_a_span(text: str, span: tuple[int, int] | None) -> None:
    assert validation.span_of(text, tuple(range(2008, 2016))) == span
