"""What a source states, where its coordinates lie, and which of the two counts."""

from __future__ import annotations

import csv
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.locating.locate import assign_districts
from geo.districts import load
from geo.schema import DISTRICT_METHODS, GEO_PRECISIONS, arrow_schema
from geo.settings import DATA_DIR
from tests.conftest import SHARED
from tests.toy import row, table

ATLAS = load()
BANNU, LAKKI, SWAT, LOWER_DIR = "PK503", "PK519", "PK532", "PK520"
KHYBER, PESHAWAR = "PK513", "PK528"


def inside(pcode: str) -> dict[str, float]:
    point = ATLAS.polygons[ATLAS.pcodes.index(pcode)].representative_point()
    return {"lat": point.y, "lon": point.x}


KABUL = {"lat": 34.53, "lon": 69.17}
NOWHERE: dict[str, float] = {}
BOOK = {BANNU: inside(BANNU), LAKKI: inside(LAKKI), SWAT: inside(SWAT), LOWER_DIR: inside(LOWER_DIR)}


def assigned(**cells: Any) -> dict[str, Any]:
    """Return one row with the given cells after districts were assigned."""
    result: dict[str, Any] = assign_districts(table(row(1, **cells)), ATLAS).to_pylist()[0]
    return result


@pytest.mark.parametrize(
    ("precision", "name", "point", "pcode", "method", "is_conflict"),
    [
        # both agree
        ("exact", "Bannu", BOOK[BANNU], BANNU, "source_admin", False),
        ("near", "FR Bannu", BOOK[BANNU], BANNU, "alias", False),
        # both stated, and they disagree: the stated district counts and the row is flagged
        ("exact", "Lakki Marwat", BOOK[BANNU], LAKKI, "source_admin", True),
        ("near", "Lakki Marwat", BOOK[BANNU], LAKKI, "source_admin", True),
        ("district", "Lakki Marwat", BOOK[BANNU], LAKKI, "source_admin", True),
        ("exact", "Bannu", KABUL, BANNU, "source_admin", True),
        # coarser coordinates stand for an area: no reason to doubt the name
        ("division", "Lakki Marwat", BOOK[BANNU], LAKKI, "source_admin", False),
        ("province", "Lakki Marwat", KABUL, LAKKI, "source_admin", False),
        # nothing stated: exact and near points decide, coarser ones never do
        ("exact", None, BOOK[BANNU], BANNU, "point_in_polygon", False),
        ("near", "", BOOK[BANNU], BANNU, "point_in_polygon", False),
        ("district", None, BOOK[BANNU], None, "none", False),
        ("province", None, BOOK[BANNU], None, "none", False),
        ("unknown", None, BOOK[BANNU], None, "none", False),
        ("exact", None, KABUL, None, "outside", False),
        ("near", None, KABUL, None, "outside", False),
        ("district", None, KABUL, None, "none", False),
        ("exact", None, NOWHERE, None, "none", False),
        # a name without one meaning is as good as none, but the point should be one of its meanings
        ("exact", "Dir", BOOK[LOWER_DIR], LOWER_DIR, "point_in_polygon", False),
        ("exact", "Dir", BOOK[SWAT], SWAT, "point_in_polygon", True),
        ("near", "Bannu Division", BOOK[LAKKI], LAKKI, "point_in_polygon", False),
        ("exact", "Bannu Division", KABUL, None, "outside", True),
        ("district", "Dir", BOOK[LOWER_DIR], None, "none", False),
        ("district", "Dir", NOWHERE, None, "none", False),
        ("exact", "no such place", BOOK[SWAT], SWAT, "point_in_polygon", False),
        # so is a name that joins several
        ("exact", "Bannu/Lakki Marwat", BOOK[LAKKI], LAKKI, "point_in_polygon", False),
        ("exact", "Bannu/Lakki Marwat", BOOK[SWAT], SWAT, "point_in_polygon", True),
        ("district", "Bannu & Swat", NOWHERE, None, "none", False),
        # the name alone
        ("district", "Bannu", NOWHERE, BANNU, "source_admin", False),
        ("district", "South Waziristan Upper", NOWHERE, "PK530", "alias", False),
        ("unknown", "Lakki Marwaat", NOWHERE, LAKKI, "fuzzy", False),
        ("exact", "Balochistan", BOOK[SWAT], None, "outside", True),
    ],
)
def test_the_rule(
    precision: str, name: str | None, point: dict[str, float], pcode: str | None, method: str, is_conflict: bool
) -> None:
    found = assigned(geo_precision=precision, district_reported=name, **point)
    assert (found["pcode"], found["district_method"], found["is_district_conflict"]) == (pcode, method, is_conflict)
    assert found["district_reported"] == name


