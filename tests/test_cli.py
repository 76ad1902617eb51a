"""The command line: exit codes, reports, and a store that a refused file leaves as it was."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo import cli
from geo.store import Store

ROOT = Path(__file__).resolve().parents[1]
GOOD = "date,district,place,killed_total\n2024-03-04,Bannu,Jani Khel,2\n2024-03-05,Tank,,\n"
ONE_BAD = GOOD + "2024-13-05,Tank,,1\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command on a store of its own; return exit code, output and errors."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main([*arguments, "--store", str(tmp_path / "store")])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def written(tmp_path: Path, text: str, name: str = "incidents.csv") -> str:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return str(path)


def test_a_good_file_is_stored_and_the_report_accounts_for_every_row(run, tmp_path: Path) -> None:
    report_path = tmp_path / "report.json"
    code, out, _ = run("ingest", written(tmp_path, GOOD), "--report", str(report_path))
    report = json.loads(report_path.read_text("utf-8"))
    assert code == cli.DONE
    assert "2 accepted" in out
    assert (report["people_killed"], report["without_number_killed"]) == (2, 1)
    assert (report["rows_in"], report["accepted"], report["refused"], report["located"]) == (2, 2, 0, 2)
    assert report["outcome"] == "accepted"
    assert len(Store.open(tmp_path / "store").batches()) == 1


def test_a_dry_run_stores_nothing(run, tmp_path: Path) -> None:
    code, _, _ = run("ingest", written(tmp_path, GOOD), "--dry-run")
    assert code == cli.DONE
    assert Store.open(tmp_path / "store").batches() == ()


def test_a_file_with_a_bad_row_is_refused_whole_and_the_row_is_named(run, tmp_path: Path) -> None:
    report_path = tmp_path / "report.json"
    code, _, err = run("ingest", written(tmp_path, ONE_BAD), "--report", str(report_path))
    report = json.loads(report_path.read_text("utf-8"))
    assert code == cli.REFUSED
    assert "row 4" in err
    assert "2024-13-05" in err
    assert report["outcome"] == "refused"
    assert report["problems"][0]["row"] == 4
    assert Store.open(tmp_path / "store").batches() == ()


def test_the_valid_rows_are_stored_when_that_is_asked_for(run, tmp_path: Path) -> None:
    code, _, _ = run("ingest", written(tmp_path, ONE_BAD), "--accept-valid")
    batch = Store.open(tmp_path / "store").batches()[0]
    assert code == cli.DONE
    assert (batch.n_rows_in, batch.n_accepted, batch.n_refused) == (3, 2, 1)


def test_the_same_file_is_not_stored_twice(run, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    run("ingest", file)
    code, _, err = run("ingest", file)
    assert code == cli.REFUSED
    assert "batch 1" in err


def test_undo_and_redo_are_each_others_inverse(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    assert run("undo", "1")[0] == cli.DONE
    assert Store.open(tmp_path / "store").batches() == ()
    assert "undone" in run("list")[1]
    assert run("redo", "1")[0] == cli.DONE
    assert "shown" in run("list")[1]


def test_a_batch_that_is_not_there_is_named(run) -> None:
    code, _, err = run("undo", "7")
    assert code == cli.UNUSABLE
    assert "7" in err


def test_a_backup_restores_to_a_store_that_verifies(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    assert run("verify")[0] == cli.DONE
    assert run("backup", str(tmp_path / "copy"))[0] == cli.DONE
    other = str(tmp_path / "other")
    assert cli.main(["restore", str(tmp_path / "copy"), "--store", other]) == cli.DONE
    assert cli.main(["verify", "--store", other]) == cli.DONE
    assert Store.open(Path(other)).read(1).equals(Store.open(tmp_path / "store").read(1))


def test_a_damaged_batch_fails_the_check_by_name(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    path = next((tmp_path / "store").rglob("*.parquet"))
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    code, _, err = run("verify")
    assert code == cli.UNUSABLE
    assert path.name in err


def test_the_report_names_duplicates_by_reason(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    more = GOOD.replace("date,", "date ,") + "2024-03-09,Swat,,1\n2024-03-09,Swat,,1\n"
    report_path = tmp_path / "report.json"
    code, out, _ = run("ingest", written(tmp_path, more, "more.csv"), "--report", str(report_path))
    report = json.loads(report_path.read_text("utf-8"))
    assert code == cli.DONE
    assert "1 accepted, 0 refused, 3 duplicates" in out
    assert report["duplicates"] == {"already stored": 2, "repeated in the file": 1, "older version of a stored row": 0}
    assert report["stored_in_batches"] == {"1": 2}
    assert report["rows_in"] == report["accepted"] + report["refused"] + sum(report["duplicates"].values())


def test_equal_rows_are_kept_when_that_is_asked_for(run, tmp_path: Path) -> None:
    twice = written(tmp_path, GOOD + GOOD.splitlines()[1] + "\n")
    assert "2 accepted, 0 refused, 1 duplicates" in run("ingest", twice, "--dry-run")[1]
    assert "3 accepted, 0 refused, 0 duplicates" in run("ingest", twice, "--keep-repeated")[1]


def test_a_file_without_a_new_row_is_refused_and_told_where_its_rows_are(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    header, *rows = GOOD.splitlines()
    backwards = written(tmp_path, "\n".join([header, *reversed(rows)]) + "\n", "backwards.csv")
    report = tmp_path / "report.json"
    for dry_run, outcome in ((["--dry-run"], "would be refused"), ([], "refused")):
        code, _, err = run("ingest", backwards, "--report", str(report), *dry_run)
        told = json.loads(report.read_text("utf-8"))
        assert code == cli.REFUSED
        assert "in batch 1" in err
        assert (told["outcome"], told["problems_total"]) == (outcome, 1)
        assert "in batch 1" in told["problems"][0]["message"]


def test_a_new_edition_takes_the_place_of_a_batch(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    edition = written(tmp_path, GOOD.replace("Khel,2", "Khel,3"), "edition.csv")
    assert run("ingest", edition, "--replaces", "1")[0] == cli.DONE
    assert [record.state for record in Store.open(tmp_path / "store").batches()] == ["superseded", "shown"]
    assert run("ingest", edition, "--replaces", "9")[0] == cli.UNUSABLE


# --- the index ---------------------------------------------------------------------------------------


def test_the_index_is_one_record_a_district_with_everything_that_explains_it(run) -> None:
    code, out, _ = run("access", "--from", "2025-01", "--to", "2025-12")
    printed = json.loads(out)
    assert code == cli.DONE
    assert (printed["variant"], printed["from"], printed["to"]) == ("ACI", "2025-01-01", "2025-12-31")
    assert len(printed["districts"]) == 35
    bannu = next(district for district in printed["districts"] if district["name"] == "Bannu")
    assert (bannu["pcode"], bannu["class"], bannu["agreement_code"]) == ("PK503", "no_go", "firm")
    assert set(bannu["components"]) == set("SKMLC")
    assert bannu["components"]["C"]["score"] is not None
    assert all(gate["is_passed"] for gate in bannu["gates"].values())
    assert bannu["aci_low"] <= bannu["aci"] <= bannu["aci_high"]


def test_the_index_as_csv_holds_the_same_numbers_and_its_own_description(run) -> None:
    arguments = ("access", "--from", "2025-01", "--to", "2025-12", "--source", "register")
    records = {d["pcode"]: d for d in json.loads(run(*arguments)[1])["districts"]}
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv")[1])))
    assert [row["pcode"] for row in rows] == list(records)
    for row in rows:
        assert float(row["aci"]) == records[row["pcode"]]["aci"]
        assert row["class"] == records[row["pcode"]]["class"]
        assert (row["profile"], row["from"], row["settings_hash"]) == (
            "register",
            "2025-01-01",
            rows[0]["settings_hash"],
        )


def test_the_police_index_names_itself_and_has_settings_of_its_own(run) -> None:
    everyone = json.loads(run("access", "--from", "2025-01", "--to", "2025-12")[1])
    police = json.loads(run("access", "--from", "2025-01", "--to", "2025-12", "--police")[1])
    assert police["variant"] == "ACI, police only"
    assert police["settings_hash"] != everyone["settings_hash"]


def test_a_window_before_the_source_is_insufficient_and_not_low(run) -> None:
    code, out, _ = run("access", "--from", "1995-01", "--to", "1995-12", "--source", "register")
    assert code == cli.DONE
    districts = json.loads(out)["districts"]
    assert {d["class"] for d in districts} == {"insufficient"}
    assert all(d["aci"] is None and "covers 0 of the 12 months" in d["reasons"][0] for d in districts)


def test_two_sources_are_refused_until_one_is_chosen(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    run("access", "--from", "2025-01", "--to", "2025-12")
    code, out, err = run("access", "--from", "2024-01", "--to", "2025-12")
    assert code == cli.REFUSED
    assert out == ""
    assert "Choose one of: register, template" in err
    assert run("access", "--from", "2024-01", "--to", "2024-12", "--source", "template")[0] == cli.DONE


def test_two_periods_are_compared_one_line_a_district(run) -> None:
    code, out, _ = run("compare", "2024-01-01:2024-12-31", "2025-01-01:2025-12-31")
    assert code == cli.DONE
    lines = {line["pcode"]: line for line in csv.DictReader(io.StringIO(out))}
    assert len(lines) == 35
    assert (lines["PK503"]["name"], lines["PK503"]["verdict"]) == ("Bannu", "higher")
    assert float(lines["PK503"]["low"]) > 1


def test_periods_recorded_by_different_sources_are_refused_with_the_reason(run) -> None:
    code, out, err = run("compare", "2020-01-01:2020-12-31", "2025-01-01:2025-12-31")
    assert (code, out) == (cli.REFUSED, "")
    assert "recorded differently" in err
    periods = ("2020-01-01:2020-12-31", "2025-01-01:2025-12-31")
    assert run("compare", *periods, "--sources", "register")[0] == cli.DONE


@pytest.mark.parametrize("period", ["2024", "2024-01-01", "2024-12-31:2024-01-01", "2024-01-01:2024-13-01"])
def test_what_is_no_period_is_refused_by_name(run, period: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("compare", period, "2025-01-01:2025-12-31")
    assert ended.value.code == cli.REFUSED
    assert "is not a period such as" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("first", "last"), [("2025-01", "2025-02"), ("2019-01", "2025-12"), ("2025-12", "2025-01")], ids=str
)
def test_a_window_that_is_too_short_too_long_or_backwards_is_refused(run, first: str, last: str) -> None:
    code, out, err = run("access", "--from", first, "--to", last)
    assert code == cli.REFUSED
    assert out == ""
    assert "A window has 3 to 60 months" in err


@pytest.mark.parametrize("month", ["2025", "2025-13", "Jan 2025", "2025-1", "2025-01-05"])
def test_what_is_no_month_is_refused_by_name(run, month: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("access", "--from", month, "--to", "2025-12")
    assert ended.value.code == cli.REFUSED
    assert f"{month!r} is not a month" in capsys.readouterr().err


def test_a_source_that_is_not_loaded_is_refused(run) -> None:
    code, _, err = run("access", "--from", "2025-01", "--to", "2025-12", "--source", "acled")
    assert code == cli.REFUSED
    assert "No incident is selected" in err


def test_the_report_tells_how_names_were_read_and_where_name_and_coordinates_disagree(run, tmp_path: Path) -> None:
    text = (
        "date,district,latitude,longitude\n2024-03-04,Waziristan,,\n2024-03-05,Peshwar,,\n2024-03-06,Bannu,,\n"
        "2024-03-07,Peshawar,32.99,70.60\n2024-03-08,,,70.60\n"
    )
    report_path = tmp_path / "report.json"
    run("ingest", written(tmp_path, text), "--accept-valid", "--report", str(report_path))
    report = json.loads(report_path.read_text("utf-8"))
    told = {one["key"]: (one["taken_for"], one["how"], one["candidates"]) for one in report["place_names"]["names"]}
    assert told["waziristan"] == ("none", "none", ["PK525", "PK530"])
    assert told["peshwar"] == ("PK528", "fuzzy", ["PK528"])
    assert report["place_names"]["total"] == 4
    assert sum(report["place_names"]["rows_by_how"].values()) == report["accepted"] == 4
    assert report["district_disagreements"]["total"] == 1
    assert report["district_disagreements"]["rows"][0]["row"] == 5
    assert report["district_disagreements"]["rows"][0]["located_pcode"] == "PK503"


def test_a_dry_run_of_what_is_stored_says_why_it_would_be_refused(run, tmp_path: Path) -> None:
    file, report_path = written(tmp_path, GOOD), tmp_path / "report.json"
    assert run("ingest", file)[0] == cli.DONE
    code, _, err = run("ingest", file, "--dry-run", "--report", str(report_path))
    assert code == cli.REFUSED
    assert "This file is stored already" in err
    report = json.loads(report_path.read_text("utf-8"))
    assert (report["outcome"], report["problems_total"]) == ("would be refused", 1)
    assert "in batch 1" in run("ingest", written(tmp_path, GOOD.replace("\n", "\r\n"), "again.csv"), "--dry-run")[2]


def test_names_in_urdu_are_written_whatever_the_encoding_of_the_system(tmp_path: Path) -> None:
    file = written(tmp_path, "تاریخ,ضلع,ہلاک\n2024-03-04,بنوں,2\n")
    command = [sys.executable, "-m", "geo", "propose", file, "--store", str(tmp_path / "store")]
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == cli.DONE, done.stderr
    assert "ضلع" in done.stdout.decode("utf-8")


def test_a_file_without_a_valid_row_makes_no_batch(run, tmp_path: Path) -> None:
    file = written(tmp_path, "date,district\n2024-13-05,Tank\n")
    code, _, err = run("ingest", file, "--accept-valid")
    assert code == cli.REFUSED
    assert "row 2" in err
    assert Store.open(tmp_path / "store").batches() == ()


def test_refused_rows_are_not_said_to_be_stored(run, tmp_path: Path) -> None:
    assert run("ingest", written(tmp_path, GOOD))[0] == cli.DONE
    code, _, err = run("ingest", written(tmp_path, ONE_BAD, "again.csv"), "--accept-valid")
    assert code == cli.REFUSED
    assert "Every valid row of this file is stored already, in batch 1" in err


def test_repeated_and_replaced_rows_are_told_with_the_option_that_keeps_them(run, tmp_path: Path) -> None:
    twice = written(tmp_path, GOOD + GOOD.splitlines()[1] + "\n")
    assert "1 row repeats an earlier row of the file" in (err := run("ingest", twice)[2])
    assert "--keep-repeated" in err
    own = "incident_id,date,district,killed_total\nA1,2024-03-04,Bannu,{}\n"
    run("ingest", written(tmp_path, own.format(2), "a.csv"))
    assert "1 row replaces a stored row" in run("ingest", written(tmp_path, own.format(3), "b.csv"))[2]


def test_what_looks_misread_is_told_before_a_file_is_stored(run, tmp_path: Path) -> None:
    file = written(tmp_path, "Date,District,Type,Casualties\n2024-03-04,Bannu,IED blast,2\n")
    err = run("ingest", file, "--dry-run")[2]
    assert "No death toll was read from any row." in err
    assert "0 of 1 row states a target" in err
    assert "match it to the target" in err
    told = run("ingest", written(tmp_path, "Date,District,Type\n2024-03-04,Bannu,Attack on police\n"), "--dry-run")[2]
    assert "states a target" not in told


def test_problems_of_one_kind_are_one_line_with_rows_and_an_example(run, tmp_path: Path) -> None:
    wrong = written(
        tmp_path, GOOD + "".join(f"2024-13-{day:02d},Tank,,1\n" for day in range(1, 9)) + "2024-03-04,,,1\n"
    )
    err = run("ingest", wrong)[2].splitlines()
    assert err[-1] == "9 problems in all; --all-problems prints each."
    (told,) = [line for line in err if "2024-13" in line]
    assert told.startswith("8 times (rows 4, 5, 6, 7, 8, ...). First:")
    assert len([line for line in err if "No place is given" in line]) == 1
    err = run("ingest", wrong, "--all-problems")[2]
    assert len([line for line in err.splitlines() if "2024-13" in line]) == 8


def test_a_total_below_a_column_a_kind_is_one_row_of_the_file(run, tmp_path: Path) -> None:
    content = "District,Year,IED,Ambush\nBannu,2024,3,1\nTank,2024,1,2\nHangu,2024,2,1\nTotal,2024,6,4\n"
    err = run("ingest", written(tmp_path, content))[2]
    [line] = [line for line in err.splitlines() if "sums up others" in line]
    assert line.startswith("1 row ")
    assert line.endswith("row 5.")


WITH_TOTAL = "S.No,Date,District,Killed\n1,2024-03-04,Bannu,2\n2,2024-03-05,Tank,1\n"


@pytest.mark.parametrize("last", ["Total,,,3", ",,Grand Total,3", ",مجموعہ,,3", "Sub-total,,,3"])
def test_a_file_whose_only_refused_rows_are_sums_is_stored_and_the_sums_are_named(run, tmp_path: Path, last) -> None:
    code, out, err = run("ingest", written(tmp_path, f"{WITH_TOTAL}{last}\nSource: PIPS\n"))
    assert code == cli.DONE
    assert "2 accepted" in out
    assert "1 row sums up others" in err
    assert "Source: PIPS" in err


def test_a_sum_does_not_carry_another_refused_row_into_the_store(run, tmp_path: Path) -> None:
    code, _, err = run("ingest", written(tmp_path, f"{WITH_TOTAL}3,2024-13-05,Tank,1\nTotal,,,3\n"))
    assert (code, Store.open(tmp_path / "store").batches()) == (cli.REFUSED, ())
    assert "row 4" in err


def test_places_that_are_not_located_are_named_with_their_rows(run, tmp_path: Path) -> None:
    rows = "".join(f"2024-03-{day:02},Nowhere {chr(65 + day % 12)}\n" for day in range(1, 15))
    code, _, err = run("ingest", written(tmp_path, f"date,district\n2024-03-01,Bannu\n{rows}"))
    assert code == cli.DONE
    assert "“Nowhere B” (2)" in err
    assert "and 2 more" in err


def test_few_places_that_are_not_located_are_all_named(run, tmp_path: Path) -> None:
    text = "date,district\n2024-03-01,Bannu\n2024-03-02,Qxland\n2024-03-03,\n"
    _, _, err = run("ingest", written(tmp_path, text), "--accept-valid")
    assert "“Qxland” (1)" in err
    assert "more" not in err.split("Qxland")[1].splitlines()[0]


def test_rows_that_are_left_out_of_an_accepted_file_are_named_with_their_reason(run, tmp_path):
    text = (
        "ID,Date,District,Killed\nA1,2024-01-12,Bannu,2\nA1,2024-01-12,Tank,1\nA1,2024-01-13,Tank,4\nA2,soon,Tank,1\n"
    )
    for more in (["--dry-run"], []):
        code, out, err = run("ingest", written(tmp_path, text), "--accept-valid", *more)
        assert (code, "1 accepted, 3 refused" in out) == (0, True)
        assert "3 rows of the file are refused and not stored" in err
        assert "2 times (rows 3, 4)" in err
        assert "other values in District, Killed" in err
        assert "'soon'" in err
