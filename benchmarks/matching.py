"""Which incidents of two sources are one event: the matcher against 3 km / 1 day, on made-up truth and real overlap."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from scipy.spatial import cKDTree

from benchmarks.matching_truth import EVENTS, SEED, made_up
from benchmarks.timing import Comparison, compare
from geo.analysis.locating import locate
from geo.analysis.matching import matcher as matching
from geo.analysis.matching.assignment import one_to_one
from geo.analysis.matching.candidates import EARTH_RADIUS_KM, distance_km
from geo.analysis.matching.events import NOT_STATED, Events, events_of
from geo.analysis.matching.matcher import RULES, Rules
from geo.districts import Districts, load, load_groups
from geo.ingest import read_upload
from geo.schema import LIMITS
from geo.settings import DATA_DIR

DEFAULT_ROWS = 100_000
OURS, PLAIN = "matcher", "matcher, plain weights"
SAMPLE = Path(__file__).resolve().parents[1].parent / "shared/data/samples/ucdp_ged_pakistan_1989_2014.csv"
LABELS = Path(__file__).with_name("matching_labels.csv")
SEEDS = (SEED, 1, 2, 3, 4)
OVERLAP = (date(2007, 1, 1), date(2014, 12, 31))
# The weights before the real pairs were looked at: a shared district worth a shared point, tolls in absolute numbers.
PLAIN_RULES = replace(RULES, district_weight=RULES.place_weight, toll_growth=0.0, toll_range=0.0)
_YEARS_AT_SCALE = 18.0
_CAPTURED_TWICE = 1.388  # rows a made-up event

Pairs = set[tuple[str, str]]
Found = tuple[np.ndarray, np.ndarray]


def run(rows: int) -> list[Comparison]:
    """Compare on 900 made-up events, on about `rows` made-up rows, and on the register and UCDP where it is at hand."""
    districts = load()
    comparisons = [_made_up(districts), _at_scale(districts, rows)]
    return [*comparisons, _overlap(districts)] if SAMPLE.exists() else comparisons


def _made_up(districts: Districts) -> Comparison:
    """Precision, recall and F1 for five seeds; timed on the first."""
    figures: dict[str, list[tuple[float, float, float]]] = {}
    for seed in SEEDS:
        truth = made_up(districts, seed=seed)
        ids, events = _sorted_events(truth.rows, districts)
        for way, find in _ways(events, districts).items():
            figures.setdefault(way, []).append(_quality(_named(ids, find()), truth.pairs))
    facts: dict[str, Any] = {"seeds": len(SEEDS), "events": EVENTS}
    for way, found in figures.items():
        for name, values in zip(("precision", "recall", "F1"), zip(*found, strict=True), strict=True):
            facts[f"{way}: {name}"] = f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"
    truth = made_up(districts)
    _, events = _sorted_events(truth.rows, districts)
    return compare("made-up truth", _ways(events, districts), OURS, rounds=3, facts=facts)


def _at_scale(districts: Districts, rows: int) -> Comparison:
    truth = made_up(districts, n_events=round(rows / _CAPTURED_TWICE), years=_YEARS_AT_SCALE)
    ids, events = _sorted_events(truth.rows, districts)
    ways = {way: find for way, find in _ways(events, districts).items() if way in (OURS, _baseline_name(3.0))}
    facts: dict[str, Any] = {"rows": len(truth.rows), "true pairs": len(truth.pairs)}
    for way, find in ways.items():
        precision, recall, _ = _quality(_named(ids, find()), truth.pairs)
        facts[f"{way}: precision, recall"] = f"{precision:.3f}, {recall:.3f}"
    return compare(f"{len(truth.rows):,} made-up rows in 18 years", ways, OURS, rounds=3, facts=facts)


def _overlap(districts: Districts) -> Comparison:
    """The register and UCDP in the province, 2007 to 2014, against the pairs that were checked by hand."""
    ids, events = _sorted_events(
        pa.concat_tables([_read(path, districts) for path in (_register(), SAMPLE)]), districts
    )
    ways = _ways(events, districts)
    labels = _labels()
    n_same = sum(verdict == "same" for verdict in labels.values())
    facts: dict[str, Any] = {
        "register": sum(name.startswith("register:") for name in ids),
        "UCDP": sum(name.startswith("ucdp_ged:") for name in ids),
        "checked by hand": len(labels),
        "of them the same": n_same,
    }
    for way, find in ways.items():
        counted = Counter(labels.get(pair, "not checked") for pair in _named(ids, find()))
        facts[f"{way}: pairs"] = sum(counted.values())
        facts |= {f"{way}: {verdict}": counted[verdict] for verdict in ("same", "different", "unclear", "not checked")}
    return compare("register and UCDP, 2007 to 2014", ways, OURS, rounds=3, facts=facts)


def _ways(events: Events, districts: Districts) -> dict[str, Callable[[], Found]]:
    return {
        OURS: lambda: _matched(events, RULES),
        PLAIN: lambda: _matched(events, PLAIN_RULES),
        _baseline_name(3.0): lambda: baseline(events, districts, 3.0),
        _baseline_name(50.0): lambda: baseline(events, districts, 50.0),
    }


def _matched(events: Events, rules: Rules) -> Found:
    found = matching.match(events, rules)
    found = found.take(found.score >= rules.matched)
    return found.first, found.second


def _baseline_name(radius_km: float) -> str:
    return f"{radius_km:.0f} km / 1 day"


def baseline(events: Events, districts: Districts, radius_km: float) -> Found:
    """Return pairs of two sources within a radius and one day that share a family of act or target, one to one.

    What a study does that takes coordinates as they come: a row known only to its district lies at its centre.
    """
    centre = np.array([(outline.centroid.y, outline.centroid.x) for outline in shapely.make_valid(districts.polygons)])
    lat = np.where(np.isnan(events.lat_deg), centre[events.district, 0], events.lat_deg)
    lon = np.where(np.isnan(events.lon_deg), centre[events.district, 1], events.lon_deg)
    north, east = np.radians(lat) * EARTH_RADIUS_KM, np.radians(lon) * EARTH_RADIUS_KM * np.cos(np.radians(34.0))
    # One unit of the cube is the radius, and a little more than a day; the true distance decides afterwards.
    place = np.column_stack([north / radius_km, east / radius_km, events.first_day / 1.01])
    sides = [np.flatnonzero(events.source == source) for source in np.unique(events.source)]
    near = cKDTree(place[sides[0]]).sparse_distance_matrix(
        cKDTree(place[sides[1]]), 1.0, p=np.inf, output_type="ndarray"
    )
    first, second = sides[0][near["i"]], sides[1][near["j"]]
    shared = sum(
        ((codes[first] == codes[second]) & (codes[first] != NOT_STATED)).astype(int)
        for codes in (events.attack_family, events.target_family)
    )
    apart = distance_km(lat, lon, first, second)
    keep = (apart <= radius_km) & (shared >= 1)
    first, second, apart, shared = first[keep], second[keep], apart[keep], shared[keep]
    days = np.abs(events.first_day[first] - events.first_day[second])
    chosen = one_to_one(first, second, 3.0 + shared - apart / radius_km - days / 2)
    return first[chosen], second[chosen]


def _sorted_events(rows: pa.Table, districts: Districts) -> tuple[list[str], Events]:
    rows = rows.sort_by("incident_id")
    parents = {key: group.parent for key, group in load_groups().groups.items()}
    return rows["incident_id"].to_pylist(), events_of(rows, districts.pcodes, parents)


def _named(ids: list[str], found: Found) -> Pairs:
    return {(min(a, b), max(a, b)) for a, b in ((ids[i], ids[j]) for i, j in zip(*found, strict=True))}


def _quality(found: Pairs, truth: frozenset[tuple[str, str]]) -> tuple[float, float, float]:
    n_right = len(found & truth)
    precision, recall = n_right / max(len(found), 1), n_right / len(truth)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _register() -> Path:
    return DATA_DIR / "incidents.csv"


def _read(path: Path, districts: Districts) -> pa.Table:
    """Return the rows of a file that lie in the province and in the years of overlap."""
    result = read_upload(path, path.name, limits={name: limit.default for name, limit in LIMITS.items()})
    rows = locate.assign_districts(result.rows, districts)
    in_time = pc.and_(
        pc.greater_equal(rows["date_start"], pa.scalar(OVERLAP[0])),
        pc.less_equal(rows["date_start"], pa.scalar(OVERLAP[1])),
    )
    # The original cells are other columns in every file, and nothing that matching looks at.
    return rows.filter(pc.and_(in_time, pc.is_valid(rows["pcode"]))).drop_columns(["raw"])


def _labels() -> dict[tuple[str, str], str]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {
            (f"register:{row['register_id']}", f"ucdp_ged:{row['ucdp_id']}"): row["verdict"]
            for row in csv.DictReader(file)
        }
