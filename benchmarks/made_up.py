"""Made-up incidents and files for measurements: never shown, never stored where a user could meet them."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from geo.districts import load
from geo.ingest.formats.ucdp import COLUMNS
from geo.schema import ATTACK_TYPES, COLUMN_NAMES, INITIATORS, TARGET_TYPES, arrow_schema

FIRST_DAY, N_DAYS = date(1995, 1, 1), 30 * 365
N_GROUPS = 200
_BLOCK_ROWS = 100_000
_EPOCH = date(1970, 1, 1)


def incidents(rows: int, seed: int = 20250101) -> pa.Table:
    """Return canonical incidents over 30 years; a few districts and groups have most, as in real data."""
    rng = np.random.default_rng(seed)
    pcodes = np.array([*load().pcodes, None], dtype=object)
    day = (FIRST_DAY - _EPOCH).days + rng.integers(0, N_DAYS, rows)
    killed = rng.geometric(0.35, rows) - 1
    place = _uneven(rng, rows, len(pcodes))
    cells: dict[str, object] = {
        "incident_id": _numbered("made_up:", rows),
        "source": pa.repeat("template", rows),
        "source_event_id": _numbered("", rows),
        "source_row": np.arange(2, rows + 2),
        "date_start": pa.array(day.astype(np.int32)).cast(pa.date32()),
        "date_end": pa.array(day.astype(np.int32)).cast(pa.date32()),
        "date_precision": pa.repeat("day", rows),
        "n_events": np.where(rng.random(rows) < 0.002, 3, 1).astype(np.int32),
        "geo_precision": _words(rng, rows, ("near", "exact", "district", "province")),
        "place": pa.array([f"place {k}" for k in range(500)]).take(pa.array(rng.integers(0, 500, rows))),
        "pcode": pa.array(pcodes[place], pa.string()),
        "district_method": pa.array(np.where(place < len(pcodes) - 1, "source_admin", "outside").astype(object)),
        "is_district_conflict": np.zeros(rows, dtype=bool),
        "attack_type": _words(rng, rows, tuple(ATTACK_TYPES)),
        "target_type": _words(rng, rows, tuple(TARGET_TYPES)),
        "initiator": _words(rng, rows, tuple(INITIATORS)),
        "is_control_type": np.zeros(rows, dtype=bool),
        "group_id": _words(rng, rows, tuple(f"g{k:03}" for k in range(N_GROUPS))),
        "killed_best": pa.array(killed.astype(np.int32), mask=rng.random(rows) < 0.1),
        "lat": rng.uniform(31.0, 36.9, rows),
        "lon": rng.uniform(69.2, 74.1, rows),
        "raw": pa.repeat("{}", rows),
    }
    schema = arrow_schema()
    columns = [cells.get(name, pa.nulls(rows, schema.field(name).type)) for name in COLUMN_NAMES]
    return pa.table(dict(zip(COLUMN_NAMES, columns, strict=True))).cast(schema)


def ged_csv(path: Path, rows: int, *, first_id: int = 1, seed: int = 20250101) -> None:
    """Write a file in the layout of UCDP GED, about 700 bytes a row: 1 % of the texts hold a line break.

    Nine of ten events lie in the province or its neighbours in Pakistan, the others in Afghanistan.
    """
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for start in range(0, rows, _BLOCK_ROWS):
            block = _ged_block(min(_BLOCK_ROWS, rows - start), first_id + start, seed + start)
            writer.writerows(zip(*(column.to_pylist() for column in block.columns), strict=True))


def split_csv(path: Path, folder: Path, parts: int) -> list[Path]:
    """Split a delimited file into parts with the header in each, as yearly releases are."""
    with path.open(newline="", encoding="utf-8") as lines:
        records = list(csv.reader(lines))
    header, body = records[0], records[1:]
    size = -(-len(body) // parts)
    made = []
    for number, start in enumerate(range(0, len(body), size)):
        made.append(folder / f"part_{number:03}.csv")
        with made[-1].open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows([header, *body[start : start + size]])
    return made


def _ged_block(rows: int, first_id: int, seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    day = (FIRST_DAY - _EPOCH).days + rng.integers(0, N_DAYS, rows)
    stamp = pa.array([f"{text} 00:00:00.000" for text in day.astype("datetime64[D]").astype(str)])
    is_ours = rng.random(rows) < 0.9
    lon = np.round(rng.uniform(69.2, 74.1, rows), 6)
    lat = np.round(rng.uniform(31.0, 36.9, rows), 6)
    deaths = (rng.geometric(0.4, (4, rows)) - 1).astype(str)
    best = deaths.astype(np.int64).sum(axis=0).astype(str)
    point = [f"POINT ({x} {y})" for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    adm_2 = pa.array(rng.choice(np.array([*_district_names(), "", "", ""], dtype=object), rows))
    cells: dict[str, object] = {
        "id": pa.array([str(first_id + k) for k in range(rows)]),
        "relid": pa.array([f"PAK-2010-1-345-{first_id + k}" for k in range(rows)]),
        "year": pa.array((day.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970).astype(str)),
        "active_year": "1",
        "code_status": "Clear",
        "type_of_violence": rng.choice(np.array(["1", "1", "1", "3"], dtype=object), rows),
        "conflict_name": "Pakistan: Government",
        "dyad_name": "Government of Pakistan - TTP",
        "side_a": "Government of Pakistan",
        "side_b": _words(rng, rows, tuple(f"Group of the number {k}" for k in range(40))),
        "number_of_sources": rng.integers(1, 6, rows).astype(str),
        "source_article": _texts(rng, rows, 28, "\n"),
        "source_office": _words(rng, rows, ("Agency one", "Agency two", "Paper three")),
        "source_headline": _texts(rng, rows, 12, ", "),
        "source_original": "police",
        "where_prec": rng.choice(np.array(["1", "1", "2", "3", "4"], dtype=object), rows),
        "where_coordinates": _words(rng, rows, tuple(f"Village {k}" for k in range(2000))),
        "where_description": _texts(rng, rows, 8, ' "quoted" '),
        "adm_1": pa.array(np.where(is_ours, "Khyber Pakhtunkhwa province", "Nangarhar province").astype(object)),
        "adm_2": adm_2,
        "latitude": pa.array(lat.astype(str)),
        "longitude": pa.array(lon.astype(str)),
        "geom_wkt": pa.array(point),
        "priogrid_gid": rng.integers(170_000, 180_000, rows).astype(str),
        "country": pa.array(np.where(is_ours, "Pakistan", "Afghanistan").astype(object)),
        "country_id": pa.array(np.where(is_ours, "770", "700").astype(object)),
        "region": "Asia",
        "event_clarity": "1",
        "date_prec": rng.choice(np.array(["1", "1", "1", "2", "3"], dtype=object), rows),
        "date_start": stamp,
        "date_end": stamp,
        "deaths_a": deaths[0],
        "deaths_b": deaths[1],
        "deaths_civilians": deaths[2],
        "deaths_unknown": deaths[3],
        "best": best,
        "high": best,
        "low": best,
        "gwnoa": "770",
    }
    return pa.table({name: _column(cells.get(name, ""), rows) for name in COLUMNS})


def _column(cells: object, rows: int) -> pa.Array:
    if isinstance(cells, str):
        return pa.repeat(cells, rows)
    return pa.array(cells.tolist() if isinstance(cells, np.ndarray) else cells, pa.string())


def _district_names() -> list[str]:
    return [f"{name} district" for name in load().names.values()]


def _texts(rng: np.random.Generator, rows: int, n_words: int, rare: str = " ") -> pa.Array:
    """Return sentences, no two alike; one in a hundred holds the rare separator once."""
    vocabulary = np.array(["police", "reported", "men", "killed", "near", "village", "Tuesday", "road"], dtype=object)
    picked = vocabulary[rng.integers(0, len(vocabulary), (rows, n_words))].tolist()
    separators = np.where(rng.random(rows) < 0.01, rare, " ").tolist()
    return pa.array(
        [f"{k}{mark}{' '.join(words)}" for k, (mark, words) in enumerate(zip(separators, picked, strict=True))]
    )


def _words(rng: np.random.Generator, rows: int, words: tuple[str, ...]) -> pa.Array:
    return pa.array(words).take(pa.array(_uneven(rng, rows, len(words))))


def _uneven(rng: np.random.Generator, rows: int, n: int) -> np.ndarray:
    """Return positions 0..n-1, the first the most frequent."""
    share = 1.0 / np.arange(1, n + 1)
    return rng.choice(n, rows, p=share / share.sum())


def _numbered(prefix: str, rows: int) -> pa.Array:
    return pa.array([f"{prefix}{k:08}" for k in range(rows)])
