"""Published tables, statements and recorded attacks of a window, put beside one another for every district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.evidence import lines, police, published, recorded, statements
from geo.analysis.evidence.lines import Contradiction, Evidence
from geo.analysis.evidence.narrowing import NEW_PUBLISHER
from geo.analysis.evidence.report import evidence_values
from geo.analysis.evidence.sentences import LINES, explain
from geo.problems import DamagedData
from tests.real_tables import register
from tests.toy import row
from tests.toy_index import incidents

DISTRICTS = geo_districts.load()
PCODES = list(DISTRICTS.pcodes)
ONE, TWO = date(2025, 1, 1), date(2025, 12, 31)


def of_year(year: int, index_classes: dict[str, str] | None = None) -> Evidence:
    attacks = recorded.recorded_attacks(register(), "register")
    return lines.evidence([attacks], DISTRICTS, date(year, 1, 1), date(year, 12, 31), index_classes)


def total(pcode: str, value: int, publisher: str = "P", first: date = ONE, last: date = TWO) -> published.Total:
    return published.Total(first, last, "district", pcode, "attacks", value, publisher, "https://example.org", None, "")


def tables_of(monkeypatch: pytest.MonkeyPatch, *found: published.Total) -> list[lines.Column]:
    monkeypatch.setattr(published, "totals", lambda: found)
    return published.district_tables(ONE, TWO, PCODES, DISTRICTS.population_at(2025.5))


def table_of(values: list[int], **head: object) -> list[published.Total]:
    return [total(pcode, value, **head) for pcode, value in zip(PCODES, values, strict=False)]  # type: ignore[arg-type]


# --- which tables enter ------------------------------------------------------------------------------


def test_a_table_of_two_districts_says_too_little(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tables_of(monkeypatch, *table_of([5, 6])) == []
    assert len(tables_of(monkeypatch, *table_of([5, 6, 7]))) == 1


def test_a_copy_of_a_table_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tables_of(monkeypatch, *table_of([5, 6, 7]), *table_of([5, 6, 7], publisher="Copy"))
    assert len(found) == 1


def test_a_shorter_table_adds_only_what_the_longer_one_of_its_publisher_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    shorter = table_of([1, 2, 3, 4, 5], last=date(2025, 6, 30))
    found = tables_of(monkeypatch, *table_of([9, 8, 7]), *shorter)
    assert [int(np.isfinite(column.counts).sum()) for column in found] == [3, 2]
    assert found[1].counts[3:5].tolist() == [4, 5]
    elsewhere = tables_of(monkeypatch, *table_of([9, 8, 7]), *(replace(t, publisher="Q") for t in shorter))
    assert [int(np.isfinite(column.counts).sum()) for column in elsewhere] == [3, 5]


def test_a_table_of_which_less_than_half_lies_in_the_window_does_not_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    before = date(2024, 1, 1)
    assert tables_of(monkeypatch, *table_of([1, 2, 3], first=before, last=date(2025, 6, 30))) == []
    assert len(tables_of(monkeypatch, *table_of([1, 2, 3], first=date(2024, 7, 1), last=TWO))) == 1


def test_police_regions_never_enter() -> None:
    kinds = {t.unit for t in published.totals() if t.metric == "attacks"}
    assert "police_region" in kinds
    stated = {(c.publisher, p) for y in range(2022, 2027) for c in of_year(y).synthesis.columns for p in [c.kind]}
    regions = {t.publisher for t in published.totals() if t.unit == "police_region"}
    districts = {t.publisher for t in published.totals() if t.unit == "district"}
    assert not {publisher for publisher, kind in stated if kind == "published"} & (regions - districts)


# --- what is recorded --------------------------------------------------------------------------------


def test_recorded_attacks_are_those_of_the_days_with_any_target() -> None:
    small = incidents(
        row(1, day=date(2025, 3, 1), pcode="PK503", target_type="police"),
        row(2, day=date(2025, 3, 31), pcode="PK503", target_type="civilian"),
        row(3, day=date(2025, 4, 1), pcode="PK503", target_type="police"),
        row(4, day=date(2025, 3, 5), pcode="PK503", initiator="state", attack_type="state_operation"),
        row(5, day=date(2025, 3, 5)),
    )
    found = recorded.recorded_attacks(small, "template")
    assert found.by_district(date(2025, 3, 1), date(2025, 3, 31)).tolist() == [0, 0, 2]
    assert found.by_district(date(2025, 3, 1), date(2025, 4, 1)).tolist() == [0, 0, 3]


def test_a_source_that_covers_less_than_half_of_a_window_says_nothing_about_it() -> None:
    attacks = recorded.recorded_attacks(register(), "register")
    people = DISTRICTS.population_at(2025.5)
    assert attacks.column(date(2020, 1, 1), date(2020, 12, 31), people) is not None
    assert attacks.column(date(1990, 1, 1), date(1990, 12, 31), people) is None
    late = attacks.column(attacks.last.replace(month=1, day=1), date(attacks.last.year + 3, 1, 1), people)
    assert late is None
    with pytest.raises(ValueError, match="no rows of"):
        recorded.recorded_attacks(register(), "acled")


# --- the lines of a district ---------------------------------------------------------------------------


def test_the_register_holds_the_attacks_that_a_csv_reader_counts() -> None:
    import csv

    from geo.settings import DATA_DIR

    with (DATA_DIR / "incidents.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["pcode"] == "PK503" and r["date"][:4] == "2025"]
    found = of_year(2025).of("PK503")
    n = found.recorded["register"]
    assert 0 < n <= len(rows)
    assert n >= sum(r["target_type"] == "police" and r["initiator"] == "militant" for r in rows)


def test_officials_carry_rate_interval_and_what_the_register_holds_of_the_same_days() -> None:
    found = of_year(2025).of("PK525")
    ctd = next(o for o in found.officials if o.total.publisher == "KP CTD report (press)" and o.total.value == 124)
    assert (ctd.total.first, ctd.total.last) == (date(2025, 1, 1), date(2025, 8, 31))
    assert ctd.rate == pytest.approx(24.4, abs=0.2)
    assert ctd.low < ctd.rate < ctd.high
    attacks = recorded.recorded_attacks(register(), "register")
    assert ctd.recorded == attacks.by_district(ctd.total.first, ctd.total.last)[PCODES.index("PK525")]


def test_the_six_districts_of_july_2024_are_described_and_stand_apart() -> None:
    found = of_year(2024)
    described = {one.pcode for one in found.districts if one.described}
    assert {"PK503", "PK509", "PK519", "PK525", "PK530", "PK533"} <= described
    said = [s for s in statements.statements() if s.kind == "described_no_go" and s.first.year == 2024]
    assert described == {s.pcode for s in said} - {None}
    assert found.of("PK533").together == "high"


def test_contradictions_are_found_between_lines_and_not_with_one_source() -> None:
    low = dict.fromkeys(PCODES, "low")
    tank = of_year(2024, low).of("PK533")
    assert Contradiction.DESCRIBED_NOT_RECORDED in tank.contradictions
    assert Contradiction.TOGETHER_HIGH_RECORDED_LOW in tank.contradictions
    top = of_year(2024, dict.fromkeys(PCODES, "no_go"))
    assert Contradiction.RECORDED_TOP_TOGETHER_NOT in top.of("PK501").contradictions
    assert Contradiction.TOGETHER_HIGH_RECORDED_LOW not in top.of("PK533").contradictions
    assert of_year(2024).of("PK501").contradictions == ()
    lakki = of_year(2023, low).of("PK519")
    assert (lakki.together, lakki.n_publishers) == ("probably_high", 1)
    assert Contradiction.TOGETHER_HIGH_RECORDED_LOW not in lakki.contradictions


def test_only_a_denial_of_no_go_contradicts_a_description() -> None:
    # November 2022: police said why two stations were vacated; nobody denied that the district was described.
    south = of_year(2022).of("PK530")
    assert south.described
    assert [s.denies for s in south.denied] == ["office_move"]
    assert Contradiction.DESCRIBED_AND_DENIED not in south.contradictions
    # August 2024: the provincial police chief said that no part of the province is off limits.
    tank = of_year(2024).of("PK533")
    assert Contradiction.DESCRIBED_AND_DENIED in tank.contradictions
    assert [s.statement_id for s in tank.denials] == ["AS038"]


def test_a_denial_about_the_province_is_said_of_every_district_as_of_the_province() -> None:
    found = of_year(2024)
    quiet = next(one.pcode for one in found.districts if not (one.described or one.denied or one.said))
    words = [str(one.words) for one in explain(found, quiet) if one.line == "reported"]
    (said,) = [one for one in words if "no part of the province is off limits" in one]
    assert said.startswith("About the province or a part of it: 29 August 2024")
    assert len([one for one in found.province if one.denies]) == 1


def test_counts_of_attacks_on_police_and_of_parts_of_a_district_are_no_totals_of_attacks() -> None:
    bannu = of_year(2025).of("PK503")
    assert 134 not in {official.total.value for official in bannu.officials}
    assert of_year(2017).of("PK518").officials == ()


def test_the_note_that_qualifies_a_figure_is_said_with_it() -> None:
    found = of_year(2023)
    noted = [o for one in found.districts for o in one.officials if o.total.note]
    assert noted
    said = " ".join(str(s.words) for one in found.districts for s in explain(found, one.pcode))
    assert all(f"Note: {o.total.note}." in said for o in noted)


def test_a_district_of_which_the_register_holds_far_less_is_not_comparable(monkeypatch: pytest.MonkeyPatch) -> None:
    attacks = recorded.recorded_attacks(register(), "register")
    held = attacks.by_district(ONE, TWO)
    place = PCODES.index("PK525")
    stated = [total(pcode, int(n) * 5) for pcode, n in zip(PCODES, held, strict=True) if n > 3]
    monkeypatch.setattr(published, "totals", lambda: tuple(stated))
    assert of_year(2025).of("PK525").is_comparable
    more = [replace(t, value=t.value * 10) if t.pcode == PCODES[place] else t for t in stated]
    monkeypatch.setattr(published, "totals", lambda: tuple(more))
    assert not of_year(2025).of("PK525").is_comparable
    assert of_year(2025).of("PK503").is_comparable


def test_a_few_missed_attacks_are_no_reason_to_call_a_district_incomparable(monkeypatch: pytest.MonkeyPatch) -> None:
    attacks = recorded.recorded_attacks(register(), "register")
    held = attacks.by_district(ONE, TWO)
    stated = [total(pcode, int(n) * 5 if n > 3 else 3) for pcode, n in zip(PCODES, held, strict=True)]
    monkeypatch.setattr(published, "totals", lambda: tuple(stated))
    assert all(one.is_comparable for one in of_year(2025).districts)


def test_a_window_without_any_source_has_no_class_but_an_answer() -> None:
    found = of_year(1980)
    assert {one.n_publishers for one in found.districts} == {0}
    assert found.narrowing("PK503") == []
    said = " ".join(str(sentence.words) for sentence in explain(found, "PK503"))
    assert "Any table of districts for this period would be the first." in said
    assert evidence_values(found)["districts"][0]["together"]["rate_ratio"] is None


# --- what would change it ------------------------------------------------------------------------------


def test_the_missing_tables_are_ranked_by_how_much_they_narrow() -> None:
    found = of_year(2025)
    ranked = found.narrowing("PK533")
    assert [one.by for one in ranked] == sorted((one.by for one in ranked), reverse=True)
    assert all(0 < one.by < 1 for one in ranked)
    assert any(one.publisher == NEW_PUBLISHER for one in ranked)
    # CTD states North Waziristan for January to August: its first half of the year is not missing.
    ctd = [one for one in found.narrowing("PK525") if one.publisher == "KP CTD report (press)"]
    assert date(2025, 7, 1) in {one.first for one in ctd}
    assert (date(2025, 1, 1), date(2025, 6, 30)) not in {(one.first, one.last) for one in ctd}


# --- police ----------------------------------------------------------------------------------------------


def test_figures_of_the_police_stay_beside_one_another_with_their_publisher() -> None:
    found = police.pressure(None, date(2024, 1, 1), date(2024, 12, 31))
    killed = [t.value for t in found.tolls if t.metric == "police_killed"]
    assert len(killed) >= 2
    orakzai = police.pressure("PK527", date(2025, 1, 1), date(2025, 12, 31))
    assert [t.value for t in orakzai.strains] == [42]
    assert orakzai.strength is None


def test_an_attack_without_a_figure_is_counted_and_adds_nothing() -> None:
    small = incidents(
        row(1, day=date(2023, 1, 30), pcode="PK503", target_type="police", killed_police=None),
        row(2, day=date(2023, 2, 1), pcode="PK503", target_type="police", killed_police=2, n_events=3),
        row(3, day=date(2023, 3, 1), pcode="PK503", target_type="health_polio", killed_police=4),
        row(4, day=date(2022, 3, 1), pcode="PK501", target_type="civilian"),
    )
    assert police.recorded_by_year(small, "PK503").values.tolist() == [[2023, 4, 1, 2, 4]]
    assert police.recorded_by_year(small, None).values.tolist() == [[2023, 4, 1, 2, 4]]


# --- sentences and files -----------------------------------------------------------------------------------


def test_every_line_is_said_in_the_order_of_reading() -> None:
    said = explain(of_year(2024, dict.fromkeys(PCODES, "low")), "PK533")
    order = [sentence.line for sentence in said]
    assert order == sorted(order, key=list(LINES).index)
    assert set(order) == set(LINES)
    texts = [str(sentence.words) for sentence in said]
    assert any("The Frontier Post" in words for words in texts)
    assert all(words.strip() and "{" not in words for words in texts)


@pytest.mark.parametrize("module", [published.totals, statements.statements, police.figures])
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, module: object) -> None:
    path = tmp_path / "x.csv"
    path.write_text("kind,denies,from,measure\nnonsense,,2024,nonsense\n", encoding="utf-8")
    with pytest.raises(DamagedData) as caught:
        module(path)  # type: ignore[operator]
    assert [(problem.file, problem.row) for problem in caught.value.problems] == [("x.csv", 2)]
    with pytest.raises(DamagedData, match="cannot be read"):
        module(tmp_path / "missing.csv")  # type: ignore[operator]
