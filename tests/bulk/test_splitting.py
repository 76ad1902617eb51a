"""A text is cut at record ends only, whatever stands inside quotation marks, and records keep their numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.bulk.splitting import Cut, cuts, record_ends, scan_block

CELL = st.text(st.sampled_from('a,"\n\r é;'), max_size=6).map(lambda text: text.replace("\r", "\r\n"))
RECORDS = st.lists(st.lists(CELL, min_size=2, max_size=3), min_size=1, max_size=12)


def written(records: list[list[str]], line_end: str = "\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=line_end).writerows(records)
    return out.getvalue().encode()


def cut(path: Path, size: int, first_row: int = 1, start: int = 0) -> list[Cut] | None:
    length = path.stat().st_size
    edges = [(at, min(at + size, length)) for at in range(start, length, size)]
    return cuts([scan_block(str(path), *edge, start) for edge in edges], first_row)


@settings(max_examples=200, deadline=None)
@given(RECORDS, st.integers(1, 40), st.sampled_from(["\n", "\r\n"]))
def test_pieces_hold_every_record_once_under_its_number(
    tmp_path_factory: pytest.TempPathFactory, records: list[list[str]], size: int, line_end: str
) -> None:
    path = tmp_path_factory.mktemp("cut") / "table.csv"
    data = written(records, line_end)
    path.write_bytes(data)
    found = cut(path, size)
    assert found is not None
    assert b"".join(data[piece.start : piece.end] for piece in found) == data
    n_before = 0
    for piece in found:
        assert piece.first_row == n_before + 1
        text = data[piece.start : piece.end].decode()
        here = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert here == list(csv.reader(io.StringIO(data.decode(), newline="")))[n_before : n_before + len(here)]
        n_before += len(here)


def test_a_small_table_is_cut_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b'id,x\n1,a\n2,"b\nb"\n3,c')
    assert cut(path, 6, first_row=2, start=5) == [Cut(5, 17, 2), Cut(17, 20, 4)]
    assert cut(path, 100, first_row=2, start=5) == [Cut(5, 20, 2)]


@pytest.mark.parametrize(
    "data",
    [
        b'1,a\n2,5" pipe\n3,c\n',  # a mark in the middle of a cell
        b'1,a\n2,"b" c\n3,c\n',  # text behind a closing mark
        b'1,a\n2,"b\n3,c\n',  # a mark that is never closed
        b"1,a\r2,b\r3,c\r",  # lines that end in CR alone
    ],
)
@pytest.mark.parametrize("size", [1, 5, 100])
def test_a_text_without_rule_is_not_cut(tmp_path: Path, data: bytes, size: int) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    assert cut(path, size) is None


def test_record_ends_are_those_outside_quotation_marks() -> None:
    assert record_ends(b'a,b\n"c\nd",e\nf', 0) == [4, 12]
    assert record_ends(b"a,b\n1,2\n", 4) == [8]
