"""A PDF proves itself: drawn again from what it carries it is the same in every byte, or it is said what differs."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from geo.cli import main
from geo.export.view_settings import ViewSettings, to_toml
from geo.figure import proof
from geo.figure.attachments import attached
from geo.figure.brief import Cell
from geo.figure.brief import draw as draw_brief
from geo.figure.figure import draw
from geo.figure.sheet import DATA, FIGURE, SETTINGS, from_files
from geo.filters import Filters
from geo.problems import RejectedUpload
from geo.views.sheets.briefs import brief
from tests.figure.toy_view import drawn, sheet

PDF = draw(sheet(), "pdf")


def found_in(pdf: bytes) -> list[str]:
    """Return what is found wrong with a file, [] if it is the same."""
    try:
        return [difference.template for difference in proof.check(pdf).differences]
    except RejectedUpload as refused:
        return [str(problem.message) for problem in refused.problems]


def with_attachment(name: str, content: bytes) -> bytes:
    """Return the PDF with another file in the place of one that it carries."""
    with pikepdf.open(io.BytesIO(PDF)) as pdf:
        pdf.attachments[name].obj.EF.F.write(content)
        buffer = io.BytesIO()
        pdf.save(buffer)
    return buffer.getvalue()


def test_an_unchanged_file_is_the_same() -> None:
    checked = proof.check(PDF)
    assert checked.is_same
    assert checked.sheet == sheet()


@pytest.mark.parametrize("place", [*range(0, len(PDF), len(PDF) // 60), len(PDF) - 1])
def test_a_changed_byte_is_found_wherever_it_is(place: int) -> None:
    changed = bytearray(PDF)
    changed[place] ^= 1
    assert found_in(bytes(changed))


@pytest.mark.parametrize("pdf", [PDF[:-1], PDF + b"\n", PDF + b"%", PDF[: len(PDF) // 2], PDF[1:]])
def test_a_longer_or_shorter_file_is_found(pdf: bytes) -> None:
    assert found_in(pdf)


def test_changed_data_are_named() -> None:
    data = attached(PDF)[DATA].replace("Bannu", "Banu", 1)
    assert "Data: data.csv was changed after the file was made." in found_in(with_attachment(DATA, data.encode()))


def test_changed_settings_are_named() -> None:
    wrong = found_in(with_attachment(SETTINGS, b"format = 1\n"))
    assert "Settings: settings.toml was changed after the file was made." in wrong


def test_data_changed_together_with_their_digest_still_differ() -> None:
    files = attached(PDF)
    forged = replace(from_files(files), rows=(*from_files(files).rows[:-1], from_files(files).rows[0]))
    pdf = with_attachment(DATA, forged.files()[DATA].encode())
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.attachments[FIGURE].obj.EF.F.write(forged.files()[FIGURE].encode())
        buffer = io.BytesIO()
        opened.save(buffer)
    assert found_in(buffer.getvalue())


def test_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    made = sheet()
    older = draw(replace(made, made_by={**made.made_by, "atlas": "0.0.1"}), "pdf")
    assert proof.check(older).is_same, "the drawing is the same whatever version it names"
    # Drawn by a version that drew a little otherwise.
    other = draw(replace(made, made_by={**made.made_by, "atlas": "0.0.1"}, notes=("x",)), "pdf")
    monkeypatch.setattr(proof, "draw", lambda *_: draw(made, "pdf"))
    wrong = proof.check(other).differences
    assert "0.0.1" in str(wrong[0])


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"not a pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Names 1 0 R>>endobj\ntrailer<</Root 1 0 R>>"],
)
def test_a_file_that_carries_no_figure_is_refused(content: bytes) -> None:
    with pytest.raises(RejectedUpload):
        proof.check(content)


@pytest.mark.parametrize(
    "record", [b"", b"[]", b"{}", b'{"form": "districts"}', b"\xff", b'{"form": ["time"]}', b"1e999"]
)
def test_a_damaged_record_is_refused(record: bytes) -> None:
    with pytest.raises(RejectedUpload):
        proof.check(with_attachment(FIGURE, record))


@pytest.mark.parametrize("field", ["title", "lines", "keys", "facts", "rows", "chosen", "words", "made_by", "axis"])
@pytest.mark.parametrize("value", [None, 5, ["a", ["b"]], {"a": 1}, "x"])
def test_a_record_with_values_of_other_kinds_ends_in_words(field: str, value: object) -> None:
    record = json.loads(attached(PDF)[FIGURE]) | {field: value}
    assert found_in(with_attachment(FIGURE, json.dumps(record).encode()))


# --- against another drawing of the view ------------------------------------------------------------------


def test_equal_values_are_the_same() -> None:
    assert proof.compared(sheet(), sheet()) == ()


def test_other_values_and_versions_are_told() -> None:
    other = sheet(filters=Filters(targets=("police",)))
    newer = replace(other, made_by={**other.made_by, "data": "ffffffffffff"})
    said = " ".join(str(difference) for difference in proof.compared(sheet(), newer))
    assert "Data version: 0123456789ab in the file, ffffffffffff in the store" in said
    assert re.search(r"Values: [1-9]\d* rows of the data", said)


def test_each_difference_begins_with_what_differs() -> None:
    assert [one.split(":")[0] for one in found_in(PDF + b"%")] == ["Bytes"]
    own = sheet()
    later = replace(own, settings=own.settings.replace("[data]", "[data]\nshown_until = 2026-10-30"))
    (said,) = map(str, proof.compared(own, later))
    assert said == "Settings: the store draws with shown_until = 2026-10-30, which is not in the file."
    (said,) = map(str, proof.compared(later, own))
    assert said == "Settings: the file has shown_until = 2026-10-30, with which the store does not draw."
    (said,) = map(str, proof.compared(own, replace(own, title="Another")))
    assert said.startswith("Words: ")


# --- the command ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


def settings_file(folder: Path, **options: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(to_toml(ViewSettings(options=options)), "utf-8")
    return path


def test_the_command_draws_from_settings_and_checks(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = settings_file(tmp_path, measure="killed"), tmp_path / "map.pdf"
    assert main(["figure", str(given), "--out", str(out), "--store", str(store)]) == 0
    assert main(["figure", str(out), "--store", str(store)]) == 0
    said = capsys.readouterr().out
    assert "the same in every byte" in said
    assert "the store gives the same values" in said
    changed = bytearray(out.read_bytes())
    changed[len(changed) // 2] ^= 4
    out.write_bytes(changed)
    assert main(["figure", str(out), "--store", str(store)]) == 2


def test_the_command_says_first_that_and_then_what_differs(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = settings_file(tmp_path, measure="killed"), tmp_path / "map.pdf"
    assert main(["figure", str(given), "--out", str(out), "--store", str(store)]) == 0
    out.write_bytes(out.read_bytes() + b"%")
    capsys.readouterr()
    assert main(["figure", str(out), "--store", str(store)]) == 2
    verdict, reason, of_store = capsys.readouterr().out.splitlines()
    assert verdict.startswith("Differs: ")
    assert reason.startswith("- Bytes: ")
    assert of_store == "Same: the store gives the same values."


def test_the_command_refuses_other_files(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = settings_file(tmp_path, figure="clock")
    for arguments in ([str(given)], [str(given), "--out", "x.gif"], [str(given), "--out", str(tmp_path / "x.png")]):
        assert main(["figure", *arguments, "--store", str(store)]) == 2
    assert not (tmp_path / "x.png").exists()
    assert "There is no such figure" in capsys.readouterr().err


# --- briefs ---------------------------------------------------------------------------------------------

BRIEF_PDF = draw_brief(brief(drawn(), "PK503"))


def test_a_brief_proves_itself_and_carries_everything_it_says() -> None:
    checked = proof.check(BRIEF_PDF)
    assert checked.is_same
    assert checked.brief == brief(drawn(), "PK503")
    assert checked.sheet == checked.brief.main_map
    assert proof.compared_briefs(checked.brief, brief(drawn(), "PK503")) == ()
    assert proof.check(draw_brief(brief(drawn(), ""))).is_same


@pytest.mark.parametrize("place", [*range(0, len(BRIEF_PDF), len(BRIEF_PDF) // 8), len(BRIEF_PDF) - 1])
def test_a_changed_byte_of_a_brief_is_found(place: int) -> None:
    changed = bytearray(BRIEF_PDF)
    changed[place] ^= 1
    assert found_in(bytes(changed))


def test_a_brief_of_other_data_says_which_parts_are_others() -> None:
    own, other = brief(drawn(), "PK503"), brief(drawn(filters=Filters(fatal_only=True)), "PK503")
    said = " ".join(str(difference) for difference in proof.compared_briefs(own, other))
    assert "rows of the data are in only one of the two" in said
    assert "Part of the brief that differs: " in said
    assert "the answer" in said
    assert "Settings: the store draws with fatal = true" in said


def test_a_monthly_report_of_an_earlier_version_says_that_it_is_one() -> None:
    """Those of this version name their month in the settings: tests/test_cli_report.py."""
    own = brief(drawn(), "")
    said = ("What changed since the last edition", (Cell("Nothing."),))
    made = replace(own, title=f"{own.title}, April 2026", timeline=sheet("trends"), evidence=(said, *own.evidence))
    assert proof.check(draw_brief(made)).is_same
    (found,) = map(str, proof.compared_briefs(made, own))
    assert found.startswith("Monthly report: ")
    other = replace(made, answer=("Other.",))
    assert [str(one).split(":")[0] for one in proof.compared_briefs(other, own)] == [
        "Monthly report",
        "Part of the brief that differs",
    ]


def test_a_brief_of_a_record_that_is_none_is_refused() -> None:
    with pikepdf.open(io.BytesIO(BRIEF_PDF)) as pdf:
        pdf.attachments["brief.json"].obj.EF.F.write(b"[]")
        buffer = io.BytesIO()
        pdf.save(buffer)
    assert found_in(buffer.getvalue()) == ["What the PDF carries is damaged."]
