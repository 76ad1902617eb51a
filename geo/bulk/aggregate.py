"""The cube of a run: incidents and people killed by district, month, attack type, target and group."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

DIMENSIONS: tuple[str, ...] = ("district", "year", "month", "attack_type", "target_type", "group_id")
# n_rows: stored rows; n_events: incidents they stand for; killed: sum of the stated figures; n_unknown_killed:
# rows that state none.
MEASURES: tuple[str, ...] = ("n_rows", "n_events", "killed", "n_unknown_killed")


def cube_of(rows: pa.Table) -> pa.Table:
    """Return the counts of canonical rows, one row for each combination that occurs.

    district: P-code, "outside" or "not_located". Measures are int64.
    """
    elsewhere = pc.if_else(pc.equal(rows["district_method"], "outside"), "outside", "not_located")
    killed = rows["killed_best"]
    table = pa.table(
        {
            "district": pc.coalesce(rows["pcode"], elsewhere),
            "year": pc.year(rows["date_start"]).cast(pa.int16()),
            "month": pc.month(rows["date_start"]).cast(pa.int8()),
            "attack_type": rows["attack_type"],
            "target_type": rows["target_type"],
            "group_id": rows["group_id"],
            "n_rows": pa.repeat(pa.scalar(1, pa.int64()), len(rows)),
            "n_events": rows["n_events"].cast(pa.int64()),
            "killed": pc.fill_null(killed, 0).cast(pa.int64()),
            "n_unknown_killed": pc.is_null(killed).cast(pa.int64()),
        }
    )
    return joined([table])


def joined(cubes: Sequence[pa.Table]) -> pa.Table:
    """Return the sum of cubes, in the order of the dimensions."""
    summed = pa.concat_tables(cubes).group_by(list(DIMENSIONS)).aggregate([(name, "sum") for name in MEASURES])
    renamed = summed.rename_columns({f"{name}_sum": name for name in MEASURES}).select([*DIMENSIONS, *MEASURES])
    return renamed.sort_by([(name, "ascending") for name in DIMENSIONS])
