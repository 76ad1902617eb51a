"""Hot spots in five plain sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geo.analysis.index.access import AccessIndex, access
from geo.analysis.index.hotspots import Hotspots
from geo.analysis.index.monthly_counts import Window
from geo.views.access import hot_spots
from tests.toy_index import THREE, attack, broad, everything, incidents, year_of


def index() -> AccessIndex:
    ends = (attack(1, "PK503", 1, 2024, initiator="state"), attack(2, "PK503", 12, 2024, initiator="state"))
    small = incidents(*year_of({"PK501": [2] * 12}, first=10), *ends)
    return access(small, everything(small), THREE, broad(draws=0), Window.of_year(2024))


def found(*labels: str) -> Hotspots:
    blank = np.zeros(3)
    return Hotspots(labels, blank, blank, blank, blank, blank, 3, 0.1, None)


def test_the_sentences_name_the_districts_of_each_finding() -> None:
    said = hot_spots.summary(index(), found("core", "surrounded", "none"))
    assert len(said) == 5
    assert "1 district has a recorded rate of attacks clearly above the provincial mean: North." in said[0]
    assert said[1].endswith("cluster: North.")
    assert said[2].endswith("itself: Middle.")


def test_nothing_found_is_not_called_quiet() -> None:
    said = hot_spots.summary(index(), replace(found("none", "none", "none")))
    assert "no district has a recorded rate clearly above" in said[0]
    assert said[1].endswith("none.")
    assert "does not show that there is nothing" in said[3]
