"""Both coordinates in one cell, in the writings that spreadsheets, survey programs and map links use."""

from __future__ import annotations

import math

import pytest

from geo.ingest.mapping.column_proposals import propose_columns
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values.point_text import parse_point
from geo.problems import ProblemCode

BANNU = (32.98, 70.60)


@pytest.mark.parametrize(
    "cell",
    [
        "32.98, 70.60",
        "70.60, 32.98",  # the order is proved: no latitude of Pakistan is 70
        "32.98 70.60",
        "32.98;70.60",
        "32,98; 70,60",
        "(32.98, 70.60)",
        "[70.60, 32.98]",
        "32.98/70.60",
        "32.98 N, 70.60 E",
        "70.60E 32.98N",
        "N 32.98, E 70.60",
        "32°58'48\"N 70°36'00\"E",
        "32° 58' 48\" N, 70° 36' 0\" E",
        "Lat: 32.98, Long: 70.60",
        "Longitude = 70.60; Latitude = 32.98",
        "۳۲.۹۸، ۷۰.۶۰",
        "32.98 70.60 410.5 4.9",
        "32.98 70.60 0 0",
        "POINT(70.60 32.98)",
        "POINT (70.60 32.98)",
        "Point Z (70.60 32.98 0)",
        "SRID=4326;POINT(70.60 32.98)",
        '{"type": "Point", "coordinates": [70.60, 32.98]}',
        '{"coordinates":[70.60,32.98,0],"type":"Point"}',
        "https://www.google.com/maps/@32.98,70.60,15z",
        "https://www.google.com/maps/place/X/@32.9,70.5,12z/data=!3m1!4b1!3d32.98!4d70.60",
        "https://maps.google.com/?q=32.98,70.60",
        "https://maps.google.com/maps?ll=32.98,70.60&z=12",
        "https://www.google.com/maps/search/?api=1&query=32.98%2C70.60",
        "https://www.openstreetmap.org/?mlat=32.98&mlon=70.60#map=15/32.98/70.60",
        "https://www.openstreetmap.org/#map=15/32.98/70.60",
        "geo:32.98,70.60",
    ],
)
def test_every_usual_writing_is_one_point(cell):
    found = parse_point(cell)
    assert not isinstance(found, CellError)
    assert found == pytest.approx(BANNU)


@pytest.mark.parametrize("cell", ["", "-", "unknown", "N/A", "()"])
def test_nothing_stated_is_no_point(cell):
    assert all(math.isnan(one) for one in parse_point(cell))


@pytest.mark.parametrize(
    "cell",
    [
        "Bannu city",
        "32.98",
        "32.98 N, 70.60 N",
        "https://maps.app.goo.gl/abcdef",
        "32.98, 70.60, see map",
        "POINT EMPTY",
        "1, 2, 3",
        "32 58 48 70 36 00",
        "32 58 70 36",
        "https://www.google.com/maps/dir/33.99,71.5/32.98,70.6",
        "POLYGON((70 32, 71 32, 71 33, 70 32))",
    ],
)
def test_anything_else_is_no_point(cell):
    assert isinstance(parse_point(cell), CellError)


def test_the_column_is_read_by_name_and_said(read):
    found = read('Date,Place,Coordinates\n2024-03-02,Bannu,"32.98, 70.60"\n2024-03-09,Tank,see map\n')
    assert found.rows["lat"].to_pylist() == [pytest.approx(32.98), None]
    kinds = {note.kind: note for note in found.notes}
    assert kinds[NoteKind.POINTS_SPLIT].n_rows == 1
    assert (kinds[NoteKind.POINT_NOT_READ].n_rows, kinds[NoteKind.POINT_NOT_READ].first_row) == (1, 3)


def test_without_a_named_place_an_unreadable_point_refuses_the_row(read):
    found = read('Date,Coordinates\n2024-03-02,"32.98, 70.60"\n2024-03-09,see map\n2024-03-10,"0, 0"\n')
    assert found.rows["lat"].to_pylist() == [pytest.approx(32.98)]
    assert [one.code for one in found.problems] == [ProblemCode.COORDINATES, ProblemCode.OUTSIDE]


