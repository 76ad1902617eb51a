"""The index in the words of the page: classes, points, windows, rules, and what every figure carries."""

from __future__ import annotations

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import profiles
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.scores import CLASSES, WINDOW_GATE
from geo.analysis.index.settings import AccessSettings
from geo.districts import population_note
from geo.schema import SOURCES
from geo.wording import N_, _, _n, format_date, format_list

SHORT_NAMES: dict[str, str] = {
    "S": N_("Attacks on forces"),
    "K": N_("Months with an attack"),
    "C": N_("Signs of control"),
    "M": N_("Attacks on any target"),
    "L": N_("People killed"),
}
# Heads of narrow columns.
COLUMN_NAMES: dict[str, str] = {
    "S": N_("Forces"),
    "K": N_("Months"),
    "C": N_("Control"),
    "M": N_("Any target"),
    "L": N_("Killed"),
}
GATE_NAMES: dict[str, str] = COLUMN_NAMES | {WINDOW_GATE: N_("Window")}
CLASS_WORDS: tuple[str, ...] = tuple(word for word, _label in CLASSES.values())
# Without the explanation in brackets, for cells and small maps.
SHORT_CLASSES: dict[str, str] = {
    "insufficient": N_("Insufficient data"),
    "low": N_("Low recorded"),
    "elevated": N_("Elevated"),
    "severe": N_("Severe"),
    "no_go": N_("High recorded attacks, steady"),
}
SAME_NEWS = N_(
    "Lists and incidents come from the same news reports: agreement supports the index but does not prove it."
)


def window_text(window: Window) -> str:
    """Return a window in words."""
    first, last = (format_date(day, "short_month") for day in (window.first_day, window.last_day))
    return _("{first} to {last}", first=first, last=last)


def is_unsettled(record: AccessRecord) -> bool:
    """Return whether fewer than half of the draws give the district this class."""
    return record.agreement_code == "unsettled"


def has_record(record: AccessRecord) -> bool:
    """Return whether anything is counted in the district."""
    return any(component.value for component in record.components.values())


def class_text(record: AccessRecord) -> str:
    """Return the class in words; "low" with nothing recorded says so."""
    if record.class_code == "low" and not has_record(record):
        return _("Low recorded: none recorded")
    return _(record.class_label)


def points_text(record: AccessRecord) -> str:
    """Return the points with the range across settings, or that there are none."""
    if record.aci is None:
        return _("insufficient data")
    spread = range_text(record)
    return _("{points} ({range} across settings)", points=record.points, range=spread) if spread else f"{record.points}"


def range_text(record: AccessRecord) -> str:
    """Return the 5th to 95th percentile of the draws, or ""."""
    if record.aci_low is None or record.aci_high is None:
        return ""
    return _("{low:.0f} to {high:.0f}", low=record.aci_low, high=record.aci_high)


def missed_text(record: AccessRecord) -> str:
    """Return which conditions of the top class a district misses, "none", or "" where there is no index."""
    if record.aci is None:
        return ""
    missed = [_(GATE_NAMES[letter]) for letter, gate in record.gates.items() if not gate.is_passed]
    return format_list(missed) or _("none")


def gates_text(settings: AccessSettings) -> str:
    """Return the conditions of the top class for twelve months."""
    gates = settings.gates.given()
    needed = {letter: int(-(-round(gates.get(letter, 0) * (12 if letter == "K" else 1), 6) // 1)) for letter in "SKC"}
    texts = {
        "S": _n("{n} attack on forces", "{n} attacks on forces", needed["S"]),
        "K": _n("{n} month with an attack", "{n} months with an attack", needed["K"]),
        "C": _n("{n} sign of control", "{n} signs of control", needed["C"]),
    }
    return format_list([texts[letter] for letter in gates])


def cuts_text(settings: AccessSettings) -> str:
    """Return the lower limits of the classes."""
    return format_list([f"{cut:g}" for cut in settings.cuts])


def rule_text(settings: AccessSettings) -> str:
    """Return the class rule in one line."""
    return _(
        "Classes begin at {cuts} points. In 12 months the top class also needs: {gates}",
        cuts=cuts_text(settings),
        gates=gates_text(settings),
    )


def _counted_text(index: AccessIndex) -> str:
    return _(
        "{source}: {n} incidents counted, {not_located} not located",
        source=format_list([_(SOURCES[source].label) for source in index.sources]),
        n=index.n_located,
        not_located=index.n_not_located,
    )


def _population_notes(index: AccessIndex) -> tuple[str, ...]:
    note = population_note(index.window.midpoint_year)
    return (str(note),) if note else ()


def legend_notes(index: AccessIndex) -> tuple[str, ...]:
    """Return what a legend says about the figure: window, source, what is left out, rule, settings."""
    settings = _("settings {code}", code=index.settings.settings_hash())
    return (
        format_list([window_text(index.window), _(index.variant), settings]),
        _counted_text(index),
        rule_text(index.settings),
        *_population_notes(index),
    )


def said_of(index: AccessIndex) -> tuple[str, ...]:
    """Return what a file of the index must say about itself, besides title, months and sources."""
    return (
        _(index.variant),
        _counted_text(index),
        rule_text(index.settings),
        *_population_notes(index),
        _("Settings {code}, data {version}", code=index.settings.settings_hash(), version=index.table_version),
        caution(index),
    )


def caution(index: AccessIndex) -> str:
    """Return what the profile of the index warns of."""
    return _(profiles()[index.settings.profile].caution)
