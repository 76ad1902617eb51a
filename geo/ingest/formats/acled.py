"""ACLED events: export files of 2022 to 2026 and replies of the API; the weekly aggregate is refused.

Codes: ACLED Codebook. The two actors carry no direction, so the initiator is a rule, not a field. Protests,
riots and strategic developments without an attack are not militant incidents and are refused.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format, not_for_districts
from geo.ingest.formats.acled_actors import EXTERNAL, IDENTITY, MILITANTS, PEACE, RIOTERS, STATE, Sides, sides, targets
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values import dates, derivation_rules, places
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading, integers
from geo.ingest.values.choices import choice
from geo.ingest.values.counts import counts
from geo.ingest.values.labels import Labels, Mask, labelled
from geo.problems import ProblemCode
from geo.vocabularies import codes
from geo.wording import N_, text

_NOT_AN_ATTACK = "not_an_attack"
_NO_INCIDENT = CellError(
    ProblemCode.CATEGORY,
    text("Protests, riots, arrests and agreements are not militant incidents: the row is not used."),
    text("No action needed."),
)
# By column of ACLED; the codebook has 25 sub-event types.
_CODES = codes("acled")

# In the notes of an armed clash: who is reported to have initiated it.
_BY_MILITANTS = (
    r"(?i)((militants?|gunmen|terrorists?|ttp|insurgents?) (attack|ambush|storm|target|open(ed)? fire|assault)"
    r"|c(ame|ome|oming) under (attack|fire)|(were|was) (attacked|ambushed|fired (up)?on))"
)
_BY_STATE = (
    r"(?i)(intelligence[- ]based operation|\bibo\b|\braid|search (and clearance )?operation|conducted an operation)"
)
_AMBUSH = r"(?i)\bambush"
_OVERRUN = r"(?i)\b(overran|overrun|captured)\b[^.]{0,40}post"
_QUADCOPTER = r"(?i)quad-?copter|(militants?|ttp|terrorists?) (used|dropped|launched)[^.]{0,40}drone"


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of ACLED events."""
    days = dates.spans(reading, "event_date", dates.style_of(reading, "event_date"))
    precision = choice(reading, "time_precision", _CODES["time_precision"], blank="day", other="day")
    days = derivation_rules.widened(days, precision.is_any("month"), "M")
    is_ours = derivation_rules.is_pakistan(reading, "country")
    coordinates = places.points(reading, "latitude", "longitude", is_ours, ("admin2",))
    attack = _attacks(reading)
    reading.refuse(attack.is_any(_NOT_AN_ATTACK), "sub_event_type", _NO_INCIDENT)
    both = sides(reading)
    initiator = _initiators(reading, attack, both, is_ours)
    attack = _refined_attacks(reading, attack, both, initiator, is_ours)
    reading.snapshot_date = _last_edit(reading)
    reading.note(NoteKind.ACLED_ONE_TOLL)
    fields: dict[str, object] = {
        **days.fields,
        "date_precision": precision,
        **coordinates.fields,
        "geo_precision": _geo_precision(reading),
        "place": reading.text("location"),
        "attack_type": attack.replaced(attack.is_any(_NOT_AN_ATTACK), "unknown"),
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


def _attacks(reading: Reading) -> Labels:
    """Return attack types by the sub-event; where it is blank or not in the codebook, by the kind of event."""
    attack = choice(reading, "sub_event_type", _CODES["sub_event_type"], blank="", other="")
    is_open = attack.is_any("")
    if not is_open.any():
        return attack
    return attack.replaced(
        is_open, choice(reading, "event_type", _CODES["event_type"], blank="unknown", other="unknown")
    )


def _initiators(reading: Reading, attack: Labels, both: Sides, is_read: Mask) -> Labels:
    """Return who initiated each event; is_read: rows whose notes are looked at."""
    n_rows = len(reading)
    is_clash, is_air = attack.is_any("clash_unspecified"), attack.is_any("drone_strike")
    has_militant, has_state, has_foreign = both.has(*MILITANTS), both.has(STATE), both.has(EXTERNAL)
    has_peace = both.has(PEACE)
    by_militants = is_clash & has_militant & _notes_say(reading, _BY_MILITANTS, is_clash & is_read)
    by_state = is_clash & has_state & _notes_say(reading, _BY_STATE, is_clash & is_read)
    is_two_sided = is_clash | attack.is_any("shelling_rocket")
    one_side = labelled(
        [has_foreign & ~has_militant, has_militant, has_state, both.has(IDENTITY, RIOTERS, PEACE)],
        ["foreign", "militant", "state", "communal"],
        "unknown",
        n_rows,
    )
    two_sides = labelled(
        [has_foreign, has_militant & (has_state | has_peace), has_state, has_militant & ~both.are_armed_groups],
        ["foreign", "mutual", "state", "militant"],
        "communal",
        n_rows,
    )
    return labelled(
        [
            attack.is_any("territory_taken", "suicide_bombing"),
            attack.is_any("state_operation", "disrupted_plot"),
            is_air & _militants_fly(reading, attack, both, is_read),
            is_air & has_foreign,
            is_air & has_state,
            is_air,
            # Notes that tell of an attack and of an operation do not say who began.
            by_militants & ~by_state,
            by_state & ~by_militants & ~has_foreign,
            is_two_sided,
        ],
        ["militant", "state", "militant", "foreign", "state", "foreign", "militant", "state", two_sides],
        one_side,
        n_rows,
    )


def _refined_attacks(reading: Reading, attack: Labels, both: Sides, initiator: Labels, is_read: Mask) -> Labels:
    """Return attack types with air strikes kept separate from drones of militants, and clashes by their initiator."""
    is_clash, is_air = attack.is_any("clash_unspecified"), attack.is_any("drone_strike")
    attacked = is_clash & initiator.is_any("militant")
    described = attacked & is_read
    return labelled(
        [
            is_air & ~_militants_fly(reading, attack, both, is_read),
            _notes_say(reading, _AMBUSH, described),
            _notes_say(reading, _OVERRUN, described),
            _notes_say(reading, _BY_MILITANTS, described),
            is_clash & initiator.is_any("state"),
        ],
        ["air_strike_state", "ambush", "post_overrun", "armed_assault", "state_operation"],
        attack,
        len(reading),
    )


def _militants_fly(reading: Reading, attack: Labels, both: Sides, is_read: Mask) -> Mask:
    """Return whether an air or drone strike is one by militants: no state takes part, or the notes say so."""
    is_possible = both.has(*MILITANTS) & attack.is_any("drone_strike")
    return is_possible & (~both.has(STATE, EXTERNAL) | _notes_say(reading, _QUADCOPTER, is_possible & is_read))


def _notes_say(reading: Reading, pattern: str, where: Mask) -> Mask:
    """Return whether the notes of the marked rows match a pattern; False elsewhere."""
    found = np.zeros(len(reading), dtype=bool)
    if reading.has("notes") and where.any():
        notes = reading.table.texts("notes").take(pa.array(np.flatnonzero(where)))
        found[where] = np.asarray(pc.match_substring_regex(notes, pattern))
    return found


def _geo_precision(reading: Reading) -> Labels:
    """Return the precision of the place; 3 is a larger region: its district where one is named, else the province."""
    stated = choice(reading, "geo_precision", _CODES["geo_precision"], blank="near", other="near")
    return stated.replaced(stated.is_any("district") & ~reading.is_filled("admin2"), "province")


def _source_counts(reading: Reading) -> pa.Array:
    words, codes = reading.words("source")
    return integers([sum(bool(part.strip()) for part in word.split(";")) or None for word in words], codes)


def _last_edit(reading: Reading) -> date | None:
    """Return the day of the newest edit of any record, which dates the download."""
    stamps = [int(word) for word in reading.words("timestamp")[0] if re.fullmatch(r"\d{9,10}", word)]
    return datetime.fromtimestamp(max(stamps), UTC).date() if stamps else None


FORMAT = Format(
    key="acled",
    label=N_("ACLED events"),
    source="acled",
    signature=frozenset({"event_date", "event_type", "sub_event_type", "actor1", "admin1", "fatalities"}),
    convert=convert,
)
WEEKLY = Format(
    key="acled_weekly",
    label=N_("ACLED weekly aggregate"),
    source="acled",
    signature=frozenset({"week", "admin1", "event_type", "sub_event_type", "events", "fatalities"}),
    convert=not_for_districts(
        text("This is ACLED's weekly aggregate: it names provinces, not districts."),
        text("Use the event export, or the monthly file by district from HDX."),
    ),
)
