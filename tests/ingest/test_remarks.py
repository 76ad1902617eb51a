"""Rows of text beside the data, such as sources and notes below a table, are neither data nor refused."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from geo.ingest.notes import NoteKind

HEAD = "Date,District,Killed,Type\n"
ROWS = "5 Jan 2024,Bannu,3,IED blast\n6 Jan 2024,Tank,1,firing\n"
TABLE = HEAD + ROWS


def remarks(found) -> list[tuple[int, str]]:
    return [(note.n_rows, str(note.values["texts"])) for note in found.notes if note.kind is NoteKind.REMARKS]


def counts(found) -> tuple[int, int]:
    return found.n_accepted, found.n_refused


@pytest.mark.parametrize(
    "text",
    [
        "Source: PIPS, 2024",
        "Source: Dawn, 5 January 2024",
        "Sources - Dawn; The News; Geo",
        "Note: provisional",
        "Notes",
        "NB: figures may change",
        "Compiled by the desk in Bannu",
        "Prepared by: Incident desk",
        "Data source: https://example.org/data",
        "https://example.org/data",
        "* includes 3 policemen",
        "*under verification",
        "† Bannu counted with Lakki Marwat",
        "1) includes two attackers",
        "[a] as reported",
        "Last updated: 03/02/2024",
        "Updated on 3 February 2024",
        "Figures are provisional and subject to change.",
        "ماخذ: پی آئی پی ایس، 2024",
        "ذرائع: ڈان",
        "نوٹ: یہ اعداد و شمار ابتدائی ہیں",
        "مرتب: انسداد ڈیسک",
        "Page 1 of 2",
        "Page - 2",
        "As on 31 December 2024",
        "As of 2024",
        "Key: SF is security forces",
        "Updated: weekly",
        "Page:2",
        "End of report",
        "© Research desk 2024",
        "SFs = security forces",
    ],
)
@pytest.mark.parametrize("blank", ["", "\n", ",,,\n,,,\n"])
def test_a_text_below_the_table_is_no_data_and_not_refused(read, text, blank):
    found = read(f'{TABLE}{blank}"{text}",,,\n')
    assert counts(found) == (2, 0)
    assert remarks(found) == [(1, text)]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_text_below_is_recognised_whatever_its_row_length(read, end):
    found = read(f"{TABLE}Source: PIPS, 2024\n\nNote: one, two, three, four, five, six{end}")
    assert counts(found) == (2, 0)
    assert remarks(found) == [(2, "Source: PIPS, 2024; Note: one, two, three, four, five, six")]


def test_a_text_may_stand_in_another_cell_and_above_or_below_a_total(read):
    found = read(f"{TABLE},* provisional,,\nTotal,,4,\n,,,Source: PIPS\n")
    assert counts(found) == (2, 1)
    assert "sum of other rows" in found.refused_rows["refused_because"].to_pylist()[0]
    assert remarks(found) == [(2, "* provisional; Source: PIPS")]


def test_a_text_is_recognised_above_one_that_is_not(read):
    found = read(f"{TABLE}Note: provisional,,,\nDPO Office Bannu,,,\n")
    assert (counts(found), remarks(found)) == ((2, 1), [(1, "Note: provisional")])


def test_a_note_between_the_names_and_the_data_is_one_too(read):
    found = read(f"{HEAD}Note: figures of the police,,,\n{ROWS}")
    assert counts(found) == (2, 0)
    assert remarks(found) == [(1, "Note: figures of the police")]


@pytest.mark.parametrize(
    "row",
    [
        ",Swat,2,firing",  # no date
        ",Swat,,",  # a district alone
        "Swat,,,",
        "7 Jan 2024,,,",  # a date alone
        "7 January,,,",
        ",,5,",  # a number alone
        ",,,Militants killed two policemen in Swat",
        ",,,firing on check post",
        "Kolay,,,",  # perhaps a place
        "IED blast in Tank kills three men,,,",
        "Source: Dawn,Swat,,",
        "Source: Dawn,,7 Jan 2024,",
        "*Swat,,,",
        "1) blast in Tank kills three,,,",
        "Bannu: 3 killed in an attack,,,",
        "As on road to Bannu,blast,,",
        "Key Bazaar,,,",
        ",Page Killi,,",
        "Updated Colony,,,",
        "As-on road to Bannu,,,",
    ],
)
def test_a_row_that_may_be_an_incident_stays_refused_with_the_reason(read, row):
    found = read(f"{TABLE}{row}\n")
    assert counts(found) == (2, 1)
    assert remarks(found) == []


def test_a_text_between_two_incidents_stays_refused(read):
    found = read(f"{HEAD}5 Jan 2024,Bannu,3,IED blast\nSource: PIPS,,,\n6 Jan 2024,Tank,1,firing\n")
    assert (counts(found), remarks(found)) == ((2, 1), [])


def test_a_sentence_in_a_column_of_reports_is_no_remark(read):
    found = read("Details,Date,District\nx,5 Jan 2024,Bannu\nAn attack on a police post was averted,,\n")
    assert (counts(found), remarks(found)) == ((1, 1), [])


def test_a_table_of_nothing_else_is_not_emptied(read):
    found = read(f"{HEAD}Source: PIPS,,,\n")
    assert counts(found) == (0, 1)


def test_a_long_list_of_texts_is_counted_and_shortened(read):
    found = read(TABLE + "".join(f"Note {n}: {'x' * 500},,,\n" for n in range(40)))
    [(n, texts)] = remarks(found)
    assert n == 40
    assert len(texts) < 1_000
    assert texts.endswith("...")


def test_workbooks_have_such_rows_too(read):
    book = openpyxl.Workbook()
    for row in (["Date", "District"], ["5 Jan 2024", "Bannu"], [], ["Source: PIPS, 2024"], ["", "ماخذ: پی آئی پی ایس"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    found = read(content.getvalue(), "below.xlsx")
    assert counts(found) == (1, 0)
    assert remarks(found) == [(2, "Source: PIPS, 2024; ماخذ: پی آئی پی ایس")]


def test_a_wide_table_and_a_named_format_have_such_rows_too(read):
    found = read("District,2022,2023\nBannu,20,38\nSource: SATP,,\n", counted="incidents")
    assert counts(found) == (2, 0)
    found = read("District,Year,Incidents\nBannu,2024,3\n* provisional,,\n")
    assert (found.format, counts(found)) == ("district_totals", (1, 0))


def test_records_that_were_made_of_a_sheet_have_such_rows_too(read):
    found = read(json.dumps([{"Date": "5 Jan 2024", "District": "Bannu"}, {"Date": "Source: PIPS", "District": ""}]))
    assert counts(found) == (1, 0)
