"""Numbers of parts of a file add up to what the whole file proves."""

from __future__ import annotations

import pytest

from geo.ingest.values.evidence import Evidence, added, proves_the_same


def test_the_numbers_of_the_file_decide_where_they_are_known() -> None:
    own, known = Evidence(), Evidence({"serials:date": [9, 1]})
    assert own.verdict("serials", "date", 1, 3) is False
    assert known.verdict("serials", "date", 1, 3) is True
    assert own.own == known.own == {"serials:date": (1, 3)}


def test_numbers_of_parts_are_added_and_a_part_may_lack_some() -> None:
    whole = added([{"serials:date": [1, 2]}, {"serials:date": [3, 4], "years:date": [1]}])
    assert whole == {"serials:date": [4, 6], "years:date": [1]}
    assert not proves_the_same({"serials:date": [1, 2]}, whole)


@pytest.mark.parametrize(
    ("own", "whole", "is_same"),
    [
        ([3, 0, 3, 0, 0, 0], [9, 0, 9, 0, 0, 0], True),
        ([0, 0, 0, 0, 0, 0], [9, 0, 9, 0, 0, 0], False),
        ([3, 0, 3, 0, 0, 0], [9, 1, 9, 1, 0, 0], False),
    ],
)
def test_a_part_proves_the_same_order_whatever_the_number_of_its_dates(own, whole, is_same) -> None:
    assert proves_the_same({"order:date": own}, {"order:date": whole}) is is_same


def test_parts_of_a_file_add_up_to_its_financial_years() -> None:
    def numbers(n_years: int, n_months: int, *years: int) -> tuple[int, ...]:
        return (n_years, n_months, 0, *(years.count(year) for year in range(2000, 2012)))

    parts = [numbers(0, 0, 2010, 2011), numbers(0, 0, 2010), numbers(0, 0, 2010, 2011)]
    alike = added([{"financial:date": part} for part in parts])
    assert Evidence(alike).verdict("financial", "date", *parts[0]) is False
    with_third = added([alike, {"financial:date": numbers(0, 0, 2009)}])
    assert Evidence(with_third).verdict("financial", "date", *parts[0]) is True
    with_months = added([with_third, {"financial:date": numbers(0, 4)}])
    assert Evidence(with_months).verdict("financial", "date", *parts[0]) is False


def test_a_total_of_killed_and_injured_is_proved_by_most_rows_of_all_parts() -> None:
    parts = [(10, 1, 2, 3, 1, 2, 3, 1, 1, 0), (10, 3, 0, 3, 3, 0, 3, 1, 1, 0)]
    assert Evidence().verdict("total", "Total", *parts[0]) == "both"
    whole = added([{"total:Total": part} for part in parts])
    assert Evidence(whole).verdict("total", "Total", *parts[0]) == ""
