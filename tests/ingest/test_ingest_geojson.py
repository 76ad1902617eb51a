"""GeoJSON and other JSON: read as data, never followed, never bent."""

from __future__ import annotations

import http.server
import json
import threading

import pytest

from geo.problems import ProblemCode
from tests.unguarded import note_words


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


@pytest.mark.parametrize("kind", ["link", "url", "EPSG", "name"])
def test_a_linked_reference_system_is_refused_and_nothing_is_fetched(refusal, canary, kind):
    address, asked = canary
    content = collection(
        feature(point(70.6, 32.9)), crs={"type": kind, "properties": {"href": address, "name": address}}
    )
    assert refusal(content).problems[0].code is ProblemCode.CRS
    assert asked == []


@pytest.mark.parametrize("name", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326"])
def test_degrees_by_any_of_their_names_stay_as_they_are(read, name):
    result = read(collection(feature(point(70.6, 32.9)), crs={"type": "name", "properties": {"name": name}}))
    assert (result.rows["lon"][0].as_py(), result.rows["lat"][0].as_py()) == (70.6, 32.9)


@pytest.mark.parametrize(("code", "x", "y"), [(3857, 7859156, 3882120), (32642, 649513, 3641457)])
def test_known_metres_are_converted_and_kept(read, code, x, y):
    result = read(collection(feature(point(x, y)), crs={"type": "name", "properties": {"name": f"EPSG:{code}"}}))
    assert result.rows["lon"][0].as_py() == pytest.approx(70.6, abs=5e-3)
    assert result.rows["lat"][0].as_py() == pytest.approx(32.9, abs=5e-3)
    assert result.rows["raw"][0].as_py()["geometry_x"] == str(x)
    assert any("converted" in note for note in note_words(result))


def test_an_unknown_reference_system_is_refused(refusal):
    content = collection(feature(point(1, 2)), crs={"type": "name", "properties": {"name": "EPSG:2154"}})
    assert refusal(content).problems[0].code is ProblemCode.CRS


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


@pytest.mark.parametrize("geometry", [None, {"type": "Point", "coordinates": []}])
def test_a_feature_without_a_place_keeps_its_district(read, geometry):
    row = read(collection(feature(geometry))).rows.to_pylist()[0]
    assert (row["lat"], row["geo_precision"], row["district_reported"]) == (None, "district", "Bannu")


def test_a_single_point_in_a_multipoint_and_a_height_are_fine(read):
    many = {"type": "MultiPoint", "coordinates": [[70.6, 32.9, 412.0]]}
    assert read(collection(feature(many))).rows["lat"].to_pylist() == [32.9]


@pytest.mark.parametrize("coordinates", [["70.6", "32.9"], [70.6], [70.6, None], [[70.6, 32.9], [1, 2]], "70.6 32.9"])
def test_coordinates_that_are_no_numbers_refuse_the_row(read, coordinates):
    result = read(collection(feature({"type": "Point", "coordinates": coordinates})))
    assert [problem.code for problem in result.problems] == [ProblemCode.COORDINATES]


@pytest.mark.parametrize("number", ["1e999", "1e308", "430"])
def test_numbers_that_are_no_place_refuse_the_row(read, number):
    content = collection(feature(point(70.6, 32.9))).replace("70.6", number)
    result = read(content)
    assert result.n_refused == 1
    assert result.problems[0].code in (ProblemCode.COORDINATES, ProblemCode.NUMBER)


@pytest.mark.parametrize(
    "content",
    [
        collection(feature(point(70.6, 32.9))).replace("70.6", "NaN"),
        collection(feature(point(70.6, 32.9))).replace("70.6", "-Infinity"),
        '{"type": "FeatureCollection", "type": "x", "features": []}',
        '[{"date": "2024-03-04"}]',
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


def test_json_cut_off_in_the_middle_is_truncated(refusal):
    content = collection(feature(point(70.6, 32.9)))
    assert refusal(content[:-20]).problems[0].code is ProblemCode.TRUNCATED


@pytest.mark.parametrize("content", [collection(), json.dumps({"Result": []}), json.dumps({"data": []})])
def test_no_records_is_empty(refusal, content):
    assert refusal(content).problems[0].code is ProblemCode.EMPTY


def test_the_same_feature_id_twice_refuses_the_second(read):
    one = feature(point(70.6, 32.9)) | {"id": 7}
    result = read(collection(one, one))
    assert (result.n_accepted, result.n_refused) == (1, 1)
    assert result.problems[0].code is ProblemCode.DUPLICATE_ID


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
def test_half_a_character_is_refused_and_shown(refusal, half, place):
    records = {"name": f'{{"a{half}": "b"}}', "value": f'{{"a": "b{half}"}}', "nested": f'{{"a": ["b{half}"]}}'}
    problem = refusal(f'{{"data": [{records[place]}]}}').problems[0]
    assert problem.code is ProblemCode.JSON
    assert "half a character" in str(problem.message)
    assert str(problem.message).isascii()


def test_a_character_written_as_a_pair_of_escapes_is_read(read):
    point = '"geometry": {"type": "Point", "coordinates": [70.6, 32.99]}'
    feature = f'{{"type": "Feature", {point}, "properties": {{"date": "2024-03-04", "notes": "\\ud83d\\ude00"}}}}'
    result = read(f'{{"type": "FeatureCollection", "features": [{feature}]}}')
    assert "\U0001f600" in str(result.rows["raw"][0].as_py())


def test_metres_beyond_the_globe_are_not_turned_around_it(read):
    around = 7_860_000 + 2 * 20_037_508.34
    crs = {"type": "name", "properties": {"name": "EPSG:3857"}}
    result = read(collection(feature(point(around, 3_890_000)), crs=crs))
    assert result.n_accepted == 0
    assert (result.problems[0].code, result.problems[0].column) == (ProblemCode.NUMBER, "longitude")
