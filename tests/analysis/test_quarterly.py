"""Quarterly origins: scores against published values, forecasts from the past alone, one way of fitting for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from geo import districts as geo_districts
from geo.analysis.index import forecast_scores as fs
from geo.analysis.index import quarterly as qu
from geo.analysis.index.profiles import profiles
from tests.real_tables import register
from tests.toy_index import everything


@pytest.mark.parametrize(
    ("count", "mean", "size", "crps", "log"),
    [
        (0, 0.3, 0.5, 0.04803457640883314, None),
        (3, 2.0, 1.5, 0.8898477630721667, 2.1670348151374412),
        (10, 4.0, 3.0, 4.574541917179794, 3.9483967184894126),
        (0, 6.0, 0.8, 2.5378190089942856, None),
        (47, 30.0, 5.0, 11.63405073078911, 4.54581658033466),
    ],
)
def test_scores_are_those_of_scoringrules(count: int, mean: float, size: float, crps: float, log: float | None) -> None:
    # Values of scoringrules 0.10.0: crps_negbinom, logs_negbinom (which fails at a count of 0).
    assert fs.crps([count], [mean], size)[0] == pytest.approx(crps, rel=1e-6)
    expected = log if log is not None else -size * np.log(size / (size + mean))
    assert fs.log_score([count], [mean], size)[0] == pytest.approx(expected, rel=1e-9)


def test_the_interval_score_is_that_of_scoringrules() -> None:
    assert fs.interval_score([7.0, 3.0], [1.0, 1.0], [5.0, 5.0]).tolist() == pytest.approx([44.0, 4.0])


def test_the_crps_of_a_certain_forecast_is_the_absolute_error() -> None:
    sure = fs.crps([3, 8], [5.0, 5.0], 1e4)
    rng = np.random.default_rng(1)
    drawn = rng.poisson(5.0, (2, 200_000))
    expected = [
        np.abs(own - y).mean() - np.abs(own[::2] - own[1::2]).mean() / 2 for own, y in zip(drawn, (3, 8), strict=True)
    ]
    assert sure == pytest.approx(expected, abs=0.02)


def test_an_interval_holds_at_least_its_share() -> None:
    low, high = fs.interval([0.2, 3.0, 40.0], 1.5)
    chance = 1.5 / (1.5 + np.array([0.2, 3.0, 40.0]))
    inside = stats.nbinom.cdf(high, 1.5, chance) - stats.nbinom.cdf(low - 1, 1.5, chance)
    assert (inside >= 0.9).all()


def test_the_block_interval_covers_a_true_mean_of_dependent_differences() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for trial in range(200):
        noise = rng.normal(size=63)
        series = noise[3:] + 0.6 * noise[2:-1] + 0.3 * noise[1:-2]
        _mean, low, high = fs.block_interval(series, resamples=300, seed=trial)
        hits += low <= 0 <= high
    assert hits >= 180
    assert np.isnan(fs.block_interval([1.0, 2.0, 3.0])[1])


def test_fitted_weights_are_the_likelihoods_and_never_negative() -> None:
    rng = np.random.default_rng(3)
    x = np.stack([np.ones(20_000), rng.gamma(1.0, 2.0, 20_000)])
    weights, size = qu.fit(x, rng.poisson(np.array([0.5, 0.8]) @ x).astype(float))
    assert weights == pytest.approx([0.5, 0.8], rel=0.1)
    assert size > 50
    falling, _size = qu.fit(np.stack([np.ones(500), np.arange(500.0)]), np.linspace(5, 0, 500).round())
    assert (falling >= 0).all()
    mean = 3.0
    _weights, clustered = qu.fit(np.ones((1, 20_000)), rng.negative_binomial(2.0, 2 / (2 + mean), 20_000).astype(float))
    assert clustered == pytest.approx(2.0, rel=0.15)


RATES = [0.1, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 6.0]


def panel(attacks: np.ndarray) -> qu.QuarterPanel:
    """Return quarters of equal districts whose index is their last count."""
    base = np.full(attacks.shape, 1.0)
    return qu.QuarterPanel(2010 * 12, attacks, base, attacks * 10, attacks * 10, np.zeros((attacks.shape[1],) * 2))


def test_a_forecast_never_knows_the_quarter_it_is_judged_on() -> None:
    rng = np.random.default_rng(9)
    attacks = rng.poisson(RATES, (20, 8)).astype(float)
    loud = attacks.copy()
    loud[-1] = 90
    first, second = qu.quarterly(panel(attacks[:-1])), qu.quarterly(panel(loud[:-1]))
    assert first.means == second.means
    assert qu.quarterly(panel(loud)).means["last_count"]["crps"] > first.means["last_count"]["crps"] + 1


def test_every_method_is_scored_on_the_same_quarters() -> None:
    rng = np.random.default_rng(9)
    found = qu.quarterly(panel(rng.poisson(RATES, (24, 8)).astype(float)))
    assert set(found.means) == set(qu.METHODS)
    assert all(set(by) == set(qu.SCORES) for by in found.means.values())
    assert found.n_origins == 15
    assert (found.first, found.last) == (2010 * 12 + 27, 2010 * 12 + 69)
    assert {d.method for d in found.against_index} == set(qu.METHODS) - {"index"}
    assert not found.weighting_helps, "two equal indexes do not differ"
    with pytest.raises(ValueError, match="enough quarters"):
        qu.quarterly(panel(np.ones((6, 8))))


@pytest.mark.slow
def test_on_the_register_recent_months_do_not_beat_the_plain_window() -> None:
    table, districts = register(), geo_districts.load()
    data = qu.quarter_panel(table, everything(table), profiles()["register"].settings, districts)
    found = qu.quarterly(data)
    assert found.n_origins >= 60
    assert not found.weighting_helps
    assert found.means["index"]["coverage"] >= 0.9
    later = replace(data, S=np.vstack([data.S[:-1], data.S[-1:] + 50]))
    again = qu.quarterly(later)
    assert again.means["index"]["crps"] > found.means["index"]["crps"], "only the last quarter's outcome changed"
