"""Palettes: order by lightness alone, categories apart for every sight, text that can be read."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.views import palettes
from geo.views.palettes import Theme

THEMES: tuple[Theme, ...] = get_args(Theme)
PAGE: dict[Theme, str] = {"light": "#ffffff", "dark": "#14171b"}
colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")

# Linear sRGB as seen without red cones (protan) and without green cones (deutan): Machado, Oliveira and Fernandes
# (2009), "A physiologically-based model for simulation of color vision deficiency", severity 1.0.
SIGHTS = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def lab(colour: str, sight: str) -> NDArray[np.float64]:
    """CIELAB of a colour as somebody sees it, written apart from the product's own formula."""
    encoded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    ratio = _TO_XYZ @ np.clip(SIGHTS[sight] @ linear, 0, 1) / _WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(first: str, second: str, sight: str) -> float:
    """Distance of two colours in CIELAB (CIE 1976)."""
    return float(np.linalg.norm(lab(first, sight) - lab(second, sight)))


def lightness(colour: str) -> float:
    """CIELAB L* of a colour, 0 black to 100 white."""
    return float(lab(colour, "normal")[0])


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2); L* is a function of the luminance Y alone."""
    luminance = [((one + 16) / 116) ** 3 if one > 8 else one * 27 / 24389 for one in map(lightness, (first, second))]
    return (max(luminance) + 0.05) / (min(luminance) + 0.05)


def test_contrast_of_black_and_white_is_21_whatever_the_order() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21, abs=0.01)
    assert contrast("#ffffff", "#000000") == pytest.approx(21, abs=0.01)


@given(colours)
def test_text_can_be_read_on_any_colour(colour: str) -> None:
    other = "#ffffff" if palettes.text_on(colour) != "#ffffff" else "#14181d"
    assert contrast(palettes.text_on(colour), colour) >= max(4, 0.98 * contrast(other, colour))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("n_classes", range(2, 8))
def test_a_sequence_rises_in_lightness_away_from_the_page(theme: Theme, n_classes: int) -> None:
    scale = palettes.sequential(n_classes, theme)
    steps = [lightness(b) - lightness(a) for a, b in pairwise([palettes.ZERO[theme], *scale])]
    sign = -1 if theme == "light" else 1
    assert all(sign * step > 5 for step in steps)
    away = [contrast(colour, PAGE[theme]) for colour in scale]
    assert away == sorted(away)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_neighbouring_classes_differ_for_every_sight(theme: Theme, sight: str) -> None:
    for scale in (palettes.sequential(7, theme), palettes.ACCESS[theme]):
        assert min(difference(a, b, sight) for a, b in pairwise(scale)) > 10


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_lower_and_higher_no_change_and_none_recorded_differ_for_every_sight(theme: Theme, sight: str) -> None:
    shown = [*palettes.DIVERGING[theme], palettes.ZERO[theme]]
    assert min(difference(a, b, sight) for a, b in combinations(shown, 2)) > 10
    assert all(contrast(palettes.text_on(colour), colour) >= 4.5 for colour in palettes.DIVERGING[theme])
    away = [contrast(colour, PAGE[theme]) for colour in palettes.DIVERGING[theme]]
    assert away[0] > away[1] > away[2] < away[3] < away[4], "the ends stand out most"


@pytest.mark.parametrize("theme", THEMES)
def test_the_highest_class_is_equally_strong_whatever_the_number_of_classes(theme: Theme) -> None:
    assert len({palettes.sequential(n, theme)[-1] for n in range(2, 8)}) == 1
    assert len({palettes.sequential(n, theme)[0] for n in range(2, 8)}) == 1


@pytest.mark.parametrize("n_classes", [0, 8, -1])
def test_a_scale_has_one_to_seven_classes(n_classes: int) -> None:
    with pytest.raises(ValueError, match="1 to 7"):
        palettes.sequential(n_classes)


def test_a_single_class_is_neither_the_palest_nor_the_strongest() -> None:
    assert palettes.sequential(1)[0] not in (palettes.sequential(7)[0], palettes.sequential(7)[-1])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_none_recorded_and_no_data_are_no_class_of_the_scale(theme: Theme, sight: str) -> None:
    zero, none = palettes.ZERO[theme], palettes.NO_DATA[theme]
    assert difference(zero, none, sight) > 5
    for colour in palettes.sequential(7, theme):
        assert difference(zero, colour, sight) > 15


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_every_two_categories_and_other_differ_for_every_sight(theme: Theme, sight: str) -> None:
    shown = [*palettes.categories(8, theme), palettes.OTHER[theme]]
    closest = min(difference(a, b, sight) for a, b in combinations(shown, 2))
    assert closest >= 17


def test_more_than_eight_categories_are_refused() -> None:
    with pytest.raises(ValueError, match="as other"):
        palettes.categories(9)


def test_colours_of_categories_do_not_depend_on_how_many_are_shown() -> None:
    assert palettes.categories(3) == palettes.categories(8)[:3]


@pytest.mark.parametrize("theme", THEMES)
def test_the_access_classes_are_four_in_order_of_lightness(theme: Theme) -> None:
    order = [lightness(colour) for colour in palettes.ACCESS[theme]]
    assert len(order) == 4
    assert order == sorted(order, reverse=theme == "light")


def test_on_a_dark_page_the_strongest_access_class_is_not_paler_than_the_one_below_it() -> None:
    *_, probably, high = palettes.ACCESS["dark"]
    chroma = [float(np.hypot(*lab(colour, "normal")[1:])) for colour in (probably, high)]
    assert chroma[1] >= chroma[0], "a washed-out colour reads as the milder one"
    assert contrast(high, PAGE["dark"]) >= 2 * contrast(probably, PAGE["dark"])
