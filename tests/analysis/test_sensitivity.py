"""The draws: what is varied stays within its bounds, what is not varied stays, and the same input gives the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.analysis.index import sensitivity as sens
from geo.analysis.index.access import access
from geo.analysis.index.monthly_counts import CountedIncidents, Window, counted_incidents, monthly_counts
from geo.analysis.index.scores import classify, gates_passed, index_of
from geo.analysis.index.settings import ByComponent
from tests.toy_index import THREE, attack, broad, everything, incidents, year_of

YEAR = Window.of_year(2024)
ROWS = [
    *year_of({"PK501": [3] * 12, "PK502": [1, 0] * 6}, killed_best=4, killed_low=2, killed_high=9),
    attack(10_000, "PK502", 5, attack_type="post_overrun", is_control_type=True),
    attack(10_001, "PK502", 5, date_precision="year"),
    attack(10_002, "PK503", 5, target_type="civilian", killed_best=30, killed_low=10, killed_high=50),
]
NEAR = {"geo_precision": "near", "lat": 33.0, "lon": 70.5}


def counted(*rows: dict) -> CountedIncidents:
    small = incidents(*rows)
    return counted_incidents(small, everything(small)).within(YEAR)


def spread(*rows: dict, redraw: sens.Redraw | None = None, **changes: object) -> sens.Spread:
    within, settings = counted(*rows), broad(**changes)
    values = monthly_counts(within, YEAR, 3, settings.cap_deaths).values(YEAR, has_control=True)
    index = index_of(values, THREE.population, THREE.area_km2, settings)
    classes = classify(index, gates_passed(values, settings), settings.cuts)
    return sens.sensitivity(within, YEAR, THREE.population, THREE.area_km2, settings, classes, redraw=redraw)


def sums(*rows: dict, draws: int = 50, redraw: sens.Redraw | None = None) -> object:
    drawn = sens._Sums(counted(*rows), YEAR, 3, 10, redraw)
    return drawn.draw(np.random.default_rng(1), draws, has_control=True)


def test_the_same_input_gives_the_same_spread() -> None:
    first, second = spread(*ROWS, draws=60), spread(*ROWS, draws=60)
    for name in ("median", "low", "high", "agreement", "rank_low", "rank_high"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert not np.array_equal(first.median, spread(*ROWS, draws=60, seed=2).median)


def test_draws_made_in_parts_are_as_many_and_as_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = spread(*ROWS, draws=300)
    monkeypatch.setattr(sens, "_CELLS_AT_ONCE", 700)
    parts = spread(*ROWS, draws=300)
    np.testing.assert_allclose(parts.median, whole.median, atol=3)
    np.testing.assert_allclose(parts.agreement, whole.agreement, atol=0.15)


def test_without_dropping_and_ranges_the_draws_are_the_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sens, "LARGEST_DROP", 0.0)
    monkeypatch.setattr(sens, "LARGEST_MISSED", 0.0)
    rows = [row | {"killed_low": None, "killed_high": None} for row in ROWS]
    drawn, exact = sums(*rows, draws=5), monthly_counts(counted(*rows), YEAR, 3, 10).values(YEAR, has_control=True)
    for name in ("S", "K", "M", "L", "C"):
        np.testing.assert_allclose(getattr(drawn, name), np.tile(getattr(exact, name), (5, 1)), err_msg=name)


def test_without_under_recording_a_draw_drops_few_and_adds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sens, "LARGEST_MISSED", 0.0)
    drawn, exact = sums(*ROWS, draws=400), monthly_counts(counted(*ROWS), YEAR, 3, 10).values(YEAR, has_control=True)
    for name in ("S", "K", "M", "C"):
        assert (getattr(drawn, name) <= getattr(exact, name)).all()
    dropped = 1 - drawn.S[:, 0].mean() / exact.S[0]
    assert 0.02 < dropped < 0.06


def test_deaths_are_drawn_between_low_and_high_and_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sens, "LARGEST_MISSED", 0.0)
    drawn = sums(*ROWS, draws=400)
    assert drawn.L[:, 2].max() <= 10
    assert drawn.L[:, 0].min() >= 36 * 2 * 0.7
    assert drawn.L[:, 0].max() <= 36 * 9


def test_the_interval_lies_around_the_median_and_ranks_are_ranks() -> None:
    found = spread(*ROWS, draws=200)
    assert (found.low <= found.median).all()
    assert (found.median <= found.high).all()
    assert found.rank_low.tolist() == [1, 2, 3]
    assert found.rank_high.tolist() == [1, 2, 3]


def test_districts_with_nothing_recorded_always_agree_and_share_their_rank() -> None:
    found = spread(*year_of({"PK501": [1] * 12}), draws=50)
    assert found.agreement[1:].tolist() == [1, 1]
    assert found.rank_high[1:].tolist() == [2, 2]
    assert found.high[1:].tolist() == [0, 0]


def test_a_score_near_a_cut_agrees_less_than_one_far_from_it() -> None:
    near_cut = year_of({"PK501": [1] * 7 + [0] * 5, "PK502": [3] * 12})
    found = spread(*near_cut, draws=200)
    assert found.agreement.min() < 1
    assert found.agreement[2] == 1


@pytest.mark.parametrize(
    ("share", "code"), [(1.0, "firm"), (0.8, "firm"), (0.79, "moderate"), (0.5, "moderate"), (0.49, "unsettled")]
)
def test_agreement_has_three_words(share: float, code: str) -> None:
    assert sens.agreement_code(share) == code
    assert sens.agreement_code(float("nan")) == "unknown"
    assert set(sens.AGREEMENTS) >= {code}


def test_a_weight_of_zero_stays_zero() -> None:
    settings = broad()
    only_k = replace(settings.weights, S=0.0, C=0.0, M=0.0, L=0.0)
    found = spread(*ROWS, draws=50, weights=only_k)
    assert found.high[0] == 100
    assert found.high[2] == 0


# --- loose places ------------------------------------------------------------------------------------------


def west_is_north(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return district 0 west of 70.5 degrees and 1 east of it, outside south of 32.9 degrees."""
    return np.where(lat < 32.9, -2, np.where(lon < 70.5, 0, 1))


