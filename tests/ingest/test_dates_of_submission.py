"""When a form was sent is not taken for the date of the incident while another column holds one."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.column_proposals import propose_columns

DAYS = [f"2024-03-{day:02}" for day in range(1, 10)]
SENT = [f"2024-04-{day:02}T09:00:00.000Z" for day in range(1, 10)]


@pytest.mark.parametrize("sent", ["Timestamp", "SubmissionDate", "submitted_at", "Created On"])
@pytest.mark.parametrize("named", ["When did the incident happen?", "incident-when-date", "day_q3"])
def test_the_column_of_the_incident_is_proposed(sent, named):
    found = propose_columns({sent: SENT, named: DAYS, "District": ["Bannu"] * 9})
    assert {one.field: one.column for one in found}["date"] == named


def test_the_only_date_of_a_file_is_proposed():
    found = propose_columns({"Timestamp": SENT, "District": ["Bannu"] * 9})
    assert {one.field: one.column for one in found}["date"] == "Timestamp"


def test_a_form_with_both_is_matched_by_a_person(refusal):
    lines = [f"{sent},{day},Bannu,2" for sent, day in zip(SENT, DAYS, strict=True)]
    problems = refusal("\n".join(["Timestamp,day_q3,District,Killed", *lines])).problems
    assert [one.code.value for one in problems] == ["columns"]


def test_a_form_with_a_named_date_needs_nobody(read):
    lines = [f"{sent},{day},Bannu,2" for sent, day in zip(SENT, DAYS, strict=True)]
    found = read("\n".join(["Timestamp,Date of incident,District,Killed", *lines]))
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == DAYS
