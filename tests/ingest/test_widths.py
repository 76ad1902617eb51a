"""The width of a table is checked before its names are looked at; problems are capped where they arise."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.ingest.containers.column_names import column_names
from geo.ingest.refusals import Refusals
from geo.ingest.tables import CellError, MalformedRow, TextTable
from geo.problems import ProblemCode, RejectedUpload

Refusal = Callable[..., RejectedUpload]
N = 500_000
# Each of these took 24 s or more; the machines of the checks are slow.
MOST_S = 8.0


@pytest.mark.case(2)
@pytest.mark.parametrize(
    "content",
    [
        "a," * N,
        "a," * N + "\n" + "1," * N + "\n",
        ",".join(f"n{k}" for k in range(N // 5)) + "\n",
        "date,district" + ",a" * N + "\n2024-01-01,Bannu\n",
        "date,district" + "," * 300 + "\n" + ("2024-01-01,Bannu" + ",x" * 300 + "\n") * 5,
        "Title\n\n" + "a," * N + "\n" + "1," * N + "\n",
        '"a";' * N + "\n",
    ],
    ids=["names alone", "names and cells", "different names", "known names", "cells without a name", "title", "quoted"],
)
def test_a_table_that_is_too_wide_is_refused_at_once(content: str, refusal: Refusal) -> None:
    start = time.perf_counter()
    refused = refusal(content)
    assert time.perf_counter() - start < MOST_S
    assert [problem.code for problem in refused.problems] == [ProblemCode.TOO_MANY_COLUMNS]


def test_separators_behind_the_last_name_are_no_columns(read: Any) -> None:
    result = read("date,district" + "," * 1000 + "\n" + ("2024-01-01,Bannu" + "," * 1000 + "\n") * 3)
    assert (result.n_accepted, result.n_refused) == (3, 0)


@pytest.mark.case(2)
def test_one_long_row_costs_only_itself(read: Any) -> None:
    start = time.perf_counter()
    result = read("date,district\n2024-01-01,Bannu\n2024-01-02,Bannu" + ",x" * N + "\n2024-01-03,Bannu\n")
    assert time.perf_counter() - start < MOST_S
    assert (result.n_accepted, result.n_refused) == (2, 1)


def test_many_columns_of_one_name_get_their_names_in_linear_time() -> None:
    start = time.perf_counter()
    names = column_names(["a"] * 50_000)
    assert time.perf_counter() - start < MOST_S
    assert names[:3] == ("a", "a (2)", "a (3)")
    assert len(set(names)) == 50_000


def parquet(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table, content)
    return content.getvalue()


def test_columns_of_nulls_are_read_as_blank_without_looking_at_each_cell(read: Any) -> None:
    n = 300_000
    nulls = {
        f"c{k}": pa.nulls(n, kind) for k, kind in enumerate([pa.null(), pa.float64(), pa.int64(), pa.date32()] * 8)
    }
    given = {"date": ["2024-01-01"] * n, "district": ["Bannu"] * n}
    start = time.perf_counter()
    result = read(parquet(pa.table(given | nulls)), "a.parquet")
    assert time.perf_counter() - start < 2 * MOST_S
    assert result.n_accepted == n


def test_rows_without_any_cell_are_ignored_as_in_every_other_file(read: Any, refusal: Refusal) -> None:
    days, districts = ["2024-01-01", None, "2024-01-03"], ["Bannu", None, "Bannu"]
    result = read(parquet(pa.table({"date": days, "district": districts})), "a.parquet")
    assert result.n_rows_in == 2
    assert result.n_accepted == 2
    start = time.perf_counter()
    nothing = pa.table({name: pa.nulls(1_000_000) for name in ("date", "district", "place", "a", "b", "c")})
    refused = refusal(parquet(nothing), "a.parquet")
    assert time.perf_counter() - start < MOST_S
    assert [problem.code for problem in refused.problems] == [ProblemCode.EMPTY]


def test_values_of_parquet_keep_their_texts(read: Any) -> None:
    values = [1.0, 2.5, float("nan"), None, 1.0, -0.0, 1e300]
    table = pa.table({"date": ["2024-01-01"] * 7, "district": ["Bannu"] * 7, "x": pa.array(values, pa.float64())})
    raw = read(parquet(table), "a.parquet").rows["raw"].to_pylist()
    assert [one.get("x", "") for one in raw] == ["1", "2.5", "", "", "1", "0", "1e+300"]


def test_more_cells_than_memory_are_refused_before_they_are_read(refusal: Refusal) -> None:
    wide = pa.table({f"c{k}": pa.nulls(100_000) for k in range(100)})
    assert refusal(parquet(wide), "a.parquet", limit_unpacked_mb=10).problems[0].code is ProblemCode.EXPANDS_TOO_MUCH


def test_only_the_shown_problems_of_rows_of_another_length_are_kept() -> None:
    error = CellError(ProblemCode.ROW_LENGTH, "The row is long.")
    rows = tuple(MalformedRow(row, ("a", "b"), error) for row in range(2, 10_002))
    table = TextTable(("a",), pa.table({"0": pa.array([], pa.string())}), np.array([], np.int64), malformed=rows)
    refusals = Refusals(table, "f", 200)
    assert refusals.n_problems == 10_000
    assert len(refusals._problems) == 200
    assert [problem.row for problem in refusals.problems()] == list(range(2, 202))
    assert refusals.problem_kinds[0].n == 10_000
