"""Forms name a column by the question that was asked; it is read as the name that it asks for."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.name_words import is_named
from geo.problems import ProblemCode

FORM = (
    "Timestamp,In which district did it happen?,When did it happen?,What happened?,How many people were killed?,"
    "How many were injured?"
)
URDU = "Timestamp,کس ضلع میں ہوا؟,کب ہوا؟,کیا ہوا؟,کتنے لوگ ہلاک ہوئے؟,کتنے لوگ زخمی ہوئے؟"


@pytest.mark.parametrize("header", [FORM, URDU])
def test_a_form_is_read_by_its_questions(read, header):
    lines = [
        "3/14/2024 10:11:12,Bannu,3/12/2024,IED blast on police,2,3",
        "3/15/2024 9:30:00,Tank,3/14/2024,Firing,0,1",
    ]
    found = read("\n".join([header, *lines]) + "\n")
    assert (found.format, found.n_refused) == ("plain", 0)
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2024-03-12", "2024-03-14"]
    assert found.rows["district_reported"].to_pylist() == ["Bannu", "Tank"]
    assert (found.rows["killed_best"].to_pylist(), found.rows["injured"].to_pylist()) == ([2, 0], [3, 1])


@pytest.mark.parametrize(
    ("question", "field"),
    [
        *((one, "date") for one in ("When did the attack take place?", "On what date did it occur?", "When?")),
        *((one, "district") for one in ("Which district?", "What was the district?", "Please select the district")),
        *(
            (one, "place")
            for one in ("Where exactly did the incident occur?", "In which village or town did it happen?")
        ),
        *((one, "attack_type") for one in ("What type of incident was it?", "What kind of attack was it?")),
        ("Who was targeted?", "target_type"),
    ],
)
def test_the_words_of_a_question_say_nothing_more(question, field):
    assert is_named(question, field)


@pytest.mark.parametrize(
    "question",
    ["When was it reported?", "When did you hear of it?", "Which district do you live in?", "When were you born?"],
)
def test_a_question_about_something_else_names_no_field(question, refusal):
    assert not is_named(question, "date", "district")
    name = question.replace("?", "")
    refused = refusal(f"{question},{'Where' if 'When' in name else 'When'}\n2024-03-04,2024-03-04\n")
    assert [problem.code for problem in refused.problems] == [ProblemCode.COLUMNS]


def test_the_day_that_is_asked_for_goes_before_a_date_of_nothing(read):
    found = read("Date,When did it happen?,District\n2024-03-20,2024-03-04,Bannu\n2024-03-21,2024-03-05,Tank\n")
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2024-03-04", "2024-03-05"]


def test_the_order_of_the_times_of_sending_is_proposed_for_the_dates(refusal):
    lines = ["3/14/2024 10:11:12,3/2/2024,Bannu", "3/15/2024 9:30:00,3/4/2024,Tank"]
    [problem] = refusal("\n".join(["Timestamp,When did it happen?,District", *lines]) + "\n").problems
    assert (problem.code, problem.hint.values["proposed"]) == (ProblemCode.DATE_ORDER, "MDY")
