"""Reading the embedded tables of published figures and statements: every row is used or named."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from geo.districts import load
from geo.problems import DamagedData, Problem, ProblemCode
from geo.wording import text

_Record = TypeVar("_Record")


def read_records(path: Path, record_of: Callable[[dict[str, str]], _Record]) -> tuple[_Record, ...]:
    """Return one record a row, in the order of the file. Raises DamagedData naming the first row that has none."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, csv.Error) as error:
        problem = Problem(
            ProblemCode.DAMAGED_DATA, text("The file cannot be read: {error}.", error=error), file=path.name
        )
        raise DamagedData([problem]) from error
    records = []
    for number, row in enumerate(rows, 2):
        try:
            records.append(record_of(row))
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            message = text("The row cannot be used: {error}.", error=error)
            problem = Problem(ProblemCode.DAMAGED_DATA, message, file=path.name, row=number)
            raise DamagedData([problem]) from error
    return tuple(records)


def first_day(written: str) -> date:
    """Return the first day that a date, a month or a year can mean. Raises ValueError."""
    return date.fromisoformat(written + "-01-01"[len(written) - 4 :] if len(written) < 10 else written)


def last_day(written: str) -> date:
    """Return the last day that a date, a month or a year can mean. Raises ValueError."""
    first = first_day(written)
    if len(written) == 10:
        return first
    month = first.month if len(written) == 7 else 12
    return date(first.year, month, monthrange(first.year, month)[1])


def period(first: date, last: date) -> tuple[date, date]:
    """Return both days. Raises ValueError if the period ends before it begins."""
    if last < first:
        raise ValueError(f"the period ends {last} before it begins {first}")
    return first, last


def web_url(cell: str) -> str:
    """Return an address of the web. Raises ValueError for anything else."""
    if not cell.startswith(("https://", "http://")):
        raise ValueError(f"{cell!r} is not an address of the web")
    return cell


def district_code(cell: str) -> str | None:
    """Return the P-code of a district, or None of an empty cell. Raises ValueError for any other text."""
    if cell and cell not in load().attributes:
        raise ValueError(f"{cell!r} is not the P-code of a district")
    return cell or None
