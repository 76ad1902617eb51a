"""The command line answers what a file leaves open, names the option that does, and records what it was told."""

from __future__ import annotations

import io
import json
import tomllib
from pathlib import Path

import openpyxl
import pytest

from geo import cli
from geo.cli.answers import ANSWERS
from geo.ingest import questions
from geo.ingest.mapping.mappings import from_toml
from geo.store import Store

OPEN_DATES = "date,district,place,killed_total\n03/04/2024,Bannu,Jani Khel,2\n05/04/2024,Tank,,1\n"
COMMAS = 'date,district,latitude,longitude\n2024-03-04,Bannu,"32,990","70,600"\n'
SWAPPED = "date,district,latitude,longitude\n2024-03-04,Bannu,70.60,32.99\n2024-03-05,Bannu,32.98,70.61\n"
OUTSIDE = "date,district,latitude,longitude\n2024-03-04,Bannu,32.99,70.60\n2024-03-05,,51.50,0.10\n"
OWN = "Serial,Seen on,Distt,Kind\n7,2024-03-04,Bannu,bomb blast\n8,2024-03-05,Tank,strange word\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command on a store of its own; return exit code, output and errors."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main([*arguments, "--store", str(tmp_path / "store")])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


@pytest.fixture
def rows(tmp_path: Path):
    """Return the rows of the newest batch."""

    def read() -> list[dict[str, object]]:
        store = Store.open(tmp_path / "store")
        return store.read(store.batches()[-1].batch_id).to_pylist()

    return read


def written(tmp_path: Path, content: str | bytes, name: str = "incidents.csv") -> str:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def two_sheets() -> bytes:
    book = openpyxl.Workbook()
    for sheet, district in ((book.active, "Bannu"), (book.create_sheet("Second"), "Swat")):
        sheet.append(["date", "district"])
        sheet.append(["2024-04-01", district])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