def test_a_circle_is_shared_between_the_districts_it_reaches() -> None:
    redraw = sens.redraw_within(counted(attack(1), attack(2, **NEAR)), west_is_north, 3)
    assert redraw.rows.tolist() == [1]
    shares = redraw.shares[0]
    assert shares[0] == pytest.approx(shares[1], abs=0.02)
    # 0.1 degree is 11.1 km: the segment of a 25 km circle beyond it is 23 percent.
    assert 1 - shares.sum() == pytest.approx(0.229, abs=0.02)
    assert shares[2] == 0


def test_the_circle_has_its_radius() -> None:
    seen = {}

    def remember(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        seen["km"] = np.hypot((lon - 70.5) * 111.32 * np.cos(np.radians(33.0)), (lat - 33.0) * 111.32)
        return np.zeros(len(lon), dtype=int)

    sens.redraw_within(counted(attack(1, **NEAR)), remember, 3)
    assert seen["km"].max() == pytest.approx(25, abs=0.1)
    assert np.mean(seen["km"] < 12.5) == pytest.approx(0.25, abs=0.01)


def test_loose_incidents_fall_by_their_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sens, "LARGEST_DROP", 0.0)
    monkeypatch.setattr(sens, "LARGEST_MISSED", 0.0)
    rows = [attack(1, "PK503"), attack(2, **NEAR, killed_best=4)]
    redraw = sens.redraw_within(counted(*rows), west_is_north, 3)
    drawn = sums(*rows, draws=2000, redraw=redraw)
    np.testing.assert_allclose(drawn.S.mean(axis=0), [0.385, 0.385, 1.0], atol=0.04)
    np.testing.assert_allclose(drawn.L.mean(axis=0), [1.54, 1.54, 0], atol=0.16)
    np.testing.assert_array_equal(drawn.K, drawn.S)
    assert drawn.S[:, :2].sum(axis=1).max() == 1


