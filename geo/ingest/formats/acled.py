"""ACLED events: export files of 2022 to 2026 and replies of the interface; the weekly aggregate is refused.

Codes: ACLED Codebook. The two actors carry no direction, so who began is a rule, not a field. Protests,
riots and strategic developments without an attack are no militant incidents and are set aside.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.formats import Format
from geo.ingest.formats.acled_actors import Sides, sides, targets
from geo.ingest.tables import CellError
from geo.ingest.values import dates, derivation_rules, places
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading, choice
from geo.ingest.values.counts import counts
from geo.ingest.values.labels import Labels, labelled
from geo.problems import Problem, ProblemCode, RejectedUpload

_SET_ASIDE = "aside"
# Sub-event type -> attack type; the codebook has 25 sub-event types.
_ATTACKS = {
    "armed clash": "clash_unspecified",
    "government regains territory": "state_operation",
    "non state actor overtakes territory": "territory_taken",
    "suicide bomb": "suicide_bombing",
    "remote explosive/landmine/ied": "ied",
    "grenade": "grenade",
    "shelling/artillery/missile attack": "shelling_rocket",
    "air/drone strike": "drone_strike",
    "chemical weapon": "threat_other",
    "attack": "armed_assault",
    "sexual violence": "armed_assault",
    "abduction/forced disappearance": "abduction",
    "looting/property destruction": "weapons_looting",
    "headquarters or base established": "checkpoint_blockade",
    "non violent transfer of territory": "territory_taken",
    "disrupted weapons use": "disrupted_plot",
    "peaceful protest": _SET_ASIDE,
    "protest with intervention": _SET_ASIDE,
    "excessive force against protesters": _SET_ASIDE,
    "violent demonstration": _SET_ASIDE,
    "mob violence": _SET_ASIDE,
    "arrests": _SET_ASIDE,
    "change to group/activity": _SET_ASIDE,
    "agreement": _SET_ASIDE,
    "other": _SET_ASIDE,
}
_TIMES = {"1": "day", "2": "week", "3": "month"}
_PLACES = {"1": "exact", "2": "near", "3": "district"}

# In the notes of an armed clash: who is said to have begun.
_BY_MILITANTS = (
    r"(?i)(militants?|gunmen|terrorists?|ttp|insurgents?) (attack|ambush|storm|target|open(ed)? fire|assault)"
)
_BY_STATE = (
    r"(?i)(intelligence[- ]based operation|\bibo\b|\braid|search (and clearance )?operation|conducted an operation)"
)
_AMBUSH = r"(?i)\bambush"
_OVERRUN = r"(?i)\b(overran|overrun|captured)\b[^.]{0,40}post"
_QUADCOPTER = r"(?i)quad-?copter|(militants?|ttp|terrorists?) (used|dropped|launched)[^.]{0,40}drone"


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of ACLED events."""
    order = dates.settled_order(reading, "event_date")
    start, end, _ = dates.spans(reading, "event_date", lambda text: dates.parse_date(text, order, short_years=True))
    precision = choice(reading, "time_precision", _TIMES, blank="day")
    start, end = derivation_rules.widened(start, end, precision.is_any("month"), "M")
    is_ours = derivation_rules.is_pakistan(reading, "country")
    coordinates = places.points(reading, "latitude", "longitude", is_ours)
    attack = choice(reading, "sub_event_type", _ATTACKS, blank=_SET_ASIDE)
    _set_aside(reading, attack.is_any(_SET_ASIDE))
    both = sides(reading)
    initiator = _initiators(reading, attack, both, is_ours)
    attack = _refined_attacks(reading, attack, both, initiator, is_ours)
    reading.snapshot_date = _last_edit(reading)
    reading.note("ACLED states one death toll of all sides; 0 also stands for 'none reported'.")
    fields: dict[str, object] = {
        "date_start": start,
        "date_end": end,
        "date_precision": precision,
        "lat": coordinates.lat,
        "lon": coordinates.lon,
        "geo_precision": _geo_precision(reading),
        "place": reading.text("location"),
        "attack_type": attack.replaced(attack.is_any(_SET_ASIDE), "unknown"),
        "target_type": targets(reading, both, initiator),
        "initiator": initiator,
        "group_reported": both.group,
        "group_id": both.group_id,
        "killed_best": counts(reading, "fatalities"),
        "n_sources": _source_counts(reading),
    }
    if reading.has("event_id_cnty"):
        fields["source_event_id"] = derivation_rules.required_text(reading, "event_id_cnty")
    return fields | derivation_rules.admin_fields(reading, "admin2", "admin1", is_ours)


def _set_aside(reading: Reading, where: NDArray[np.bool_]) -> None:
    message = "Protests, riots, arrests and agreements are no militant incidents: the row is set aside."
    reading.refuse(where, "sub_event_type", CellError(ProblemCode.CATEGORY, message, "Nothing need be done."))


