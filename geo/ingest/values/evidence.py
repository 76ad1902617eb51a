"""What the numbers of a file prove, and the same over a file of which a table is only a part.

Every verdict is a function of numbers that add up: parts of a file that are read on their own (geo.bulk) count, and
the sum decides for all of them as one reading would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Numbers = tuple[int, ...]
# A question about blank cells is raised by this share of rows, and by the second share if it is one row.
_FEWEST_SHARE, _SHARE_OF_ONE = 0.05, 0.2
_SHARE_OF_EVENTS = 0.75


def _order(numbers: Numbers) -> tuple[dict[str, int], int, int]:
    """Return order -> dates that prove it, those with the year first, and those in another order.

    numbers: day first and month first without those that may begin with the year, with them, the year first, others.
    """
    day, month, day_too, month_too, n_first, n_others = numbers
    return {"DMY": day or day_too, "MDY": month or month_too}, n_first, n_others


def _total(numbers: Numbers) -> str:
    """Return "both" for a total of killed and injured people, "unproved" for one that fits nothing, "" for the dead.

    numbers: rows that state all parts; then, of these and of all rows that state total and injured, how many totals
    are the dead, how many the dead and the injured, and how many rows can tell; whether the total is only called so,
    whether several sides of the dead have columns, and whether a person assigned it.
    """
    *counted, is_bare, has_sides, is_assigned = numbers
    fits, fits_both, n_told = chosen(counted)
    if fits_both > fits and 2 * fits_both > n_told and (is_bare or (fits_both > 1 and has_sides)):
        return "both"
    return "unproved" if is_bare and 2 * fits < n_told and not is_assigned else ""


def _financial(numbers: Numbers) -> bool | None:
    """Return whether dates such as 2010-11 are financial years, None if dates are written in both ways.

    numbers: dates that can only be financial years, months such as 2010-10, other dates, and then, of the dates that
    can be either, how many are of each year. Three years and nothing else are financial years: months would hardly all
    be the number of the next year.
    """
    n_years, n_months, n_others, *of_years = numbers
    n_open = sum(n > 0 for n in of_years)
    if n_years and (n_months or (n_others and n_open)):
        return None
    return bool(n_years) or (n_open > 2 and not (n_months or n_others))


def chosen(counted: Sequence[int]) -> tuple[int, int, int]:
    """Return the counts of a total of the rows that state all parts, or of the others where none does; see `_total`."""
    n_whole, *counts = counted
    fits, fits_both, n_told = counts[:3] if n_whole else counts[3:]
    return fits, fits_both, n_told


# Kind -> verdict; a kind that is no function of its sign alone says so in its own words above.
VERDICTS: dict[str, Callable[[Numbers], Any]] = {
    "order": _order,
    "total": _total,
    "financial": _financial,
    # Numbers of five digits that are days of a spreadsheet, and others.
    "serials": lambda n: n[0] > 0 and n[0] >= n[1],
    # Numbers of weeks above 5, which no month has.
    "weeks_of_years": lambda n: n[0] > 0,
    # Cells of a column of financial years that state none.
    "years_told": lambda n: n[0] == 0,
    # Dates with a year.
    "years": lambda n: n[0] > 0,
    # Coordinates with a comma, those of them outside Pakistan, those whose comma divides no thousands.
    "decimal_comma": lambda n: (n[1] == 0, n[2] > 0),
    # Rows in which "Killed" is fewer than the martyrs, and rows that can tell.
    "killed_apart": lambda n: n[0] > 0 and 2 * n[0] >= n[1],
    # Cells of a column "Name" that name an event or place, and all.
    "names_of_events": lambda n: n[1] > 0 and n[0] >= _SHARE_OF_EVENTS * n[1],
    # Rows with a blank date or district below a filled one, and all.
    "blank_below": lambda n: n[0] > 0 and n[0] >= (_SHARE_OF_ONE if n[0] == 1 else _FEWEST_SHARE) * n[1],
}
# What of a verdict decides how a table is read; of proved orders, which there are.
_DECIDES: dict[str, Callable[[Any], Any]] = {
    "order": lambda found: ([order for order, n in found[0].items() if n], found[1] > 0, found[2] > 0)
}


class Evidence:
    """The numbers of one table, by what they are about; `whole`: those of the file of which it is a part."""

    def __init__(self, whole: Mapping[str, Iterable[int]] | None = None) -> None:
        self.own: dict[str, Numbers] = {}
        self._whole = {name: tuple(numbers) for name, numbers in (whole or {}).items()}

    def verdict(self, kind: str, about: str, *numbers: int) -> Any:
        """Return what the numbers of a table prove, or those of its file. about: the columns, as keys."""
        name = f"{kind}:{about}"
        self.own[name] = tuple(map(int, numbers))
        return VERDICTS[kind](self._whole.get(name, self.own[name]))

    def record(self) -> dict[str, list[int]]:
        """Return the numbers of the table as JSON values."""
        return {name: list(numbers) for name, numbers in self.own.items()}


def added(parts: Iterable[Mapping[str, Iterable[int]]]) -> dict[str, list[int]]:
    """Return the numbers of the parts of a file added up."""
    found: dict[str, list[int]] = {}
    for part in parts:
        for name, numbers in part.items():
            held = found.get(name)
            found[name] = [*numbers] if held is None else [a + b for a, b in zip(held, numbers, strict=True)]
    return found


def proves_the_same(own: Mapping[str, Iterable[int]], whole: Mapping[str, Iterable[int]]) -> bool:
    """Whether a part of a file proves what the whole file does."""

    def read(name: str, numbers: Iterable[int]) -> Any:
        kind = name.partition(":")[0]
        found = VERDICTS[kind](tuple(numbers))
        return _DECIDES[kind](found) if kind in _DECIDES else found

    return own.keys() == whole.keys() and all(read(name, own[name]) == read(name, whole[name]) for name in own)
