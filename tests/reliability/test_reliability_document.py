"""Every reliability case has a test, and docs/reliability.md says which and what it said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability import document, marks, results
from tests.reliability.marks import MarkedTest
from tests.reliability.results import Recorder, Result

N_CASES = 66


def test_every_case_has_a_test_that_is_not_always_skipped() -> None:
    shown = {number for test in marks.marked_tests() if not test.is_always_skipped for number in test.numbers}
    assert shown == set(range(1, N_CASES + 1))


def test_every_case_is_told_once_and_belongs_to_a_group_and_promises_name_cases() -> None:
    told = document.cases()
    assert [case["number"] for case in told["case"]] == list(range(1, N_CASES + 1))
    assert told["group"][0]["first"] == 1
    assert {number for promise in told["promise"] for number in promise["cases"]} <= set(range(1, N_CASES + 1))


def test_the_document_is_that_of_the_marks_and_of_the_last_recorded_run() -> None:
    """Run `python -m tests.reliability --write-only` after a change of marks; without it to record results."""
    assert document.DOCUMENT.read_text("utf-8") == document.document(marks.marked_tests(), results.read())


def test_every_marked_test_was_run_and_none_failed() -> None:
    held = results.read()
    names = [document.key(test) for test in marks.marked_tests()]
    assert len(names) == len(set(names)), "two marked tests of one name"
    assert set(names) == set(held), "run `python -m tests.reliability -k NAME`"
    assert [name for name, result in held.items() if result.failed] == []


def test_every_case_has_a_test_that_passed() -> None:
    held = results.read()
    passed = {n for test in marks.marked_tests() if held[document.key(test)].passed for n in test.numbers}
    assert passed == set(range(1, N_CASES + 1))


def test_marks_are_read_from_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "@pytest.mark.case(3, 5)\n@pytest.mark.skip(reason='x')\ndef test_one(): ...\ndef test_two(): ...\n"
    (tmp_path / "test_some.py").write_text(source)
    monkeypatch.setattr(marks, "TESTS", tmp_path)
    assert marks.marked_tests() == [MarkedTest("test_some.py", "test_one", (3, 5), True)]


def test_results_of_a_run_are_counted_by_test(pytester_run: Recorder) -> None:
    assert pytester_run.results == {
        "test_some.py::test_one": Result(1, 1, 0, [], {"kills": 7}),
        "test_some.py::test_two": Result(0, 0, 1, ["no disk"], {}),
    }


@pytest.fixture
def pytester_run(tmp_path: Path) -> Recorder:
    """Return what is recorded of a run of three tests, one without a mark."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = case: numbers\n")
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "@pytest.mark.case(1)\n@pytest.mark.parametrize('n', [1, 2])\n"
        "def test_one(n, request):\n    request.node.user_properties.append(('kills', 7))\n    assert n == 1\n"
        "@pytest.mark.case(2)\ndef test_two():\n    pytest.skip('no disk')\n"
        "def test_three(): ...\n"
    )
    recorder = Recorder()
    pytest.main(["-q", "-p", "no:cacheprovider", "-c", str(tmp_path / "pytest.ini"), str(tmp_path)], plugins=[recorder])
    return recorder
