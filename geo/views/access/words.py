"""The index in the words of the page: classes, points, windows, rules, and what every figure carries."""

from __future__ import annotations

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import profiles
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.scores import CLASSES
from geo.analysis.index.settings import AccessSettings
from geo.schema import SOURCES

SHORT_NAMES: dict[str, str] = {
    "S": "Attacks on forces",
    "K": "Months with an attack",
    "C": "Signs of control",
    "M": "Attacks on any target",
    "L": "People killed",
}
# Heads of narrow columns.
COLUMN_NAMES: dict[str, str] = {"S": "Forces", "K": "Months", "C": "Control", "M": "Any target", "L": "Killed"}
CLASS_WORDS: tuple[str, ...] = tuple(word for word, _ in CLASSES.values())
# Without the explanation in brackets, for cells and small maps.
SHORT_CLASSES: dict[str, str] = {word: label.split(" (")[0] for word, label in CLASSES.values()}


def window_text(window: Window) -> str:
    """Return a window in words."""
    return f"{window.first_day:%b %Y} to {window.last_day:%b %Y}"


def is_unsettled(record: AccessRecord) -> bool:
    """Return whether fewer than half of the draws give the district this class."""
    return record.agreement_code == "unsettled"


def has_record(record: AccessRecord) -> bool:
    """Return whether anything is counted in the district."""
    return any(component.value for component in record.components.values())


def class_text(record: AccessRecord) -> str:
    """Return the class in words; "low" with nothing recorded says so."""
    return record.class_label if record.class_code != "low" or has_record(record) else "Low recorded: none recorded"


def points_text(record: AccessRecord) -> str:
    """Return the points with the range across settings, or that there are none."""
    if record.aci is None:
        return "insufficient data"
    spread = range_text(record)
    return f"{record.points} ({spread} across settings)" if spread else f"{record.points}"


def range_text(record: AccessRecord) -> str:
    """Return the 5th to 95th percentile of the draws, or ""."""
    if record.aci_low is None or record.aci_high is None:
        return ""
    return f"{record.aci_low:.0f} to {record.aci_high:.0f}"


def missed_text(record: AccessRecord) -> str:
    """Return which conditions of the top class a district misses, "none", or "" where there is no index."""
    if record.aci is None:
        return ""
    missed = [COLUMN_NAMES[letter].lower() for letter, gate in record.gates.items() if not gate.is_passed]
    return ", ".join(missed) or "none"


def gates_text(settings: AccessSettings) -> str:
    """Return the conditions of the top class for twelve months."""
    gates = settings.gates.given()
    words = {
        "S": f"{gates.get('S', 0):g} attacks on forces",
        "K": f"{-(-round(gates.get('K', 0) * 12, 6) // 1):g} months with one",
        "C": f"{gates.get('C', 0):g} sign of control",
    }
    return " and ".join(words[letter] for letter in gates)


def rule_text(settings: AccessSettings) -> str:
    """Return the class rule in one line."""
    cuts = ", ".join(f"{cut:g}" for cut in settings.cuts)
    return f"Classes from {cuts} points; in 12 months the top class also needs {gates_text(settings)}"


def legend_notes(index: AccessIndex) -> tuple[str, ...]:
    """Return what a legend says about the figure: window, source, what is left out, rule, settings."""
    counted = f"{index.n_located:,} incidents counted, {index.n_not_located:,} not located"
    return (
        f"{window_text(index.window)}, {index.variant}, settings {index.settings.settings_hash()}",
        f"{SOURCES[index.sources[0]].label}: {counted}",
        rule_text(index.settings),
    )


def notes(index: AccessIndex) -> tuple[str, ...]:
    """Return what a downloaded figure of the index must say about itself."""
    return (
        f"KP Incident Atlas: {index.variant}, {window_text(index.window)}",
        *(f"Source: {SOURCES[source].credit}" for source in index.sources),
        f"{index.n_located:,} incidents counted, {index.n_not_located:,} not located",
        rule_text(index.settings),
        f"Settings {index.settings.settings_hash()}, data {index.table_version}",
        caution(index),
    )


def caution(index: AccessIndex) -> str:
    """Return what the profile of the index warns of."""
    return profiles()[index.settings.profile].caution
