"""JSON as pandas, R and spreadsheet services write a table: by columns, by row numbers, names and rows apart."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode

FRAME = pd.DataFrame(
    {"date": ["2024-01-05", "2024-02-05"], "district": ["Bannu", "Tank"], "killed": [2, None], "remarks": ["x", "7"]}
)


def by_pandas(orient: str) -> str:
    content = io.StringIO()
    FRAME.to_json(content, orient=orient)
    return content.getvalue()


SHAPES = {
    **{orient: by_pandas(orient) for orient in ("records", "columns", "index", "split", "table")},
    "lists of columns": FRAME.astype(object).where(FRAME.notna(), None).to_json(orient="columns"),
    "lists by name": json.dumps({name: json.loads(FRAME[name].to_json(orient="values")) for name in FRAME}),
    "rows under names": json.dumps([list(FRAME), *json.loads(FRAME.to_json(orient="values"))]),
    "spreadsheet service": json.dumps(
        {"range": "Sheet1!A1:D3", "values": [list(FRAME), *json.loads(FRAME.to_json(orient="values"))]}
    ),
    "short rows": json.dumps([list(FRAME), ["2024-01-05", "Bannu", 2, "x"], ["2024-02-05", "Tank"]]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_table_is_read_whatever_its_shape(read, shape):
    found = read(SHAPES[shape], "table.json")
    assert found.format == "plain"
    assert found.rows["district_reported"].to_pylist() == ["Bannu", "Tank"]
    assert found.rows["killed_best"].to_pylist() == [2, None]
    assert found.rows["source_row"].to_pylist() == [1, 2]
    said = {note.kind for note in found.notes}
    assert said & {NoteKind.JSON_TABLE, NoteKind.JSON_RECORDS, NoteKind.JSON_MEMBER}


def test_the_one_list_of_records_is_found_in_the_members_of_a_reply(read, refusal):
    records = FRAME.to_dict("records")[:1]
    found = read(json.dumps({"meta": {"count": 1}, "data": {"incidents": records}}), "reply.json")
    assert found.rows["district_reported"].to_pylist() == ["Bannu"]
    assert [note.values["name"] for note in found.notes if note.kind is NoteKind.JSON_MEMBER] == ["data.incidents"]
    two = {"data": {"incidents": records, "others": records}}
    assert refusal(json.dumps(two), "reply.json").problems[0].code is ProblemCode.JSON


def test_a_row_that_a_column_leaves_out_is_blank_there(read):
    content = {
        "date": {"0": "2024-01-05", "1": "2024-02-05"},
        "district": {"0": "Bannu", "1": "Tank"},
        "killed": {"1": 3},
    }
    assert read(json.dumps(content), "x.json").rows["killed_best"].to_pylist() == [None, 3]


def test_names_that_repeat_are_kept_apart(read):
    rows = [["date", "district", "Source", "Source"], ["2024-01-05", "Bannu", "Dawn", "AFP"]]
    found = read(json.dumps(rows), "x.json")
    assert list(found.rows["raw"].to_pylist()[0].items())[-1] == ("Source (2)", "AFP")


@pytest.mark.parametrize(
    "content",
    [
        {"title": "x", "pages": 3},
        {"a": [1, 2], "b": [1]},
        {"a": {"x": 1}, "b": {"y": 2}},
        [[1, 2], [3, 4]],
        [["date", "district"]],
        {"date": ["2024-01-05"]},
    ],
)
def test_what_is_no_table_is_refused(refusal, content):
    assert {one.code for one in refusal(json.dumps(content), "x.json").problems} == {ProblemCode.JSON}


@pytest.mark.parametrize(
    ("wrap", "name"),
    [
        (lambda records: {"data": records}, "data"),
        (lambda records: {"Result": records}, "Result"),
        (lambda records: {"results": records, "count": 2}, "results"),
        (lambda records: {"data": {"incidents": records}}, "data.incidents"),
        (lambda records: {"incidents": records, "sources": [{"name": "x"}]}, "incidents"),
        (lambda records: {"hits": {"total": 2, "hits": [{"_source": one} for one in records]}}, "hits.hits"),
        (lambda records: {"incidents": {f"KP-{n}": one for n, one in enumerate(records)}}, "incidents"),
        (lambda records: {"a": {"b": {"c": {"d": {"incidents": records}}}}}, "a.b.c.d.incidents"),
        (lambda records: {"features": [{"attributes": one} for one in records]}, "features"),
    ],
)
def test_records_of_another_reply_are_read_and_never_called_a_reply_of_acled(read, wrap, name):
    records = [
        {"date": "2024-03-04", "location": {"district": "Bannu", "lat": 32.99, "lon": 70.6}, "toll": {"killed": 2}},
        {"date": "2024-03-05", "location": {"district": "Tank", "lat": 32.2, "lon": 70.4}, "toll": {"killed": 0}},
    ]
    found = read(json.dumps(wrap(records)), "reply.json")
    assert (found.n_accepted, found.rows["district_reported"].to_pylist()) == (2, ["Bannu", "Tank"])
    assert [note.values["name"] for note in found.notes if note.kind is NoteKind.JSON_MEMBER] == [name]
    assert {NoteKind.RECORDS_IN_RECORDS} <= {note.kind for note in found.notes}