def test_the_index_places_loose_incidents_again_when_it_can_locate() -> None:
    asked: list[int] = []

    def locate(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        asked.append(len(lon))
        return west_is_north(lon, lat)

    for rows, expected in ((ROWS, []), ([*ROWS, attack(20_000, **NEAR)], [200])):
        small = incidents(*rows)
        access(small, everything(small), THREE, broad(draws=5), YEAR, locate=locate)
        assert asked == expected


# --- units and under-recording ---------------------------------------------------------------------------


def calibrated(**changes: object) -> object:
    """Return settings whose goalposts per 1,000 km² are as far from the data as those per 100,000 residents."""
    goalposts = ByComponent(S=6, M=10, L=20, C=12)
    by_alpha = ((0.0, ByComponent(S=600, M=1000, L=2000)), (1.0, ByComponent(S=6, M=10, L=20)))
    return broad(goalposts=goalposts, goalposts_by_alpha=by_alpha, **changes)


def test_goalposts_follow_the_units_of_the_rate() -> None:
    settings = calibrated()
    assert settings.goalposts_at(1.0) == {"S": 6, "M": 10, "L": 20, "C": 12}
    assert settings.goalposts_at(0.5)["S"] == pytest.approx(60)
    assert settings.goalposts_at(np.array([[0.0], [1.0]]))["S"].tolist() == [[600], [6]]
    assert broad().goalposts_at(0.5) == broad().goalposts.given(), "a profile without calibration has one set"


def median_lift(factor: float) -> np.ndarray:
    """Return median minus index of districts of 1,000 residents a km²: goalposts per km² are `factor` times as high."""
    rows = year_of({"PK501": [1, 0] * 6, "PK502": [1] * 12})
    people, area = np.array([1e6, 2e6, 1e6]), np.array([1e3, 2e3, 1e3])
    posts = {"S": 6.0, "M": 10.0, "L": 20.0}
    by_alpha = tuple(
        (alpha, ByComponent(**{name: value * factor ** (1 - alpha) for name, value in posts.items()}))
        for alpha in (0.0, 1.0)
    )
    settings, within = broad(goalposts_by_alpha=by_alpha, draws=400), counted(*rows)
    values = monthly_counts(within, YEAR, 3, settings.cap_deaths).values(YEAR, has_control=True)
    index = index_of(values, people, area, settings)
    classes = classify(index, gates_passed(values, settings), settings.cuts)
    return sens.sensitivity(within, YEAR, people, area, settings, classes).median - index


def test_draws_of_other_units_do_not_lift_every_score() -> None:
    # Alpha drawn against goalposts per resident lifted nearly every score by 3.4 to 4.7 points.
    same_goalposts, recalibrated = median_lift(1.0)[:2], median_lift(10.0)[:2]
    assert (same_goalposts > 4).all()
    assert (np.abs(recalibrated) < 0.6 * same_goalposts).all()


def test_draws_also_add_what_may_have_been_missed() -> None:
    drawn, exact = sums(*ROWS, draws=400), monthly_counts(counted(*ROWS), YEAR, 3, 10).values(YEAR, has_control=True)
    assert (drawn.S[:, 0] > exact.S[0]).mean() > 0.5
    assert drawn.S[:, 0].mean() / exact.S[0] == pytest.approx((1 - 0.04) + 0.151, abs=0.03)
    assert (drawn.K[:, 1] > exact.K[1]).any(), "an added attack may fall in a month without one"
    assert drawn.K.max() <= 12
    assert (drawn.S <= drawn.M).all()
    assert drawn.S[:, 2].max() == 0, "nothing is added where nothing of the kind is recorded"
