"""Run the tests that show the reliability cases, record what they said, and write docs/reliability.md."""

from __future__ import annotations

import sys

import pytest

from tests.reliability import document, marks, results

WRITE_ONLY = "--write-only"


def main(arguments: list[str]) -> int:
    """Run and write; arguments are passed to pytest, except --write-only, which runs nothing."""
    tests, code = marks.marked_tests(), 0
    recorder = results.Recorder()
    if WRITE_ONLY not in arguments:
        files = sorted({str(marks.TESTS / test.file) for test in tests})
        # Those in a browser come last: Playwright's loop of events does not live with those of other tests.
        for kind in ("case and not browser", "case and browser"):
            code = int(pytest.main(["-m", kind, "-q", *arguments, *files], plugins=[recorder])) or code
        tests = marks.marked_tests()  # a long run may outlast a change of marks
    results.keep(recorder.results, {document.key(test) for test in tests})
    document.DOCUMENT.write_text(document.document(tests, results.read()), "utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
