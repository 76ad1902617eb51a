"""A column of weekdays is no part of a date; a day of the month beside month and year is one."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "content",
    [
        "Date,Day,District\n2024-03-04,Monday,Bannu\n2024-03-05,Wed,Tank\n",
        "Day,Date,District\nMonday,4 March 2024,Bannu\nTuesday,5 March 2024,Tank\n",
        "date,day,district,place\n2024-03-04,پیر,Bannu,\n2024-03-05,منگل,Tank,\n",
        "Date,Day,Month,Year,District\n2024-03-04,Monday,March,2024,Bannu\n2024-03-05,Tuesday,March,2024,Tank\n",
    ],
)
def test_weekdays_beside_a_date_say_nothing(read, content):
    found = read(content)
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2024-03-04", "2024-03-05"]
    assert found.n_refused == 0
    assert not any("differ" in note.kind for note in found.notes)


def test_weekdays_beside_month_and_year_leave_the_day_unknown(read):
    found = read("Year,Month,Day,District\n2024,March,Monday,Bannu\n2024,4,Tue,Tank\n")
    assert found.rows["date_precision"].to_pylist() == ["month", "month"]


@pytest.mark.parametrize("names", ["Day,Month,Year,District", "day,month,year,district"])
def test_a_day_of_the_month_beside_month_and_year_is_a_part_of_the_date(read, names):
    found = read(f"{names}\n4,March,2024,Bannu\n31,1,2024,Tank\n")
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2024-03-04", "2024-01-31"]
    assert set(found.rows["date_precision"].to_pylist()) == {"day"}
