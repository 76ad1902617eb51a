"""The shipped files: complete, checked before use, consistent with each other, and free of working notes."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from geo import districts
from geo.districts import CHECKSUM_FILE, REQUIRED_FILES, load, verify_data
from geo.names import UNRESOLVED_KINDS
from geo.problems import DamagedData, ProblemCode
from geo.settings import DATA_DIR
from geo.text import normalise_name
from tests.conftest import SHARED


def rows(name: str, folder: Path = DATA_DIR) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the data folder that a test may damage."""
    return Path(shutil.copytree(DATA_DIR, tmp_path / "data"))


# --- checksums ---------------------------------------------------------------------------------------


def test_the_shipped_files_are_as_recorded() -> None:
    verify_data()


def test_every_data_file_has_a_checksum_and_a_paragraph_about_its_source() -> None:
    listed = {line.split(maxsplit=1)[1] for line in (DATA_DIR / CHECKSUM_FILE).read_text().splitlines()}
    described = (DATA_DIR / "sources.md").read_text("utf-8")
    files = {path.name for path in DATA_DIR.iterdir()} - {CHECKSUM_FILE, "sources.md"}
    assert files == listed
    assert set(REQUIRED_FILES) <= files
    assert [name for name in files if name not in described] == []


def test_the_stated_numbers_of_rows_are_true() -> None:
    described = (DATA_DIR / "sources.md").read_text("utf-8")
    stated = dict(re.findall(r"^\| (\S+\.csv) \| (\d+) ", described, re.MULTILINE))
    assert {name: len(rows(name)) for name in stated} == {name: int(number) for name, number in stated.items()}
    assert {name for name in REQUIRED_FILES if name.endswith(".csv")} <= stated.keys()


def test_each_damaged_or_missing_file_is_named(copy: Path) -> None:
    (copy / "aliases.csv").write_text("alias,pcode\n")
    (copy / "incidents.csv").unlink()
    with pytest.raises(DamagedData) as caught:
        verify_data(copy)
    assert [(problem.file, problem.code) for problem in caught.value.problems] == [
        ("aliases.csv", ProblemCode.DAMAGED_DATA),
        ("incidents.csv", ProblemCode.DAMAGED_DATA),
    ]
    assert all(str(problem.hint) for problem in caught.value.problems)


