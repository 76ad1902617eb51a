"""What sources state beside a count: a source that does not name targets has no zero attacks on police."""

from __future__ import annotations

from datetime import date

import pytest

from geo import districts as geo_districts
from geo.analysis.counting import stated
from geo.analysis.counting.stated import Police
from geo.filters import Filters
from geo.incidents import IncidentTable, build, select
from geo.views import figure_notes
from tests.toy import row, table

DISTRICTS = geo_districts.load()
EVERYTHING = Filters(sources="merged")


def incidents(*rows: dict[str, object]) -> IncidentTable:
    return build({"1": table(*rows)}, DISTRICTS.pcodes, "v1")


@pytest.mark.parametrize(
    ("sources", "expected", "said"),
    [
        (("register",), Police.STATED, "0 on police"),
        (("register", "ucdp_ged"), Police.PARTLY, "0 on police in those whose source distinguishes them"),
        (("ucdp_ged",), Police.NOT_STATED, "police not distinguished by this source"),
    ],
)
def test_where_no_source_tells_police_apart_no_zero_is_said(
    sources: tuple[str, ...], expected: Police, said: str
) -> None:
    rows = [
        row(n, source=source, target_type="other_state_force", day=date(2020, 1, 1)) for n, source in enumerate(sources)
    ]
    found = incidents(*rows)
    assert stated.police(found, select(found, EVERYTHING)) is expected
    assert figure_notes.on_police(found, EVERYTHING) == said


def test_militants_among_the_killed_are_a_number_only_where_a_report_states_one() -> None:
    found = incidents(
        row(1, killed_best=5, killed_militant=2), row(2, killed_best=3), row(3, killed_best=4, killed_militant=0)
    )
    everything = select(found, EVERYTHING)
    assert stated.militants_killed(found, everything) == 2
    unstated = everything & (found.killed_best == 3)
    assert stated.militants_killed(found, unstated) is None


def test_the_killed_are_said_to_be_of_all_sides() -> None:
    assert figure_notes.sides(incidents(row(1, killed_best=5)), EVERYTHING) == "all sides"
    known = incidents(row(1, killed_best=5, killed_militant=2))
    assert figure_notes.sides(known, EVERYTHING) == "all sides, 2 described as militants"
