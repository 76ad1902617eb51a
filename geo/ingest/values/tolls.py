"""Totals of people killed that a table states only in parts: the minimum that follows, never an invented figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.notes import NoteKind
from geo.ingest.values.cells import Reading
from geo.ingest.values.counts import count_ranges, counts

# best, low and high, int32, null where not stated
Toll = tuple["pa.Array", "pa.Array", "pa.Array"]
# Fields of the dead of one side each; the first two hold others of them.
SIDES = ("killed_victims", "killed_forces", "killed_police", "killed_military", "killed_civilian", "killed_militant")


def summed(parts: Sequence[pa.Array]) -> pa.Array:
    """Return the sum of the stated parts, int32; null where none is stated.

    A sum of zero is used only where every part is stated: nobody killed on one side does not mean nobody killed.
    """
    zero = pa.scalar(0, pa.int32())
    total = pc.fill_null(parts[0], zero)
    is_whole = pc.is_valid(parts[0])
    for part in parts[1:]:
        total = pc.add(total, pc.fill_null(part, zero))
        is_whole = pc.and_(is_whole, pc.is_valid(part))
    return pc.if_else(pc.or_(is_whole, pc.greater(total, zero)), total, pa.scalar(None, pa.int32()))


def added_up(reading: Reading, key: str) -> pa.Array:
    """Return a column of counts, or the sum of the columns that a mapping names as the parts of a field."""
    return summed([counts(reading, part) for part in reading.part_keys(key)])


def stated(reading: Reading, key: str) -> Toll:
    """Return the total as stated: one figure or range, or a column for each end of the range (`key`_low, `key`_high).

    Of a range without a best figure the least counts; of one end alone that end.
    """
    if len(reading.part_keys(key)) > 1:
        nothing = pa.nulls(len(reading), pa.int32())
        return added_up(reading, key), nothing, nothing
    best, low, high = count_ranges(reading, key)
    if not (reading.has(f"{key}_low") or reading.has(f"{key}_high")):
        return best, low, high
    reading.note(NoteKind.RANGES_KEPT)
    one, other = counts(reading, f"{key}_low"), counts(reading, f"{key}_high")
    least = pc.if_else(pc.is_valid(one), pc.min_element_wise(one, other), one)
    most = pc.if_else(pc.is_valid(other), pc.max_element_wise(one, other), other)
    is_outside = pc.or_(pc.fill_null(pc.less(best, least), False), pc.fill_null(pc.greater(best, most), False))
    reading.note_rows(np.asarray(is_outside), NoteKind.OUTSIDE_RANGE, key)
    return pc.coalesce(best, least, most), pc.coalesce(low, least), pc.coalesce(high, most)


def two_sides(reading: Reading, parts: Mapping[str, pa.Array]) -> list[pa.Array]:
    """Return the two parts of a total: the victims' side, as one figure or in parts, and the militants.

    parts: field -> its counts, for police, military, civilians and militants.
    """
    return sides({**parts, **{key: added_up(reading, key) for key in SIDES[:2]}})


def sides(parts: Mapping[str, pa.Array]) -> list[pa.Array]:
    """Return victims and militants of counts by field (all of SIDES): a figure and its own parts count once."""
    split = summed([parts["killed_police"], parts["killed_military"]])
    forces = pc.max_element_wise(parts["killed_forces"], split)
    victims = summed([forces, parts["killed_civilian"]])
    return [pc.max_element_wise(parts["killed_victims"], victims), parts["killed_militant"]]


def completed(reading: Reading, key: str, toll: Toll, parts: Sequence[pa.Array]) -> Toll:
    """Return the toll with the sum of its parts as the minimum where the total is not stated.

    key: column of the total. A stated total below or above the sum of its parts is kept and noted.
    """
    best, low, high = toll
    least = summed(parts)
    is_open = pc.and_(pc.is_null(best), pc.is_valid(least))
    reading.note_rows(np.asarray(is_open), NoteKind.TOTAL_FROM_PARTS)
    has_no_end = pc.and_(pc.is_valid(low), pc.is_null(high))
    is_below = pc.and_(pc.fill_null(pc.less(pc.coalesce(high, best), least), False), pc.invert(has_no_end))
    shown = key if reading.has(key) else ""  # there may be columns for its two ends alone
    reading.note_rows(np.asarray(is_below), NoteKind.TOTAL_BELOW_PARTS, shown)
    # One side beside a total is a part of it; of several, a person expects that they add up.
    if sum(map(reading.has, SIDES)) > 1:
        is_above = pc.fill_null(pc.greater(pc.coalesce(low, best), least), False)
        reading.note_rows(np.asarray(is_above), NoteKind.TOTAL_ABOVE_PARTS, shown)
    return pc.coalesce(best, least), pc.if_else(is_open, least, low), high
