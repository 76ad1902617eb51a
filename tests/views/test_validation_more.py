"""Validation in plain words: five sentences, each computed from the results it speaks of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.analysis.index.influence import CHANGES, Influence
from geo.analysis.index.quarterly import METHODS, SCORES, QuarterlyResult, ScoreDifference
from geo.views import validation_more
from tests.test_wording import BANNED
from tests.views.test_validation_page import result, with_verdicts

CHANGED = tuple(Influence(change, n, 26 + n) for n, change in enumerate(CHANGES))


def quarters(low: float = -0.1, high: float = 0.1) -> QuarterlyResult:
    """Return scores in which the last method is best, and equal intervals for every comparison."""
    means = {method: dict.fromkeys(SCORES, 1.0 - 0.1 * n) for n, method in enumerate(METHODS)}
    other = tuple(ScoreDifference(method, (low + high) / 2, low, high) for method in METHODS if method != "index")
    return QuarterlyResult(2010 * 12, 2025 * 12, 61, means, other)


def test_there_are_five_sentences_and_their_numbers_are_those_of_the_results() -> None:
    said = validation_more.summary(result(), quarters(), CHANGED)
    assert len(said) == 5
    assert not any(BANNED.search(sentence) for sentence in said)
    assert "does not say more about next year's worst districts" in said[0]
    assert "Over 61 quarters" in said[1]
    assert "“Endemic-epidemic model with neighbours”" in said[1]
    assert "not clearly better than any of the 6 other ways" in said[1]
    assert "equal weights change 0 of 26 classes, attacks on forces alone 1 of 27" in said[3]
    assert "2 of 28" in said[3]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(-0.1, 0.1, "does not improve the forecast"), (0.05, 0.1, "forecasts the next quarter better than the plain one")],
)
def test_weighting_is_called_better_only_beyond_its_interval(low: float, high: float, said: str) -> None:
    assert said in validation_more.summary(result(), quarters(low, high), CHANGED)[2]


def test_a_clear_gain_is_stated_as_one() -> None:
    assert (
        "clearly better than 6 of the 6 other ways"
        in validation_more.summary(result(), quarters(-0.2, -0.1), CHANGED)[1]
    )
    better = with_verdicts("better", "no different")
    assert "says a little more" in validation_more.summary(better, quarters(), CHANGED)[0]


def test_without_quarters_or_a_followed_top_class_the_sentences_say_less() -> None:
    lonely = replace(result(), classes=tuple(c for c in result().classes if c.class_code != "no_go"))
    said = validation_more.summary(lonely, None, CHANGED)
    assert len(said) == 3
    assert "not tested" in said[-1]


def test_the_tables_hold_every_method_score_and_change() -> None:
    assert len(validation_more.means_frame(quarters())) == len(METHODS)
    assert set(validation_more.means_frame(quarters()).columns) == {"Method", *SCORES.values()}
    assert len(validation_more.differences_frame(quarters())) == len(METHODS) - 1
    frame = validation_more.influence_frame(CHANGED)
    assert frame["Share"].iloc[1] == pytest.approx(1 / 27)
