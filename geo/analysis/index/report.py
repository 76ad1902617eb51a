"""The index in words and as JSON and CSV records."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.sensitivity import AGREEMENTS
from geo.analysis.index.settings import COMPONENTS, AccessSettings
from geo.text import csv_cell

STRUCTURAL_LIMITS: tuple[str, ...] = (
    "Quiet no-go: where the state is absent or a truce holds there is nobody to attack, so little is recorded. "
    "A low class never means that a place is open.",
    "Contested but open: heavy fighting can come from the presence of the state. "
    "The index counts attacks, it does not observe where police can go.",
)
_DIRECTION_WORDS: dict[str, str] = {
    "rising": "Attacks on forces were recorded more often in the last six months than in the twelve before",
    "easing": "Attacks on forces were recorded less often in the last six months than in the twelve before",
}

# What is not a single value, or stands first under another name.
_APART = ("pcode", "name", "class_code", "components", "gates", "forces", "reasons")


def explain(record: AccessRecord, settings: AccessSettings) -> list[str]:
    """Return why a district has its class, as sentences in plain words and numbers."""
    if record.aci is None:
        return [f"{record.name}: insufficient data. {reason}" for reason in record.reasons]
    lines = [f"{record.name}: {record.class_label}, {record.points} of 100 points."]
    if not any(component.value for component in record.components.values()):
        lines.append("None recorded in this window. That nothing is recorded does not mean that nothing happened.")
        return lines
    lines += [_component_line(letter, record, settings) for letter in COMPONENTS if letter in record.components]
    if record.forces:
        split = ", ".join(f"{force} {count:g}" for force, count in record.forces.items())
        lines.append(f"Attacks on forces by target: {split}.")
    lines += [_gate_line(letter, record, settings) for letter in record.gates]
    lines += _distance_lines(record)
    if record.direction in _DIRECTION_WORDS:
        lines.append(f"{_DIRECTION_WORDS[record.direction]} (ratio of monthly rates {record.direction_ratio:.1f}).")
    if record.agreement is not None:
        lines.append(
            f"Agreement across settings: {record.agreement:.0%} of the draws give this class "
            f"({AGREEMENTS[record.agreement_code].lower()}); 5th to 95th percentile {record.aci_low:.0f} to "
            f"{record.aci_high:.0f} points."
        )
    return lines


def index_header(index: AccessIndex) -> dict[str, Any]:
    """Return what every figure must carry: index, window, source, incidents used, settings and their hash."""
    return {
        "variant": index.variant,
        "profile": index.settings.profile,
        "from": index.window.first_day.isoformat(),
        "to": index.window.last_day.isoformat(),
        "months_covered": index.months_covered,
        "sources": list(index.sources),
        "incidents_located": index.n_located,
        "incidents_not_located": index.n_not_located,
        "settings_hash": index.settings.settings_hash(),
        "data_version": index.table_version,
    }


def flat_records(index: AccessIndex) -> list[dict[str, Any]]:
    """Return one flat record a district: columns are the same for all districts of an index."""
    return [_flat(record) for record in index.records]


def records_as_json(index: AccessIndex) -> str:
    """Return the header and the records as JSON text."""
    districts = []
    for record in index.records:
        nested: dict[str, Any] = _plain_fields(record)
        for word in ("components", "gates"):
            nested[word] = {letter: _fields(part) for letter, part in getattr(record, word).items()}
        districts.append(nested | {"forces": dict(record.forces), "reasons": list(record.reasons)})
    return json.dumps(index_header(index) | {"districts": districts}, ensure_ascii=False, indent=2)


def records_as_csv(index: AccessIndex) -> str:
    """Return the records as CSV text with a header row; the header of the index repeats in every row."""
    header = index_header(index) | {"sources": " ".join(index.sources)}
    rows = [flat | header for flat in flat_records(index)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: "" if cell is None else csv_cell(str(cell)) for key, cell in row.items()} for row in rows)
    return text.getvalue()


def _flat(record: AccessRecord) -> dict[str, Any]:
    flat = _plain_fields(record)
    for letter, component in record.components.items():
        flat |= {f"{letter}_{name}": value for name, value in _fields(component).items()}
    for letter, gate in record.gates.items():
        flat[f"gate_{letter}"] = "passed" if gate.is_passed else "missed"
    flat |= {f"S_on_{force}": count for force, count in record.forces.items()}
    return flat | {"reasons": " ".join(record.reasons)}


def _plain_fields(record: AccessRecord) -> dict[str, Any]:
    """Return the fields of a record that are single values, the class under its short name first."""
    plain = {"pcode": record.pcode, "name": record.name, "class": record.class_code}
    return plain | {name: value for name, value in _fields(record).items() if name not in _APART}


def _fields(part: Any) -> dict[str, Any]:
    return {
        name: _rounded(value) if isinstance(value := getattr(part, name), float) else value for name in part.__slots__
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _component_line(letter: str, record: AccessRecord, settings: AccessSettings) -> str:
    component = record.components[letter]
    if component.score is None:
        return (
            f"{settings.component_label(letter)}: {component.value:g}; recorded too seldom by this source to be scored."
        )
    share = component.weight / sum(settings.weights.given().values())
    line = f"{settings.component_label(letter)}: {component.value:g}; score {component.score:.2f}, weight {share:.0%}"
    if letter == "L" and record.n_deaths_unknown:
        line += f"; without a figure, adding nothing: {record.n_deaths_unknown}"
    return f"{line}."


def _gate_line(letter: str, record: AccessRecord, settings: AccessSettings) -> str:
    gate = record.gates[letter]
    verdict = "passed" if gate.is_passed else "missed"
    # Counts are whole: the least count that passes is shown, not a fraction of a month or an attack.
    needed = f"{-(-round(gate.needed, 6) // 1):g}"
    what = settings.component_label(letter)
    return f"Condition of the top class {verdict}: {what[0].lower()}{what[1:]} {gate.value:g}, {needed} needed."


def _distance_lines(record: AccessRecord) -> list[str]:
    if record.next_cut is None or record.aci is None:
        return []
    if record.aci >= record.next_cut:
        return ["The points reach the top class; a missed condition keeps the district in the class below."]
    if record.tipping is None:
        return [f"No multiple of the recorded attacks alone would reach {record.next_cut:g} points."]
    return [
        f"For the next class (from {record.next_cut:g} points), "
        f"recorded attacks would have to be {_factor_text(record.tipping)} times higher."
    ]


def _factor_text(factor: float) -> str:
    """A factor close to 1 is rounded up to two decimals: "1.0 times higher" would say nothing."""
    return f"{factor:.1f}" if factor >= 1.1 else f"{math.ceil(factor * 100) / 100:.2f}"
