"""How often each code occurs among the kept rows, and sums of figures by code: passes over whole columns.

Plain bincount turns every code into eight bytes first; these passes stay in the width of the codes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[Any]
Keep = NDArray[np.bool_]
Sums = NDArray[np.int64]

# Up to here every code and "not kept" fit one byte.
_MOST_NARROW = 255
# When fewer than one row in so many is kept, picking them out costs less than passing over all.
_FEW = 4
# From here on counting two rows at a time outweighs folding the table of pairs.
_PAIRS_FROM = 1 << 16


def frequencies(codes: Codes, keep: Keep, size: int, first: int = 0) -> Sums:
    """Return how many kept rows have each of the codes first, first + 1, ...: int64, shape (size,).

    codes: integers, shape (n,). The codes of kept rows must lie in that range; those of others may be anything.
    """
    if size <= _MOST_NARROW and np.count_nonzero(keep) * _FEW > len(keep):
        return _narrow(codes, keep, size, first)
    return np.bincount(_kept(codes, np.flatnonzero(keep), first), minlength=size).astype(np.int64)


def sums(codes: Codes, keep: Keep, size: int, figures: Codes, first: int = 0) -> Sums:
    """Return the sum of the figures of the kept rows by code: int64, shape (size,). Ranges as in `frequencies`.

    figures: integers, shape (n,); exact up to sums of 2**53.
    """
    # np.flatnonzero and take cost a third of indexing by a mask.
    rows = np.flatnonzero(keep & (figures != 0))
    return np.bincount(_kept(codes, rows, first), figures.take(rows), size).astype(np.int64)


def weighted(codes: Codes, keep: Keep, size: int, figures: Codes, first: int = 0) -> Sums:
    """Return `sums` of figures that are nearly all 1, such as the number of events of a row."""
    others = figures != 1
    if not others.any():
        return frequencies(codes, keep, size, first)
    rows = np.flatnonzero(keep & others)
    more = np.bincount(_kept(codes, rows, first), figures.take(rows) - 1, size)
    return frequencies(codes, keep, size, first) + more.astype(np.int64)


def _kept(codes: Codes, rows: NDArray[np.int64], first: int) -> NDArray[np.int64]:
    places: NDArray[np.int64] = codes.take(rows).astype(np.int64)
    places -= first
    return places


def _narrow(codes: Codes, keep: Keep, size: int, first: int) -> Sums:
    # Place 0 takes the rows that are not kept; what does not fit a byte is not kept either.
    places = (codes.astype(np.uint8) - np.uint8((first - 1) & 255)) * keep
    if len(places) < _PAIRS_FROM:
        found = np.bincount(places, minlength=size + 1)
    else:
        even = len(places) & ~1
        pairs = np.bincount(places[:even].view(np.uint16), minlength=1 << 16).reshape(256, 256)
        found = pairs.sum(axis=0) + pairs.sum(axis=1)
        found[places[even:]] += 1
    return found[1 : size + 1].astype(np.int64)