@pytest.mark.case(39)
def test_both_codes_stay_visible_when_they_disagree() -> None:
    found = assigned(geo_precision="exact", district_reported="Lakki Marwat", **BOOK[BANNU])
    assert (found["pcode_stated"], found["pcode_located"], found["pcode"]) == (LAKKI, BANNU, LAKKI)


def test_a_stated_code_wins_over_the_name() -> None:
    found = assigned(pcode_stated=SWAT, district_reported="Bannu")
    assert (found["pcode"], found["district_method"]) == (SWAT, "source_admin")


def test_an_unknown_stated_code_leaves_the_name_to_decide_and_stays_visible() -> None:
    assert assigned(pcode_stated="PK599", district_reported="Bannu")["pcode"] == BANNU
    assert assigned(pcode_stated="PK599")["pcode_stated"] == "PK599"


def test_a_code_of_another_province_means_outside() -> None:
    found = assigned(pcode_stated="PK210", district_reported="Quetta")
    assert (found["pcode"], found["district_method"]) == (None, "outside")


def test_a_hand_made_decision_keeps_its_mark() -> None:
    found = assigned(pcode_stated=SWAT, district_method="manual", district_reported="Mingawara")
    assert (found["pcode"], found["district_method"]) == (SWAT, "manual")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"admin1_reported": "Balochistan province"}, (None, "outside", False)),
        ({"admin1_reported": "Balochistan province", "district_reported": "Quetta"}, (None, "outside", False)),
        ({"admin1_reported": "Punjab", "district_reported": "Nizampur"}, (None, "outside", False)),
        ({"admin1_reported": "Punjab", "district_reported": "Bannu"}, (BANNU, "source_admin", False)),
        ({"admin1_reported": "Khyber Pakhtunkwa province"}, (None, "none", False)),
        ({"admin1_reported": "Sindh", "geo_precision": "exact"} | BOOK[SWAT], (None, "outside", True)),
        ({"admin1_reported": "FATA", "geo_precision": "exact"} | BOOK[SWAT], (SWAT, "point_in_polygon", False)),
    ],
)
def test_another_province_counts_unless_a_district_of_this_one_is_named(
    cells: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    found = assigned(**cells)
    assert (found["pcode"], found["district_method"], found["is_district_conflict"]) == expected


def test_no_rows_stay_no_rows() -> None:
    found = assign_districts(table(), ATLAS)
    assert (found.num_rows, found.schema) == (0, arrow_schema())


def test_rows_in_several_chunks_are_answered_in_their_order() -> None:
    names = ["Bannu", "Swat", None, "Bannu"]
    parts = [table(row(i, district_reported=name)) for i, name in enumerate(names)]
    assert assign_districts(pa.concat_tables(parts), ATLAS)["pcode"].to_pylist() == [BANNU, SWAT, None, BANNU]


texts = st.sampled_from(
    [None, "", "Bannu", "Dir", "DIK", "Lakki Marwatt", "PK532", "Balochistan", "Khyber Pakhtunkhwa", "?"]
)
rows_of_any_kind = st.lists(
    st.fixed_dictionaries(
        {
            "geo_precision": st.sampled_from(list(GEO_PRECISIONS)),
            "district_reported": texts,
            "admin1_reported": st.sampled_from([None, "KP", "Sindh"]),
            "pcode_stated": st.sampled_from([None, None, "PK503", "PK210", "PK777"]),
            "lat": st.none() | st.floats(31, 37) | st.sampled_from([float("nan"), 95.0]),
            "lon": st.none() | st.floats(69, 75),
            "district_method": st.sampled_from(["none", "manual", "point_in_polygon"]),
        }
    ),
    max_size=12,
)


@pytest.mark.case(38, 45)
@settings(max_examples=60, deadline=None)
@given(rows_of_any_kind, st.randoms(use_true_random=False))
def test_any_rows_keep_their_number_and_order_and_a_second_pass_changes_nothing(rows: list[Any], random: Any) -> None:
    cells = [row(i, **cells) for i, cells in enumerate(rows)]
    once = assign_districts(table(*cells), ATLAS)
    assert once.schema == arrow_schema()
    assert once["incident_id"].to_pylist() == [cell["incident_id"] for cell in cells]
    for found in once.to_pylist():
        assert found["district_method"] in DISTRICT_METHODS
        assert found["pcode"] is None or found["pcode"] in ATLAS.pcodes
        assert (found["pcode"] is None) == (found["district_method"] in ("outside", "none"))
    assert assign_districts(once, ATLAS).drop_columns(["lat"]).equals(once.drop_columns(["lat"]))
    random.shuffle(cells)
    shuffled = {found["incident_id"]: found["pcode"] for found in assign_districts(table(*cells), ATLAS).to_pylist()}
    assert shuffled == dict(zip(once["incident_id"].to_pylist(), once["pcode"].to_pylist(), strict=True))


def test_every_register_row_is_located_and_only_serai_naurang_is_drawn_elsewhere() -> None:
    with (DATA_DIR / "incidents.csv").open(encoding="utf-8", newline="") as file:
        register = list(csv.DictReader(file))
    precision = {"1": "exact", "2": "near", "3": "district"}
    cells = [
        row(
            i,
            district_reported=r["district_reported"] or r["district"],
            place=r["place"],
            geo_precision=precision[r["geo_precision"]],
            lat=float(r["latitude"]) if r["latitude"] else None,
            lon=float(r["longitude"]) if r["longitude"] else None,
        )
        for i, r in enumerate(register)
    ]
    found = assign_districts(table(*cells), ATLAS).to_pylist()
    assert [f["pcode"] for f in found] == [r["pcode"] for r in register]
    assert sum(f["pcode_located"] is not None for f in found) == sum(bool(r["latitude"]) for r in register)
    conflicts = [f for f in found if f["is_district_conflict"]]
    # Serai Naurang and a place of Khyber beside Peshawar: their points lie across a border of the outlines.
    assert {(f["pcode_stated"], f["pcode_located"]) for f in conflicts} == {(LAKKI, BANNU), (KHYBER, PESHAWAR)}
    assert all("Naurang" in f["place"] for f in conflicts if f["pcode_stated"] == LAKKI)
    assert len(conflicts) == 6


def test_the_ucdp_sample_is_accounted_for_row_by_row() -> None:
    path = SHARED / "data" / "samples" / "ucdp_ged_pakistan_1989_2014.csv"
    if not path.exists():
        pytest.skip("the UCDP sample is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        events = list(csv.DictReader(file))
    precision = {"1": "exact", "2": "near", "3": "district", "4": "province", "5": "unknown", "6": "country"}
    cells = [
        row(
            i,
            district_reported=e["adm_2"] or None,
            admin1_reported=e["adm_1"] or None,
            geo_precision=precision[e["where_prec"]],
            lat=float(e["latitude"]),
            lon=float(e["longitude"]),
        )
        for i, e in enumerate(events)
    ]
    found = assign_districts(table(*cells), ATLAS).to_pylist()
    assert len(found) == 5296
    is_kp = [e["adm_1"] in ("Khyber Pakhtunkwa province", "Federally Administered Tribal Areas") for e in events]
    stated = [f for f, kp in zip(found, is_kp, strict=True) if kp and f["district_reported"]]
    unresolved = Counter(f["district_reported"] for f in stated if f["pcode_stated"] is None)
    assert unresolved == {"Chitral district": 5, "Kohistan district": 1}
    both = [f for f in stated if f["pcode_stated"] and f["pcode_located"] and f["geo_precision"] in ("exact", "near")]
    agreement = np.mean([f["pcode_stated"] == f["pcode_located"] for f in both])
    assert 0.93 < agreement < 1
    assert all(f["pcode"] is None for f, kp, e in zip(found, is_kp, events, strict=True) if not kp and e["adm_1"])


def test_a_row_its_reader_knows_to_be_foreign_is_outside_and_not_merely_unplaced() -> None:
    country_only = row(1, geo_precision="country", lat=30.0, lon=66.0, district_method="outside")
    assigned = assign_districts(table(country_only, row(2, geo_precision="country", lat=30.0, lon=66.0)), load())
    assert assigned["district_method"].to_pylist() == ["outside", "none"]
    assert assigned["pcode"].to_pylist() == [None, None]


def by_hand(decided: dict[str, str], **cells: Any) -> tuple[Any, ...]:
    """Return P-code, method and conflict of one row under decisions about names."""
    found = assign_districts(table(row(1, **cells)), ATLAS, decided=decided).to_pylist()[0]
    return found["pcode"], found["district_method"], found["is_district_conflict"]


@pytest.mark.parametrize("name", ["Dir", "DIR ", "Dir District", "dir district"])
def test_a_decision_places_a_name_of_several_meanings_in_any_spelling_that_compares_equal(name: str) -> None:
    assert by_hand({"dir": LOWER_DIR}, district_reported=name) == (LOWER_DIR, "manual", False)


def test_coordinates_know_better_than_a_decision_which_meaning_is_meant() -> None:
    upper = inside("PK535")
    cells = {"district_reported": "Dir", "geo_precision": "exact"}
    assert by_hand({"dir": LOWER_DIR}, **cells, **upper) == ("PK535", "point_in_polygon", False)
    assert by_hand({"dir": "outside"}, **cells, **upper) == ("PK535", "point_in_polygon", False)


def test_coordinates_that_lie_where_a_decision_says_are_no_disagreement() -> None:
    cells = {"district_reported": "Dir", "geo_precision": "exact"}
    assert by_hand({}, **cells, **BOOK[SWAT]) == (SWAT, "point_in_polygon", True)
    assert by_hand({"dir": SWAT}, **cells, **BOOK[SWAT]) == (SWAT, "point_in_polygon", False)
    assert by_hand({"dir": "outside"}, **cells, lat=30.0, lon=66.0) == (None, "outside", False)
    assert by_hand({"dir": "outside"}, **cells, **BOOK[SWAT]) == (SWAT, "point_in_polygon", True)


def test_coarse_coordinates_that_contradict_a_decision_are_flagged() -> None:
    cells = {"district_reported": "Dir", "geo_precision": "district"}
    assert by_hand({"dir": LOWER_DIR}, **cells, **BOOK[SWAT]) == (LOWER_DIR, "manual", True)


def test_a_decision_takes_the_place_of_a_close_spelling() -> None:
    cells = {"district_reported": "Lakki Marwaat"}
    key = "lakki marwaat"
    assert by_hand({key: SWAT}, **cells) == (SWAT, "manual", False)
    assert by_hand({key: "none"}, **cells) == (None, "none", False)
    assert by_hand({key: "outside"}, **cells) == (None, "outside", False)
    assert by_hand({key: LAKKI}, **cells, **BOOK[BANNU], geo_precision="exact") == (LAKKI, "manual", True)


def test_a_decision_can_say_that_a_name_lies_outside_or_in_no_district() -> None:
    assert by_hand({"waziristan": "outside"}, district_reported="Waziristan") == (None, "outside", False)
    assert by_hand({"waziristan": "none"}, district_reported="Waziristan") == (None, "none", False)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"pcode_stated": SWAT}, (SWAT, "source_admin")),
        ({"admin1_reported": "Balochistan"}, (None, "outside")),
        ({"district_method": "outside"}, (None, "outside")),
    ],
)
def test_a_stated_code_or_another_province_or_country_wins_over_a_decision(
    cells: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    assert by_hand({"dir": LOWER_DIR}, district_reported="Dir", **cells)[:2] == expected


def test_a_decision_never_places_a_row_without_a_name() -> None:
    assert by_hand({"": BANNU}, district_reported=" ")[:2] == (None, "none")


def test_a_decision_for_a_district_that_is_not_there_changes_nothing() -> None:
    assert by_hand({"dir": "PK999"}, district_reported="Dir")[:2] == (None, "none")


@pytest.mark.parametrize(
    ("name", "meaning", "pcode", "is_conflict"),
    [
        # a decision takes the place of a close spelling
        ("Lakki Marwaat", None, SWAT, True),
        ("Lakki Marwaat", SWAT, SWAT, False),
        ("Lakki Marwaat", SWAT, LAKKI, True),
        ("Lakki Marwaat", "none", SWAT, False),
        # beside the listed meanings of a name it is one more
        ("Dir", None, SWAT, True),
        ("Dir", SWAT, SWAT, False),
        ("Dir", SWAT, LOWER_DIR, False),
        ("Dir", SWAT, BANNU, True),
        ("Dir", "none", SWAT, True),
        ("Dir", "outside", "PK210", False),
        ("Dir", LOWER_DIR, "PK210", True),
        # of a name of which nothing is known it is the only one
        ("Mingawara", None, BANNU, False),
        ("Mingawara", SWAT, SWAT, False),
        ("Mingawara", SWAT, BANNU, True),
    ],
)
def test_a_code_beside_a_decided_name_contradicts_it_unless_the_name_may_mean_it(
    name: str, meaning: str | None, pcode: str, is_conflict: bool
) -> None:
    key = name.casefold()
    found = by_hand({key: meaning} if meaning else {}, district_reported=name, pcode_stated=pcode)
    assert found[2] == is_conflict
    assert found[0] == (pcode if pcode in ATLAS.pcodes else None)
