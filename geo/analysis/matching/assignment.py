"""From scored pairs to one partner each: best assignment within connected blocks, never one matrix of all rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]
Pairs = tuple[Positions, Positions]
Chosen = NDArray[np.bool_]
# Above this many cells a block is solved as a sparse problem instead of a dense one; both are exact.
_LARGEST_DENSE_CELLS = 1_000_000


def one_to_one(left: Positions, right: Positions, gain: NDArray[np.float64]) -> Chosen:
    """Return which pairs belong to the assignment with the largest total gain, each position used at most once.

    left, right: positions of two separate sides, each pair listed once. gain: above zero; a pair that is not
    worth it stays out. Ties are resolved by position. Method: Jonker and Volgenant 1987, as in
    scipy.optimize.linear_sum_assignment, block by block; blocks are the connected parts of the pairs.
    """
    chosen = np.zeros(len(left), dtype=bool)
    if not len(left):
        return chosen
    block = _blocks(left, right)
    order = np.lexsort((right, left, block))
    ends = np.flatnonzero(np.diff(block[order])) + 1
    starts = np.concatenate([[0], ends])
    sizes = np.diff(np.concatenate([starts, [len(order)]]))
    chosen[order[starts[sizes == 1]]] = True
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        pairs = order[start : start + size]
        chosen[pairs[_solved(left[pairs], right[pairs], gain[pairs])]] = True
    return chosen


def best_first(first: Positions, second: Positions, score: NDArray[np.float64]) -> Chosen:
    """Return the pairs that are taken when the highest score chooses first and each position serves once.

    For pairs within one side, where there are no two sides to assign. Ties are resolved by position.
    """
    chosen = np.zeros(len(first), dtype=bool)
    used: set[int] = set()
    for pair in np.lexsort((second, first, -score)).tolist():
        a, b = int(first[pair]), int(second[pair])
        if a not in used and b not in used:
            chosen[pair] = True
            used |= {a, b}
    return chosen


def join(n: int, fixed: Pairs, pairs: Pairs, kinds: NDArray[np.int64]) -> tuple[Positions, Chosen]:
    """Join fixed pairs, then further pairs in their order, unless that brings two members of one kind together.

    n: number of positions. kinds: int64 of shape (n,). Returns the lowest member of each position's cluster,
    int64 of shape (n,), and which of the further pairs joined two clusters.
    """
    parent = list(range(n))
    kind_of: list[int] = kinds.tolist()
    held: dict[int, set[int]] = {}

    def root(position: int) -> int:
        while parent[position] != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    def put_together(a: int, b: int, is_free: bool) -> bool:
        low, high = sorted((root(a), root(b)))
        of_low, of_high = held.get(low, {kind_of[low]}), held.get(high, {kind_of[high]})
        if low == high or (of_low & of_high and not is_free):
            return False
        parent[high] = low
        held[low] = of_low | of_high
        return True

    for a, b in zip(fixed[0].tolist(), fixed[1].tolist(), strict=True):
        put_together(a, b, True)
    joined = [put_together(a, b, False) for a, b in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)]
    roots = np.array([root(position) for position in range(n)], dtype=np.int64)
    return roots, np.array(joined, dtype=bool)


def _blocks(left: Positions, right: Positions) -> NDArray[np.int64]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    nodes_left, row = np.unique(left, return_inverse=True)
    nodes_right, column = np.unique(right, return_inverse=True)
    n = len(nodes_left) + len(nodes_right)
    graph = coo_array((np.ones(len(row), dtype=np.int8), (row, column + len(nodes_left))), shape=(n, n))
    labels = connected_components(graph, directed=False)[1]
    blocks: NDArray[np.int64] = labels[row].astype(np.int64)
    return blocks


def _solved(left: Positions, right: Positions, gain: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the chosen pairs of one block, as places in its list of pairs."""
    rows, row = np.unique(left, return_inverse=True)
    columns, column = np.unique(right, return_inverse=True)
    if len(rows) * len(columns) > _LARGEST_DENSE_CELLS:
        return _solved_sparse(row, column, gain, (len(rows), len(columns)))
    from scipy.optimize import linear_sum_assignment

    place = np.full((len(rows), len(columns)), -1, dtype=np.int64)
    place[row, column] = np.arange(len(row))
    matrix = np.zeros(place.shape)
    matrix[row, column] = gain
    found: NDArray[np.int64] = place[linear_sum_assignment(matrix, maximize=True)]
    return found[found >= 0]


def _solved_sparse(
    row: Positions, column: Positions, gain: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.int64]:
    """The same optimum for a large block: each row gets an extra column that means "no partner"."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    n_rows, n_columns = shape
    # The solver takes no zero weights: every weight is lifted by the same amount, which moves no optimum.
    lifted = gain.max() + 1 - gain
    own = np.arange(n_rows)
    weights = np.concatenate([lifted, np.full(n_rows, gain.max() + 1)])
    graph = coo_array(
        (weights, (np.concatenate([row, own]), np.concatenate([column, n_columns + own]))),
        shape=(n_rows, n_columns + n_rows),
    ).tocsr()
    rows, columns = min_weight_full_bipartite_matching(graph)
    key = row * n_columns + column
    order = np.argsort(key)
    wanted = rows[columns < n_columns] * n_columns + columns[columns < n_columns]
    found: NDArray[np.int64] = order[np.searchsorted(key[order], wanted)]
    return found
