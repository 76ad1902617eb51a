"""GeoJSON and other JSON: read as data, never followed, never bent."""

from __future__ import annotations

import http.server
import json
import threading

import pytest

from geo.problems import ProblemCode
from tests.conftest import SHARED
from tests.unguarded import note_words

OWN = {"date": "date", "district": "district"}


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"date": "2024-03-04", "district": "Bannu"} | properties,
        "geometry": geometry,
    }


def point(*coordinates: object) -> dict[str, object]:
    return {"type": "Point", "coordinates": list(coordinates)}


def collection(*features: object, **members: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | members)


@pytest.fixture
def canary():
    """A server that counts what asks it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/crs", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.case(29)
@pytest.mark.parametrize("kind", ["link", "url", "EPSG", "name"])
def test_a_linked_reference_system_is_refused_and_nothing_is_fetched(refusal, canary, kind):
    address, asked = canary
    content = collection(
        feature(point(70.6, 32.9)), crs={"type": kind, "properties": {"href": address, "name": address}}
    )
    assert refusal(content).problems[0].code is ProblemCode.CRS
    assert asked == []


@pytest.mark.case(30)
@pytest.mark.parametrize(
    "name",
    ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG:6.9:4326"],
)
def test_degrees_by_any_of_their_names_stay_as_they_are(read, name):
    result = read(collection(feature(point(70.6, 32.9)), crs={"type": "name", "properties": {"name": name}}))
    assert (result.rows["lon"][0].as_py(), result.rows["lat"][0].as_py()) == (70.6, 32.9)


@pytest.mark.case(30)
@pytest.mark.parametrize(("code", "x", "y"), [(3857, 7859156, 3882120), (32642, 649513, 3641457)])
def test_known_metres_are_converted_and_kept(read, code, x, y):
    result = read(collection(feature(point(x, y)), crs={"type": "name", "properties": {"name": f"EPSG:{code}"}}))
    assert result.rows["lon"][0].as_py() == pytest.approx(70.6, abs=5e-3)
    assert result.rows["lat"][0].as_py() == pytest.approx(32.9, abs=5e-3)
    assert result.rows["raw"][0].as_py()["geometry_x"] == str(x)
    assert any("converted" in note for note in note_words(result))


@pytest.mark.case(30)
def test_an_unknown_reference_system_is_refused(refusal):
    content = collection(feature(point(1, 2)), crs={"type": "name", "properties": {"name": "EPSG:2154"}})
    assert refusal(content).problems[0].code is ProblemCode.CRS


@pytest.mark.case(31)
@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[70, 32], [71, 32], [71, 33], [70, 32]]]},
        {"type": "MultiPoint", "coordinates": [[70, 32], [71, 33]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "LineString", "coordinates": []},
    ],
)
def test_what_is_not_one_point_refuses_its_row_by_name(read, geometry):
    result = read(collection(feature(point(70.6, 32.9)), feature(geometry)))
    assert (result.n_accepted, result.n_refused) == (1, 1)
    assert (result.problems[0].code, result.problems[0].row) == (ProblemCode.COORDINATES, 2)
    assert str(geometry["type"]) in str(result.problems[0].message)


@pytest.mark.case(31)
@pytest.mark.parametrize("geometry", [None, {"type": "Point", "coordinates": []}])
def test_a_feature_without_a_place_keeps_its_district(read, geometry):
    row = read(collection(feature(geometry))).rows.to_pylist()[0]
    assert (row["lat"], row["geo_precision"], row["district_reported"]) == (None, "district", "Bannu")


@pytest.mark.case(31)
def test_a_single_point_in_a_multipoint_and_a_height_are_fine(read):
    many = {"type": "MultiPoint", "coordinates": [[70.6, 32.9, 412.0]]}
    assert read(collection(feature(many))).rows["lat"].to_pylist() == [32.9]


@pytest.mark.case(32)
@pytest.mark.parametrize("coordinates", [["70.6", "32.9"], [70.6], [70.6, None], [[70.6, 32.9], [1, 2]], "70.6 32.9"])
def test_coordinates_that_are_no_numbers_refuse_the_row(read, coordinates):
    result = read(collection(feature({"type": "Point", "coordinates": coordinates})))
    assert [problem.code for problem in result.problems] == [ProblemCode.COORDINATES]


@pytest.mark.case(32, 37)
@pytest.mark.parametrize("number", ["1e999", "1e308", "430"])
def test_numbers_that_are_no_place_refuse_the_row(read, number):
    content = collection(feature(point(70.6, 32.9), district="")).replace("70.6", number)
    result = read(content)
    assert result.n_refused == 1
    assert result.problems[0].code in (ProblemCode.COORDINATES, ProblemCode.NUMBER)


@pytest.mark.case(33)
@pytest.mark.parametrize(
    "content",
    [
        collection(feature(point(70.6, 32.9))).replace("70.6", "NaN"),
        collection(feature(point(70.6, 32.9))).replace("70.6", "-Infinity"),
        '{"type": "FeatureCollection", "type": "x", "features": []}',
        "[1, 2, 3]",
        '{"date": "2024-03-04", "district": "Bannu"}',
        '{"some": [1, 2], "other": ["x"]}',
        "[" * 200_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"some": "thing"}',
        collection(feature(point(70.6, 32.9))) + "x",
        '{"n": ' + "9" * 10_000 + "}",
    ],
)
def test_what_is_not_a_collection_of_records_is_refused_without_a_trace(refusal, content):
    problem = refusal(content).problems[0]
    assert problem.code in (ProblemCode.JSON, ProblemCode.TRUNCATED)
    assert "Recursion" not in str(problem.message)


@pytest.mark.case(8)
def test_json_cut_off_in_the_middle_is_truncated(refusal):
    content = collection(feature(point(70.6, 32.9)))
    assert refusal(content[:-20]).problems[0].code is ProblemCode.TRUNCATED


@pytest.mark.case(1)
@pytest.mark.parametrize("content", [collection(), json.dumps({"Result": []}), json.dumps({"data": []})])
def test_no_records_is_empty(refusal, content):
    assert refusal(content).problems[0].code is ProblemCode.EMPTY


@pytest.mark.case(34)
def test_the_same_feature_id_twice_refuses_the_second(read):
    one = feature(point(70.6, 32.9)) | {"id": 7}
    result = read(collection(one, one))
    assert (result.n_accepted, result.n_refused) == (1, 1)
    assert result.problems[0].code is ProblemCode.DUPLICATE_ID


@pytest.mark.case(33)
def test_a_million_spaces_before_the_content_change_nothing(read):
    assert read(" " * 1_000_000 + collection(feature(point(70.6, 32.9)))).n_accepted == 1


def test_records_with_different_names_are_joined_by_name(read):
    result = read(collection(feature(point(70.6, 32.9), killed_total=2), feature(point(70.7, 32.9), notes="x")))
    assert result.rows["killed_best"].to_pylist() == [2, None]


def test_entries_that_are_no_features_or_records_are_refused_one_by_one(read):
    result = read(collection(feature(point(70.6, 32.9)), "text", 5))
    assert (result.n_accepted, result.n_refused) == (1, 2)
    assert {problem.code for problem in result.problems} == {ProblemCode.JSON}


@pytest.mark.parametrize("half", [r"\ud83d", r"\uDE00", r"\ude00\ud83d"])
@pytest.mark.parametrize("place", ["name", "value", "nested"])
def test_half_a_character_is_marked(read, half, place):
    written = {"name": f'"a{half}": "b"', "value": f'"a": "b{half}"', "nested": f'"a": ["b{half}"]'}[place]
    result = read(f'[{{"date": "2024-03-04", "district": "Bannu", {written}}}]', mapping=OWN)
    assert result.n_accepted == 1
    assert "\ufffd" in str(result.rows["raw"][0].as_py())
    assert any("not text" in words for words in note_words(result))


def test_a_character_written_as_a_pair_of_escapes_is_read(read):
    point = '"geometry": {"type": "Point", "coordinates": [70.6, 32.99]}'
    feature = f'{{"type": "Feature", {point}, "properties": {{"date": "2024-03-04", "notes": "\\ud83d\\ude00"}}}}'
    result = read(f'{{"type": "FeatureCollection", "features": [{feature}]}}')
    assert "\U0001f600" in str(result.rows["raw"][0].as_py())


def test_metres_beyond_the_globe_are_not_turned_around_it(read):
    around = 7_860_000 + 2 * 20_037_508.34
    crs = {"type": "name", "properties": {"name": "EPSG:3857"}}
    result = read(collection(feature(point(around, 3_890_000), district=""), crs=crs))
    assert result.n_accepted == 0
    assert (result.problems[0].code, result.problems[0].column) == (ProblemCode.NUMBER, "longitude")


# --- lists of records and JSON Lines ---------------------------------------------------------------------------------

RECORDS = [{"date": "2024-03-04", "district": "Bannu", "n": 1.50}, {"date": "2024-03-05", "district": "Tank"}]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)


@pytest.mark.parametrize(
    "content",
    [json.dumps(RECORDS), json.dumps(RECORDS, indent=1), LINES, LINES.rstrip(), LINES.replace("\n", "\r\n\n")],
)
def test_records_without_an_envelope_are_a_table(read, content):
    result = read(content, mapping=OWN)
    assert (result.n_accepted, result.n_refused) == (2, 0)
    assert result.rows["source_row"].to_pylist() == [1, 2]
    assert [row["n"] for row in result.rows["raw"].to_pylist()] == ["1.5", ""]


def test_the_only_list_of_records_of_a_reply_is_read_and_named(read):
    result = read(json.dumps({"count": 2, "next": None, "results": RECORDS}), mapping=OWN)
    assert result.n_accepted == 2
    assert any("“results”" in words for words in note_words(result))


def test_two_lists_of_records_are_not_chosen_between(refusal):
    assert refusal(json.dumps({"a": RECORDS, "b": RECORDS})).problems[0].code is ProblemCode.JSON


def test_records_within_records_are_columns_and_lists_stay_json(read):
    nested = {"date": "2024-03-04", "where": {"district": "Bannu", "at": {"lat": 32.90, "tags": []}}, "by": ["a", 1.0]}
    result = read(json.dumps([nested, RECORDS[1]]), mapping={"date": "date", "district": "where.district"})
    assert result.rows["raw"].to_pylist()[0] == {
        "date": "2024-03-04",
        "where.district": "Bannu",
        "where.at.lat": "32.9",
        "where.at.tags": "[]",
        "by": '["a", 1.0]',
        "district": "",
    }
    assert any("“where.district”" in words for words in note_words(result))


def test_a_name_that_is_taken_is_not_written_over(read):
    record = {"date": "2024-03-04", "district": "Bannu", "a": {"b": 1}, "a.b": 2}
    assert read(json.dumps([record]), mapping=OWN).rows["raw"][0].as_py() == {
        "date": "2024-03-04",
        "district": "Bannu",
        "a": '{"b": 1}',
        "a.b": "2",
    }


def test_a_line_that_is_no_record_is_refused_alone_and_can_be_corrected(read):
    content = LINES + '{"date": "2024-03-06", "district": }\n"text"\n{"date": NaN, "district": "Swat"}\n' + LINES * 2
    result = read(content, mapping=OWN)
    assert [(problem.code, problem.row) for problem in result.problems] == [
        (ProblemCode.JSON, row) for row in (3, 4, 5)
    ]
    assert result.refused_rows["further_cells"].to_pylist()[0] == '{"date": "2024-03-06", "district": }'
    assert "NaN" in str(result.problems[2].message)


def test_a_last_line_that_is_cut_off_is_said(read):
    result = read(LINES + '{"date": "2024-03-06", "dist', mapping=OWN)
    assert [(problem.code, problem.row) for problem in result.problems] == [(ProblemCode.TRUNCATED, 3)]


@pytest.mark.parametrize("end", ["", "\n"])
def test_features_without_a_collection_are_points(read, end):
    features = [feature(point(70.6, 32.9)), feature(None)]
    for content in (json.dumps(features), "\n".join(map(json.dumps, features)) + end):
        result = read(content)
        assert result.rows["lat"].to_pylist() == [32.9, None]
    assert read(json.dumps(features[0])).n_accepted == 1


def test_nested_properties_of_features_are_columns(read):
    result = read(collection(feature(point(70.6, 32.9), more={"who": "x"})), mapping=OWN)
    assert result.rows["raw"][0].as_py()["more.who"] == "x"


def test_control_characters_within_json_are_marked(read):
    assert read(LINES.replace("Tank", "Tank\x0b"), mapping=OWN).n_refused == 1
    assert read(LINES.replace('"n": 1.5', '"n": "a\x00b"'), mapping=OWN).rows["raw"][0].as_py()["n"] == "a␀b"


@pytest.mark.case(33)
def test_lists_nested_without_end_are_refused_not_a_crash(refusal):
    deep = "[" * 900 + "]" * 900
    for content in (f'[{{"a": {deep}}}]', '[{"a": ' * 400 + "1" + "}]" * 400):
        assert refusal(content).problems[0].code in (ProblemCode.JSON, ProblemCode.COLUMNS)


@pytest.mark.skipif(not SHARED.exists(), reason="the files of cases are not beside the project")
@pytest.mark.parametrize("file", ["records.json", "lines.jsonl"])
def test_files_of_cases_are_tables(read, file):
    mapping = OWN | {"killed_total": "killed"}
    result = read((SHARED / "cases" / file).read_bytes(), mapping=mapping)
    assert result.rows["killed_best"].to_pylist() == [2, 1]


def test_values_with_their_type_as_databases_of_documents_write_them(read):
    record = {
        "_id": {"$oid": "65e000000000000000000000"},
        "date": {"$date": "2024-03-04T00:00:00Z"},
        "district": "Bannu",
        "casualties": {"killed": {"$numberInt": "3"}, "injured": {"$numberLong": "9"}},
    }
    other = {"_id": {"$oid": "65e000000000000000000001"}, "date": {"$date": {"$numberLong": "1709596800000"}}}
    found = read(json.dumps([record, record | other]))
    assert found.rows["killed_best"].to_pylist() == [3, 3]
    assert found.rows["injured"].to_pylist() == [9, 9]
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2024-03-04", "2024-03-05"]