CASES = {
    "date order": (OPEN_DATES, "--date-order DMY", "date_start", "2024-04-03"),
    "the other date order": (OPEN_DATES, "--date-order MDY", "date_start", "2024-03-04"),
    "year": ("date,district,place\n4 March,Bannu,x\n", "--date-year 2021", "date_start", "2021-03-04"),
    "decimal mark": (COMMAS, "--decimal-mark ,", "lat", "32.99"),
    "encoding": ("date,district,place\n2024-03-04,Bannu,Jañi\n".encode("cp1252"), "--encoding cp1252", "place", "Jañi"),
    "swapped axes": (SWAPPED, "--swap-axes", "lat", "32.99"),
    "sheet": (two_sheets(), "--sheet Second", "district_reported", "Swat"),
    "blank cells": (
        "date,district\n2024-03-04,Bannu\n,Tank\n,Karak\n",
        "--blank-cells above",
        "date_start",
        "2024-03-04",
    ),
    "persons": (
        "date,district,name,age\n2024-03-04,Bannu,x,3\n2024-03-04,Bannu,y,4\n",
        "--counted people",
        "killed_best",
        "2",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_refused_for_want_of_an_answer_names_the_option_that_makes_it_a_batch(run, rows, tmp_path, case):
    content, option, column, value = CASES[case]
    file = written(tmp_path, content)
    code, _, err = run("ingest", file)
    assert code == cli.REFUSED
    assert option.replace("2021", "YEAR") in err
    assert Store.open(tmp_path / "store").batches() == ()
    assert run("ingest", file, *option.split(" "))[0] == cli.DONE
    assert str(rows()[0][column]) == value


def test_a_dry_run_that_would_be_refused_names_problem_and_option(run, tmp_path):
    code, _, err = run("ingest", written(tmp_path, SWAPPED), "--dry-run")
    assert code == cli.REFUSED
    assert "row 2" in err
    assert "Answer with --swap-axes." in err


def test_rows_outside_are_kept_or_refused_as_told(run, tmp_path):
    file = written(tmp_path, OUTSIDE)
    assert "2 accepted, 0 refused" in run("ingest", file, "--dry-run")[1]
    code, out, _ = run("ingest", file, "--dry-run", "--refuse-outside")
    assert (code, "1 accepted, 1 refused" in out) == (cli.REFUSED, True)


def test_the_row_of_the_names_is_used_as_told(run, rows, tmp_path):
    file = written(tmp_path, "a,b\ndate,district\n2024-03-04,Bannu\n")
    assert "1 accepted" in run("ingest", file, "--header-row", "2")[1]
    with pytest.raises(SystemExit):
        run("ingest", file, "--header-row", "0")


def test_a_row_that_cannot_hold_the_names_is_told_and_no_mapping_is_asked_for(run, tmp_path):
    code, _, err = run("ingest", written(tmp_path, OPEN_DATES), "--header-row", "99")
    assert (code, "row 99" in err, "Choose another row." in err, "--mapping" in err) == (cli.REFUSED, True, True, False)


def test_a_row_of_cells_taken_for_the_names_may_be_the_wrong_row(run, tmp_path):
    code, _, err = run("ingest", written(tmp_path, OPEN_DATES), "--header-row", "2")
    assert (code, "If row 2 does not hold the column names, choose another row." in err) == (cli.REFUSED, True)


def test_the_report_holds_the_questions_and_the_answers_used(run, tmp_path):
    file, report = written(tmp_path, OPEN_DATES), tmp_path / "report.json"
    run("ingest", file, "--report", str(report))
    refused = json.loads(report.read_text("utf-8"))
    assert refused["answers"] == {}
    assert list(refused["questions"][0]["answers"]) == ["--date-order DMY", "--date-order MDY", "--date-order YMD"]
    run("ingest", file, "--date-order", "DMY", "--refuse-outside", "--report", str(report))
    accepted = json.loads(report.read_text("utf-8"))
    assert accepted["answers"] == {"date_order": "DMY", "keep_outside": False}
    (still_open,) = accepted["questions"]
    assert (next(iter(still_open["answers"])), still_open["proposed"]) == (
        "--initiator militant",
        "--initiator unknown",
    )
    run("ingest", file, "--date-order", "DMY", "--initiator", "unknown", "--report", str(report))
    assert json.loads(report.read_text("utf-8"))["questions"] == []


def test_a_table_that_does_not_say_who_began_is_accepted_and_asked_about(run, rows, tmp_path):
    file = written(tmp_path, "date,district\n2024-03-04,Bannu\n")
    code, _, err = run("ingest", file, "--dry-run")
    assert (code, "Who began the incidents of this table?" in err) == (cli.DONE, True)
    assert run("ingest", file, "--initiator", "state")[0] == cli.DONE
    assert [row["initiator"] for row in rows()] == ["state"]


def test_the_answer_that_fits_the_file_is_proposed_with_what_follows(run, tmp_path):
    report = tmp_path / "report.json"
    run("ingest", written(tmp_path, OPEN_DATES), "--report", str(report))
    assert json.loads(report.read_text("utf-8"))["questions"][0]["proposed"] == "--date-order DMY"
    _, _, err = run("ingest", written(tmp_path, OPEN_DATES))
    assert "Proposed: --date-order DMY." in err
    assert "day first: 2 rows are read so" in err
    _, _, err = run("ingest", written(tmp_path, "date,district\n4 March,Bannu\n", "incidents 2021.csv"))
    assert "Proposed: --date-year 2021." in err
    with pytest.raises(SystemExit):
        run("ingest", str(report), "--date-year", "24")


def test_every_question_of_a_reader_has_an_option():
    every = (*questions._FILE_QUESTIONS.values(), *questions._NOTE_QUESTIONS.values(), questions._SWAP)
    asked = {question.option for question in every}
    assert asked <= set(ANSWERS)


def test_a_bulk_load_names_only_options_that_it_has(run, tmp_path):
    folder = str(tmp_path / "out")
    code, _, err = run("bulk", written(tmp_path, OPEN_DATES), "--out", folder)
    assert (code, "--date-order DMY" in err) == (cli.REFUSED, True)
    code, _, err = run("bulk", written(tmp_path, OWN, "own.csv"), "--out", folder)
    assert (code, "--mapping" in err) == (cli.REFUSED, False)


def test_an_unknown_table_is_proposed_checked_read_and_its_mapping_kept(run, rows, tmp_path):
    file, mapping = written(tmp_path, OWN), tmp_path / "own.toml"
    code, _, err = run("ingest", file)
    assert code == cli.REFUSED
    assert "python -m geo propose" in err
    assert "--mapping FILE.toml|NAME" in err
    code, _, err = run("propose", file, "--out", str(mapping))
    assert code == cli.DONE
    assert "1 word to decide" in err
    text = mapping.read_text("utf-8")
    assert '# "strange word" = "" # 1 row' in text
    assert '"bomb blast" = "ied" # alias, 1 row' in text
    report = tmp_path / "report.json"
    assert run("ingest", file, "--mapping", str(mapping), "--dry-run", "--report", str(report))[0] == cli.DONE
    assert any("as written: “strange word” (1)" in note for note in json.loads(report.read_text("utf-8"))["notes"])
    mapping.write_text(text.replace('# "strange word" = ""', '"strange word" = "arson_sabotage"'), "utf-8")
    assert run("ingest", file, "--mapping", str(mapping), "--save-mapping", "own")[0] == cli.DONE
    assert [row["attack_type"] for row in rows()] == ["ied", "arson_sabotage"]
    assert run("mappings")[1].startswith("own\t")
    kept = from_toml(run("mappings", "--export", "own")[1])
    assert kept.values["attack_type"]["strange word"] == "arson_sabotage"
    later = written(tmp_path, OWN.replace("2024", "2023"), "later.csv")
    assert run("ingest", later, "--mapping", "own")[0] == cli.DONE


def test_a_proposal_is_a_mapping_whatever_the_cells_hold(run, tmp_path):
    text = 'Serial,Seen on,Distt,"Kind"\n1,2024-03-04,Bannu,"a""\n[columns]\nx # \\ = \u2028"\n'
    told = run("propose", written(tmp_path, text, "a\\b.csv"))[1]
    assert set(tomllib.loads(told)["columns"]) == {"date", "district", "attack_type"} & set(from_toml(told).columns)


def test_a_column_that_looks_like_a_field_and_is_none_is_named_with_the_reason(run, tmp_path):
    text = "S.No,Seen on,Distt,Casualties\n1,2024-03-04,Bannu,5\n2,2024-03-05,Tank,2\n"
    _, out, err = run("propose", written(tmp_path, text))
    for told in (out, err):
        assert '"Casualties" is not assigned: it counts deaths and injuries together' in told
        assert '"S.No" is not assigned: it numbers the rows of this file' in told
    assert not {"S.No", "Casualties"} & set(from_toml(out).columns.values())


def test_a_proposal_never_writes_over_a_file(run, tmp_path):
    file, mapping = written(tmp_path, OWN), tmp_path / "own.toml"
    mapping.write_text("my own work", "utf-8")
    code, _, err = run("propose", file, "--out", str(mapping))
    assert (code, "cannot be written" in err) == (cli.UNUSABLE, True)
    assert mapping.read_text("utf-8") == "my own work"


def test_a_proposal_without_date_or_place_says_so(run, tmp_path):
    _, out, err = run("propose", written(tmp_path, "Alpha,Beta\nx,y\n"))
    assert tomllib.loads(out)["columns"] == {}
    assert "No column is assigned to the date" in err
    assert "No column is assigned to the place" in err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.toml", None, "cannot be read"),
        ("bytes.toml", b"\xff\xfe\xff", "not UTF-8"),
        ("broken.toml", b"not toml", "not a mapping"),
        ("order.toml", b"date_order = 'YDM'\n[columns]\ndate = 'Seen on'\nplace = 'Distt'\n", "no such answer"),
        ("a name", None, "No mapping of this name is kept"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_by_name(run, tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    told = str(tmp_path / name) if name.endswith(".toml") else name
    code, _, err = run("ingest", written(tmp_path, OWN), "--mapping", told)
    assert (code, said in err, name in err) == (cli.REFUSED, True, True)


def test_a_mapping_is_kept_only_if_there_is_one(run, tmp_path):
    code, _, err = run("ingest", written(tmp_path, OPEN_DATES), "--save-mapping", "x")
    assert (code, "--save-mapping needs --mapping" in err) == (cli.REFUSED, True)


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "x.toml"])
def test_what_cannot_name_a_mapping_is_refused(run, tmp_path, name):
    with pytest.raises(SystemExit) as ended:
        run("ingest", written(tmp_path, OWN), "--mapping", "own", "--save-mapping", name)
    assert ended.value.code == cli.REFUSED


def test_a_file_that_is_not_there_is_named(run, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        run("ingest", str(tmp_path / "nothing.csv"))
    assert ended.value.code == cli.REFUSED
    assert "nothing.csv' cannot be read" in capsys.readouterr().err


def test_each_sheet_of_a_stored_workbook_is_a_batch_of_its_own_and_no_sheet_is_stored_twice(run, rows, tmp_path):
    file = written(tmp_path, two_sheets())
    for sheet, district in (("Sheet", "Bannu"), ("Second", "Swat")):
        assert run("ingest", file, "--sheet", sheet)[0] == cli.DONE
        assert [row["district_reported"] for row in rows()] == [district]
    code, _, err = run("ingest", file, "--sheet", "Second")
    assert (code, "It is batch 2" in err) == (cli.REFUSED, True)


def test_the_name_of_a_sheet_is_quoted_as_the_shell_needs_it(run, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(two_sheets()))
    book["Second"].title = "Feb 2024"
    content = io.BytesIO()
    book.save(content)
    assert "--sheet 'Feb 2024'" in run("ingest", written(tmp_path, content.getvalue()))[2]


def test_every_open_question_is_asked_at_once_and_the_proposed_answers_read_the_file(run, rows, tmp_path):
    book = openpyxl.Workbook()
    for sheet, year in ((book.active, 2023), (book.create_sheet("of 2024"), 2024)):
        for row in (["Date", "District"], [f"03/04/{year}", "Bannu"], ["", "Tank"], [f"05/06/{year}", "Karak"]):
            sheet.append(row)
    book["of 2024"].append(["05/07/2024", "Swat"])
    content = io.BytesIO()
    book.save(content)
    file, report = written(tmp_path, content.getvalue(), "two.xlsx"), tmp_path / "report.json"
    code, _, err = run("ingest", file, "--report", str(report))
    assert code == cli.REFUSED
    proposed = ["--sheet", "of 2024", "--date-order", "DMY", "--blank-cells", "above", "--initiator", "unknown"]
    assert "--sheet 'of 2024' --date-order DMY --blank-cells above --initiator unknown" in err
    assert "“03/04/2024” is 3 April" in err
    assert [one["proposed"].split(" ")[0] for one in json.loads(report.read_text("utf-8"))["questions"]] == proposed[
        ::2
    ]
    assert run("ingest", file, *proposed)[0] == cli.DONE
    assert [str(row["date_start"]) for row in rows()] == ["2024-04-03", "2024-04-03", "2024-06-05", "2024-07-05"]


def test_an_answer_given_is_not_asked_again_beside_another_question(run, tmp_path):
    table = 'date,district,latitude,longitude\n03/04/2024,Bannu,"32,990","70,600"\n'
    _, _, err = run("ingest", written(tmp_path, table), "--date-order", "DMY")
    assert "--decimal-mark" in err
    assert "--date-order" not in err


def test_days_that_a_spreadsheet_program_may_have_exchanged_are_told(run, tmp_path):
    days = ["5/8/05", "12/3/07", "13/03/2011", "24/04/2010"]
    lines = [f"{day},Bannu,{n}" for n, day in enumerate(days)]
    told = run("ingest", written(tmp_path, "\n".join(["Date,District,Killed", *lines])))
    assert "may have exchanged day and month" in " ".join(map(str, told))