@pytest.mark.parametrize("cell", ["32.98 70.60 0 0", "32.98, 70.60", "POINT(70.60 32.98)"])
def test_a_point_under_the_name_of_a_place_is_a_point_and_no_name(read, cell):
    found = read(f'Date,Location,Killed\n2024-04-28,"{cell}",1\n2024-04-29,Mir Ali,1\n')
    assert found.rows["lat"].to_pylist() == [pytest.approx(32.98), None]
    assert found.rows["place"].to_pylist() == [None, "Mir Ali"]
    assert [note.n_rows for note in found.notes if note.kind is NoteKind.POINTS_SPLIT] == [1]


LINKS = ("https://maps.google.com/?q=32.98,70.60", "https://www.openstreetmap.org/#map=12/32.95/70.65")


def kinds_of(found) -> dict:
    return {note.kind: note for note in found.notes}


@pytest.mark.parametrize("name", ["link", "url", "Source link", "source", "Pin"])
@pytest.mark.parametrize("others", ["", "Bannu"])
def test_a_column_of_links_to_a_map_holds_points_whatever_its_name(read, name, others):
    place = ",district" if others else ""
    rows = "".join(f'2024-03-0{n},"{link}",1{others and f",{others}"}\n' for n, link in enumerate(LINKS, start=1))
    found = read(f"date,{name},killed{place}\n{rows}")
    assert found.rows["lat"].to_pylist() == pytest.approx([32.98, 32.95])
    assert found.rows["source_url"].to_pylist() == [None, None]
    assert kinds_of(found)[NoteKind.POINTS_SPLIT].n_rows == 2
    assert f"“{name}”: latitude and longitude" in str(kinds_of(found)[NoteKind.COLUMNS_READ].values["columns"])


def test_a_link_to_a_report_keeps_its_name_beside_a_link_to_a_map(read):
    found = read(f'date,district,link,url\n2024-03-01,Bannu,"{LINKS[0]}",https://example.org/news/1\n')
    assert found.rows["lat"].to_pylist() == pytest.approx([32.98])
    assert found.rows["source_url"].to_pylist() == ["https://example.org/news/1"]


@pytest.mark.parametrize(
    "cell",
    [
        "https://goo.gl/maps/abcdef",
        "https://example.org/2024/03/32-70-report",
        "25, 70",
        "https://example.org/?q=32,71",
    ],
)
def test_a_link_without_a_point_stays_the_address_of_the_report(read, cell):
    found = read(f'date,district,link\n2024-03-01,Bannu,"{cell}"\n2024-03-02,Tank,"{cell}"\n')
    assert found.rows["source_url"].to_pylist() == [cell, cell]
    assert found.rows["lat"].to_pylist() == [None, None]


def test_a_few_links_to_maps_among_links_to_reports_stay_addresses(read):
    rows = "".join(f"2024-03-0{n},Bannu,https://example.org/{n}\n" for n in range(1, 4))
    found = read(f'date,district,link\n{rows}2024-03-05,Bannu,"{LINKS[0]}"\n')
    assert found.rows["source_url"].to_pylist()[-1] == LINKS[0]
    assert found.rows["lat"].to_pylist() == [None] * 4


def test_a_link_that_says_the_same_point_as_the_columns_of_coordinates_stays_an_address(read):
    found = read(
        "date,latitude,longitude,link\n"
        f'2024-03-01,32.98,70.60,"{LINKS[0]}"\n2024-03-02,33.6,71.2,"{LINKS[1]}"\n2024-03-03,,,"{LINKS[1]}"\n'
    )
    assert found.rows["lat"].to_pylist() == pytest.approx([32.98, 33.6, 32.95])
    assert found.rows["source_url"].to_pylist() == [LINKS[0], LINKS[1], LINKS[1]]
    kinds = kinds_of(found)
    assert [kinds[one].n_rows for one in (NoteKind.POINTS_AGREE, NoteKind.POINTS_DIFFER)] == [1, 1]
    assert (kinds[NoteKind.POINTS_SPLIT].n_rows, kinds[NoteKind.POINTS_SPLIT].first_row) == (1, 4)


def test_a_text_and_a_link_to_a_map_need_no_place_to_be_confirmed(read):
    found = read(f'date,description,link\n2024-03-01,Two killed in a blast,"{LINKS[0]}"\n')
    assert found.rows["lat"].to_pylist() == pytest.approx([32.98])


def test_the_cells_decide_in_a_table_that_a_person_matches():
    found = {one.field: one.column for one in propose_columns({"Zeit": ["2024-03-01"] * 2, "link": LINKS})}
    assert found["point"] == "link"
    assert "source_url" not in found