@pytest.mark.fault
@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_one_flipped_bit_is_noticed(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(DamagedData, match=name):
        verify_data(copy)


@pytest.mark.parametrize("name", ["districts.geojson", "aliases.csv", "context_countries.geojson", "towns.csv"])
def test_a_damaged_file_is_never_half_used(copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(DamagedData, match=name):
        load(copy)


def test_a_damaged_group_table_is_refused(copy: Path) -> None:
    (copy / "groups.csv").write_text("group_id,name,alias,kind,parent,source\nttp,T,TTP,militant,,x\n")
    with pytest.raises(DamagedData, match=r"groups\.csv"):
        districts.load_groups(copy)


def test_a_file_cannot_hide_by_leaving_the_list(copy: Path) -> None:
    lines = (copy / CHECKSUM_FILE).read_text().splitlines()
    (copy / CHECKSUM_FILE).write_text("\n".join(line for line in lines if "towns.csv" not in line))
    with pytest.raises(DamagedData, match=r"towns\.csv"):
        verify_data(copy)
    with pytest.raises(DamagedData, match=r"towns\.csv"):
        load(copy)


@pytest.mark.parametrize("content", [None, b"one-word\n", b"\xff\xfe"])
def test_an_unusable_list_of_checksums_is_the_problem(copy: Path, content: bytes | None) -> None:
    (copy / CHECKSUM_FILE).unlink()
    if content is not None:
        (copy / CHECKSUM_FILE).write_bytes(content)
    with pytest.raises(DamagedData, match=r"checksums\.txt"):
        verify_data(copy)


def test_lists_written_by_sha256sum_in_binary_mode_are_read_too(copy: Path) -> None:
    lines = [f"{hashlib.sha256((copy / name).read_bytes()).hexdigest()} *{name}" for name in REQUIRED_FILES]
    (copy / CHECKSUM_FILE).write_text("\n".join(lines))
    verify_data(copy)


# --- content -----------------------------------------------------------------------------------------


def test_the_register_is_the_compiled_file_byte_for_byte() -> None:
    original = SHARED / "data" / "kp_public_incidents.csv"
    if not original.exists():
        pytest.skip("the folder of source data is not beside the project")
    assert (DATA_DIR / "incidents.csv").read_bytes() == original.read_bytes()


def test_register_rows_name_a_known_district_by_its_own_name() -> None:
    names = load().names
    assert [row for row in rows("incidents.csv") if names.get(row["pcode"]) != row["district"]] == []


def test_register_groups_are_all_in_the_group_table() -> None:
    claimed = {row["group_claimed"] for row in rows("incidents.csv")} - {""}
    assert {group for group in claimed if districts.group_id(group) in ("other", "unid")} == set()


def test_register_district_only_rows_have_no_coordinates_and_the_others_have() -> None:
    for row in rows("incidents.csv"):
        assert bool(row["latitude"]) == bool(row["longitude"]) == (row["geo_precision"] != "3"), row["incident_id"]


def test_published_totals_keep_every_figure_of_the_compiled_file() -> None:
    original = SHARED / "data" / "kp_published_totals.csv"
    if not original.exists():
        pytest.skip("the folder of source data is not beside the project")
    before, after = rows(original.name, original.parent), rows("published_totals.csv")
    assert [{**row, "note": ""} for row in after] == [{**row, "note": ""} for row in before]


def test_published_totals_have_usable_periods_units_and_addresses() -> None:
    for row in rows("published_totals.csv"):
        assert date.fromisoformat(row["period_start"]) <= date.fromisoformat(row["period_end"])
        assert row["unit"] in ("province", "district", "police_region", "division_part")
        assert int(row["value"]) >= 0
        assert row["publisher"]
        assert row["source_url"].startswith(("http://", "https://"))


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_files_are_utf8_without_marks_carriage_returns_or_working_notes(name: str) -> None:
    text = (DATA_DIR / name).read_bytes()
    assert not text.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in text
    assert [word for word in (b"peers.md", b"/work", b"TODO", b"this session") if word in text] == []
    text.decode("utf-8")


def test_towns_lie_in_the_district_they_name() -> None:
    import shapely

    atlas = load()
    for town in atlas.towns:
        polygon = atlas.polygons[atlas.pcodes.index(town.pcode)]
        assert shapely.intersects_xy(polygon, town.lon, town.lat), town.name


def test_no_town_has_the_population_of_its_district_or_none_at_all() -> None:
    atlas = load()
    for town in atlas.towns:
        assert town.population is None or 0 < town.population < atlas.attributes[town.pcode].population_2023
    blank = {town.name for town in atlas.towns if town.population is None}
    assert {"Bannu", "Battagram", "Peshawar", "Parachinar"} <= blank


def test_geonames_numbers_are_whole_and_unique() -> None:
    numbers = [town.geonameid for town in load().towns]
    assert all(number.isdecimal() for number in numbers)
    assert len(set(numbers)) == len(numbers) == 78


def test_predecessors_name_known_successors_and_agree_with_the_aliases() -> None:
    atlas = load()
    for row in rows("predecessors.csv"):
        successors = tuple(row["pcodes"].split("|"))
        found = atlas.resolve(row["unit"])
        assert set(successors) <= set(atlas.pcodes)
        assert row["source"]
        assert row["rule"] == ("unambiguous" if len(successors) == 1 else "ambiguous")
        assert (found.pcode, found.candidates) == ((successors[0], ()) if len(successors) == 1 else (None, successors))


def test_every_alias_row_has_a_kind_a_language_and_a_source() -> None:
    kinds = {"name", "spelling", "short_form", "agency", "frontier_region", "former_name", "split_unit", "place"}
    table = rows("aliases.csv")
    for row in table:
        assert row["kind"] in kinds | set(UNRESOLVED_KINDS), row
        assert (row["pcode"] == "") == (row["kind"] in UNRESOLVED_KINDS), row
        assert row["language"] in ("en", "ur", "ps")
        assert row["source"]
    assert len({tuple(row.values()) for row in table}) == len(table)


def test_every_district_has_its_name_in_english_urdu_and_pashto() -> None:
    named = {(row["pcode"], row["language"]) for row in rows("aliases.csv") if row["kind"] == "name"}
    assert named == {(pcode, language) for pcode in load().pcodes for language in ("en", "ur", "ps")}


def test_collected_aliases_resolve_to_their_district_unless_they_are_ambiguous() -> None:
    original = SHARED / "data" / "kp_district_aliases_raw.csv"
    if not original.exists():
        pytest.skip("the folder of source data is not beside the project")
    wrong = []
    for row in rows(original.name, original.parent):
        for alias in filter(None, [row["name"], *row["aliases"].split("|")]):
            expected = None if normalise_name(alias) in ("chitral", "dera") else (row["code"] or "PK530")
            if load().resolve(alias).pcode != expected:
                wrong.append(alias)
    assert wrong == []


def test_group_parents_exist_and_keys_fit_an_address() -> None:
    groups = districts.load_groups().groups
    for group in groups.values():
        assert group.parent is None or group.parent in groups
        assert group.group_id.replace("_", "").isalnum()
        assert group.group_id == group.group_id.lower()
        assert len(group.group_id) <= 40
        assert group.kind in ("militant", "official_label", "unattributed", "other")