def _initiators(reading: Reading, attack: Labels, both: Sides, is_read: NDArray[np.bool_]) -> Labels:
    """Return who began; is_read: rows whose notes are looked at."""
    n_rows = len(reading)
    is_clash, is_air = attack.is_any("clash_unspecified"), attack.is_any("drone_strike")
    is_two_sided = is_clash | attack.is_any("shelling_rocket")
    one_side = labelled(
        [both.has_militant, both.has_state, both.has_foreign, both.has_identity],
        ["militant", "state", "foreign", "communal"],
        "unknown",
        n_rows,
    )
    two_sides = labelled(
        [both.has_state & both.has_militant, both.has_state, both.has_foreign, both.is_militant_alone],
        ["mutual", "state", "foreign", "militant"],
        "communal",
        n_rows,
    )
    return labelled(
        [
            attack.is_any("territory_taken", "suicide_bombing"),
            attack.is_any("state_operation", "disrupted_plot"),
            is_air & _militants_fly(reading, attack, both, is_read),
            is_air & both.has_state,
            is_air,
            is_clash & both.has_militant & _notes_say(reading, _BY_MILITANTS, is_clash & is_read),
            is_clash & both.has_state & _notes_say(reading, _BY_STATE, is_clash & is_read),
            is_two_sided,
        ],
        ["militant", "state", "militant", "state", "foreign", "militant", "state", two_sides],
        one_side,
        n_rows,
    )


def _refined_attacks(
    reading: Reading,
    attack: Labels,
    both: Sides,
    initiator: Labels,
    is_read: NDArray[np.bool_],
) -> Labels:
    """Return attack types with air strikes told from drones of militants, and clashes by who began."""
    is_clash, is_air = attack.is_any("clash_unspecified"), attack.is_any("drone_strike")
    attacked = is_clash & initiator.is_any("militant")
    told = attacked & is_read
    return labelled(
        [
            is_air & ~_militants_fly(reading, attack, both, is_read),
            _notes_say(reading, _AMBUSH, told),
            _notes_say(reading, _OVERRUN, told),
            _notes_say(reading, _BY_MILITANTS, told),
            is_clash & initiator.is_any("state"),
        ],
        ["air_strike_state", "ambush", "post_overrun", "armed_assault", "state_operation"],
        attack,
        len(reading),
    )


def _militants_fly(reading: Reading, attack: Labels, both: Sides, is_read: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether an air or drone strike is one by militants: no state takes part, or the notes say so."""
    is_open = both.has_militant & attack.is_any("drone_strike")
    unopposed = ~(both.has_state | both.has_foreign)
    flown: NDArray[np.bool_] = is_open & (unopposed | _notes_say(reading, _QUADCOPTER, is_open & is_read))
    return flown


def _notes_say(reading: Reading, pattern: str, where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether the notes of the marked rows match a pattern; False elsewhere."""
    found = np.zeros(len(reading), dtype=bool)
    if reading.has("notes") and where.any():
        notes = reading.table.texts("notes").take(pa.array(np.flatnonzero(where)))
        found[where] = np.asarray(pc.match_substring_regex(notes, pattern))
    return found


def _geo_precision(reading: Reading) -> Labels:
    """3 is a larger region: its district where one is named, else the province."""
    stated = choice(reading, "geo_precision", _PLACES, blank="near")
    has_district = derivation_rules.is_filled(reading, "admin2")
    return stated.replaced(stated.is_any("district") & ~has_district, "province")


def _source_counts(reading: Reading) -> pa.Array:
    words, codes = reading.words("source")
    numbers = [sum(bool(part.strip()) for part in word.split(";")) or None for word in words]
    return pa.array([*numbers, None], pa.int32()).take(pa.array(codes))


def _last_edit(reading: Reading) -> date | None:
    """The newest edit of any record dates the download."""
    stamps = [int(word) for word in reading.words("timestamp")[0] if re.fullmatch(r"\d{9,10}", word)]
    return datetime.fromtimestamp(max(stamps), UTC).date() if stamps else None


def refuse_weekly(reading: Reading) -> Fields:
    """Refuse the weekly aggregate as a whole: it names provinces only."""
    message = "This is ACLED's weekly aggregate: it names provinces, not districts."
    hint = "Use the event export, or the monthly file by district from HDX."
    raise RejectedUpload([Problem(ProblemCode.NOT_FOR_DISTRICTS, message, hint, reading.file, reading.table.sheet)])


FORMAT = Format(
    key="acled",
    label="ACLED events",
    source="acled",
    signature=frozenset({"event_date", "event_type", "sub_event_type", "actor1", "admin1", "fatalities"}),
    convert=convert,
    rules=(
        "Numbers and texts of inter1 and inter2 are both read; without them the names of the actors decide.",
        "Who began, by rule, since the two actors carry no direction: the notes of an armed clash (an attack or "
        "ambush by militants; an operation or raid by state forces), else both sides; suicide bombs and "
        "territory taken: militants; air strikes: the state unless the notes name a quadcopter; other attacks: "
        "the armed side that is not civilian, militants before state forces.",
        "Protests, riots, arrests, agreements and changes of groups are set aside: they are no militant incidents.",
        "time_precision 2 is known to the week, 3 to the month. geo_precision 3 is the district where one is "
        "named, else the province.",
        "One toll of all sides; 0 also stands for none reported. The newest edit dates the download.",
    ),
    code_tables=(
        ("sub_event_type", {word: code for word, code in _ATTACKS.items() if code != _SET_ASIDE}),
        ("time_precision", _TIMES),
        ("geo_precision", _PLACES),
    ),
)
WEEKLY = Format(
    key="acled_weekly",
    label="ACLED weekly aggregate",
    source="acled",
    signature=frozenset({"week", "admin1", "event_type", "sub_event_type", "events", "fatalities"}),
    convert=refuse_weekly,
    rules=("Refused as a whole: it names provinces, not districts.",),
)
