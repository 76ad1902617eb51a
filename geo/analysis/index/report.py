"""The index in words and as JSON and CSV records."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from typing import Any

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.scores import CLASSES, TOP, WINDOW_GATE
from geo.analysis.index.sensitivity import AGREEMENTS
from geo.analysis.index.settings import COMPONENTS, AccessSettings
from geo.schema import SOURCES
from geo.text import csv_cell
from geo.wording import N_, Text, text, text_n

STRUCTURAL_LIMITS: tuple[str, ...] = (
    N_(
        "Quiet but closed: where the state is absent or a truce holds there is nobody to attack, so little is "
        "recorded. A low class never means that a place is open."
    ),
    N_(
        "Contested but open: heavy fighting can come from the presence of the state. "
        "The index counts attacks, it does not observe where police can go."
    ),
)
_CHANGES: dict[str, str] = {
    "rising": N_(
        "Attacks on forces were recorded more often in the last six months than in the twelve before "
        "(ratio of monthly rates {ratio:.1f})."
    ),
    "easing": N_(
        "Attacks on forces were recorded less often in the last six months than in the twelve before "
        "(ratio of monthly rates {ratio:.1f})."
    ),
}
_WINDOW = N_("Months of the window")
# Conditions of the top class that no multiple of the recorded attacks meets.
_NOT_BY_ATTACKS: dict[str, Text] = {
    "K": text_n(
        "The top class cannot be reached by more attacks alone: {n} more month with one is needed.",
        "The top class cannot be reached by more attacks alone: {n} more months with one are needed.",
        0,
    ),
    "C": text_n(
        "The top class cannot be reached by more attacks alone: {n} more sign of control is needed.",
        "The top class cannot be reached by more attacks alone: {n} more signs of control are needed.",
        0,
    ),
    WINDOW_GATE: text_n(
        "The top class cannot be reached in this window: it needs {n} more month.",
        "The top class cannot be reached in this window: it needs {n} more months.",
        0,
    ),
}
# Not single values, or written first under another name.
_APART = ("pcode", "name", "class_code", "components", "gates", "forces", "reasons")


def explain(record: AccessRecord, settings: AccessSettings) -> list[Text]:
    """Return why a district has its class, as sentences in plain words and numbers."""
    if record.aci is None:
        insufficient = N_("{district}: insufficient data. {reason}")
        return [text(insufficient, district=record.name, reason=reason) for reason in record.reasons]
    lines = [
        text(
            "{district}: {label}, {points} of 100 points.",
            district=record.name,
            label=text(record.class_label),
            points=record.points,
        )
    ]
    if not any(component.value for component in record.components.values()):
        nothing = N_("None recorded in this window. That nothing is recorded does not mean that nothing happened.")
        return [*lines, text(nothing)]
    lines += [_component_line(letter, record, settings) for letter in COMPONENTS if letter in record.components]
    if record.forces:
        split = N_(
            "Attacks on forces by target: police {police:g}, army {army:g}, paramilitary {paramilitary:g}, "
            "other {other:g}."
        )
        lines.append(text(split, **record.forces))
    lines += [_gate_line(letter, record, settings) for letter in record.gates]
    lines += _distance_lines(record)
    if record.direction in _CHANGES:
        lines.append(text(_CHANGES[record.direction], ratio=record.direction_ratio))
    if record.agreement is not None:
        lines.append(
            text(
                "Agreement across settings: {share:.0%} of the draws give this class ({word}); 5th to 95th percentile "
                "{low:.0f} to {high:.0f} points.",
                share=record.agreement,
                word=text(AGREEMENTS[record.agreement_code]),
                low=record.aci_low,
                high=record.aci_high,
            )
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
        "credits": [SOURCES[source].credit for source in index.sources],
        "incidents_located": index.n_located,
        "incidents_not_located": index.n_not_located,
        "settings_hash": index.settings.settings_hash(),
        "data_version": index.table_version,
    }


def records_as_json(index: AccessIndex, **more: Any) -> str:
    """Return the header and the records as JSON text; more: further members beside them."""
    districts = []
    for record in index.records:
        nested: dict[str, Any] = _plain_fields(record)
        for word in ("components", "gates"):
            nested[word] = {letter: _fields(part) for letter, part in getattr(record, word).items()}
        districts.append(nested | {"forces": dict(record.forces), "reasons": list(map(str, record.reasons))})
    return json.dumps(index_header(index) | {"districts": districts} | more, ensure_ascii=False, indent=2)


def records_as_csv(index: AccessIndex) -> str:
    """Return the records as CSV text with a header row; the header of the index repeats in every row."""
    header = index_header(index)
    header |= {"sources": " ".join(header["sources"]), "credits": "; ".join(header["credits"])}
    rows = [_flat(record) | header for record in index.records]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: "" if cell is None else csv_cell(str(cell)) for key, cell in row.items()} for row in rows)
    return text.getvalue()


def records_as_rows(index: AccessIndex) -> list[dict[str, Any]]:
    """Return one row a district: the values of its record, without the header of the index."""
    return [_flat(record) for record in index.records]


def _flat(record: AccessRecord) -> dict[str, Any]:
    flat = _plain_fields(record)
    for letter, component in record.components.items():
        flat |= {f"{letter}_{name}": value for name, value in _fields(component).items()}
    for letter, gate in record.gates.items():
        flat[f"gate_{letter}"] = "passed" if gate.is_passed else "missed"
    flat |= {f"S_on_{force}": count for force, count in record.forces.items()}
    return flat | {"reasons": " ".join(map(str, record.reasons))}


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


def _component_line(letter: str, record: AccessRecord, settings: AccessSettings) -> Text:
    component, label = record.components[letter], text(settings.component_label(letter))
    if component.score is None:
        seldom = N_("{component}: {value:g}; recorded too seldom by this source to be scored.")
        return text(seldom, component=label, value=component.value)
    values = {"component": label, "value": component.value, "score": component.score}
    values["weight"] = component.weight / sum(settings.weights.given().values())
    if letter == "L" and record.n_deaths_unknown:
        return text(
            "{component}: {value:g}; score {score:.2f}, weight {weight:.0%}; incidents without a figure, adding "
            "nothing: {unknown}.",
            unknown=record.n_deaths_unknown,
            **values,
        )
    return text("{component}: {value:g}; score {score:.2f}, weight {weight:.0%}.", **values)


def _gate_line(letter: str, record: AccessRecord, settings: AccessSettings) -> Text:
    gate = record.gates[letter]
    passed = N_("Condition of the top class passed: “{component}” is {value:g}, {needed} needed.")
    missed = N_("Condition of the top class not met: “{component}” is {value:g}, {needed} needed.")
    return text(
        passed if gate.is_passed else missed,
        component=text(_WINDOW if letter == WINDOW_GATE else settings.component_label(letter)),
        value=gate.value,
        # Counts are whole: the lowest count that passes is shown, not a fraction of a month or an attack.
        needed=math.ceil(round(gate.needed, 6)),
    )


def _beyond_attacks(record: AccessRecord) -> list[Text]:
    """Return the conditions of the top class that more attacks in the same months cannot meet."""
    lines = []
    for name, gate in record.gates.items():
        missing = math.ceil(round(gate.needed - gate.value, 6))
        if not gate.is_passed and name in _NOT_BY_ATTACKS:
            lines.append(replace(_NOT_BY_ATTACKS[name], n=missing))
    return lines


def _distance_lines(record: AccessRecord) -> list[Text]:
    if record.next_cut is None or record.aci is None:
        return []
    beyond = _beyond_attacks(record) if record.class_code == CLASSES[TOP - 1][0] else []
    if record.aci >= record.next_cut:
        reached = text("The points reach the top class; a missed condition keeps the district in the class below.")
        return [reached, *beyond]
    if beyond:
        return beyond
    if record.tipping is None:
        return [text("No multiple of the recorded attacks alone would reach {cut:g} points.", cut=record.next_cut)]
    # A factor close to 1 is rounded up to two decimals: "1.0 times higher" would say nothing.
    factor = f"{record.tipping:.1f}" if record.tipping >= 1.1 else f"{math.ceil(record.tipping * 100) / 100:.2f}"
    needed = N_("For the next class (from {cut:g} points), recorded attacks would have to be {factor} times higher.")
    return [text(needed, cut=record.next_cut, factor=factor)]
