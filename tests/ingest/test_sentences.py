"""Chronologies: dates and sentences. A place is proposed from the text and stored only when a person confirmed it."""

from __future__ import annotations

import pytest

from geo.analysis.locating import locate
from geo.districts import load
from geo.ingest.mapping.sentences import PLACE_COLUMN, proposed_place
from geo.problems import ProblemCode

TABLE = (
    "Date,Incident\n"
    '2024-01-05,"Two soldiers were killed in an IED blast in the Mir Ali area of North Waziristan District in Khyber '
    'Pakhtunkhwa, reports Dawn."\n'
    '2024-01-06,"A police constable was shot dead in Tank."\n'
    '2024-01-07,"Militants attacked posts in Bannu and Lakki Marwat."\n'
)


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("An IED blast in the Mir Ali area of North Waziristan District killed two.", "Mir Ali, North Waziristan"),
        ("Firing in Kulachi tehsil of Dera Ismail Khan district left one dead.", "Kulachi, Dera Ismail Khan"),
        ("A constable was shot dead in Tank.", "Tank"),
        ("Blast near Mir Ali bazaar", "Mir Ali, North Waziristan"),
        ("ضلع بنوں میں پولیس پر حملہ", "Bannu"),
        ("Militants attacked posts in Bannu and Lakki Marwat.", ""),
        ("Three people were killed in an attack in Khyber Pakhtunkhwa.", ""),
        ("A blast in Quetta killed two.", ""),
        ("", ""),
    ],
)
def test_a_sentence_proposes_one_place_or_none(sentence, place):
    assert proposed_place(sentence) == place


def test_without_confirmation_no_row_is_accepted_and_each_reason_names_the_proposal(read):
    found = read(TABLE)
    assert found.n_accepted == 0
    assert found.problems_by_code == {ProblemCode.PLACE_TO_CONFIRM: 3}
    assert "Mir Ali, North Waziristan" in str(found.problems[0].message)
    assert found.refused_rows[PLACE_COLUMN].to_pylist() == ["", "", ""]


def test_a_confirmed_place_is_located_and_the_rest_stays_out(read):
    found = read(TABLE, corrections=((2, PLACE_COLUMN, "Mir Ali, North Waziristan"), (3, PLACE_COLUMN, "Tank")))
    assert locate.assign_districts(found.rows, load())["pcode"].to_pylist() == ["PK525", "PK533"]
    assert found.n_refused == 1


def test_the_file_of_refused_rows_can_be_filled_in_and_uploaded(read):
    rows = read(TABLE).refused_rows.slice(0, 1).to_pylist()[0] | {PLACE_COLUMN: "Mir Ali"}
    content = ",".join(rows) + "\n" + ",".join(f'"{cell}"' for cell in rows.values()) + "\n"
    found = read(content)
    assert (found.n_accepted, found.n_refused) == (1, 0)
    assert locate.assign_districts(found.rows, load())["pcode"].to_pylist() == ["PK525"]


def test_a_mapping_can_name_the_text(read):
    content = TABLE.replace("Date,Incident", "When,What")
    found = read(content, mapping={"date": "When", "description": "What"}, corrections=((3, PLACE_COLUMN, "Tank"),))
    assert (found.n_accepted, found.n_refused) == (1, 2)


def test_a_text_beside_a_column_of_places_changes_nothing(read):
    found = read("date,district,summary\n2024-01-05,Bannu,An attack in Tank\n")
    assert (found.n_accepted, PLACE_COLUMN in found.refused_rows.column_names) == (1, False)
