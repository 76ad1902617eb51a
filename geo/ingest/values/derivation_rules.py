"""Rules that the atlas sets itself where a table states less than the canonical incident."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.codes import encode, spread
from geo.ingest.notes import NoteKind
from geo.ingest.values import dates, places
from geo.ingest.values.cells import EMPTY_CELL, Reading
from geo.ingest.values.choices import choice, folded_word
from geo.ingest.values.dates import DateStyle, Days, Spans
from geo.ingest.values.labels import Labels, Mask, labelled
from geo.ingest.values.words import by_tokens, read_words
from geo.schema import ATTACK_TYPES, DATE_PRECISIONS, SECURITY_TARGETS

# Stands for an attack type in a word that nobody can read, until it is counted as other.
UNLISTED = "unlisted"


def initiators(attack: Labels, target: Labels) -> Labels:
    """Return who initiated each incident, by rule, for tables that do not state it.

    No attack type, or a word for it that nobody can read: not stated. Militants as the target: state forces. A clash
    with state armed forces, or with nobody named: mutual. An air strike or operation: state. Other attacks: militants.
    """
    is_open = attack.is_any("unknown", UNLISTED)
    is_state = target.is_any("militant") | attack.is_any("state_operation", "air_strike_state")
    is_mutual = attack.is_any("clash_unspecified") & target.is_any(*SECURITY_TARGETS, "unknown", "other")
    return labelled([is_open, is_state, is_mutual], ["unknown", "state", "mutual"], "militant", len(attack))


def stated_initiators(reading: Reading, attack: Labels, target: Labels, added: Mapping[str, str]) -> Labels:
    """Return who initiated each incident: as stated, as a word of the attack type says, by rule, or as answered.

    added: folded word -> code of the user's mapping. A file that does not say who began raises one question, whose
    answer (ReadOptions.initiator) counts for these rows; until then they are not stated.
    """
    stated = read_words(reading, "initiator", blank="", other="unknown", added=added)
    # A code or its label says by the rules who began; "Drone strike" is written by people, drone_strike is not.
    codes = {one.casefold() for pair in ATTACK_TYPES.items() for one in pair}
    words, places = reading.words("attack_type")
    told = Labels(["" if one.casefold() in codes else by_tokens("begun_by", one) or "" for one in words], places)
    by_rule = told.replaced(told.is_any(""), initiators(attack, target))
    says_nothing = told.is_any("unknown") | (attack.is_any("unknown", UNLISTED) & told.is_any(""))
    is_open = stated.is_any("") & says_nothing
    answer = reading.options.initiator
    if answer is None:
        reading.note_rows(is_open, NoteKind.INITIATOR_NOT_STATED)
    is_derived = stated.is_any("") & ~is_open
    reading.note_rows(is_derived & by_rule.is_any("militant"), NoteKind.MILITANTS_BY_RULE)
    reading.note_rows(is_derived & ~by_rule.is_any("militant"), NoteKind.INITIATOR_BY_RULE)
    return stated.replaced(stated.is_any(""), by_rule.replaced(is_open, answer or "unknown"))


def with_stated_precision(reading: Reading, key: str, found: Spans) -> Spans:
    """Return the days of each row; a stated precision "month" or "year" widens a day.

    key: of the column of precisions. One that is finer than the writing of the date is not used: 2024-03 stays a month.
    """
    precision = found.precision
    words = {folded_word(code): code for code in DATE_PRECISIONS}
    stated = choice(reading, key, words, blank="day", other="day")
    for unit, code in (("M", "month"), ("Y", "year")):
        found = widened(found, stated.is_any(code) & precision.is_any("day", "month"), unit)
    is_finer = precision.is_any("day") | (precision.is_any("month") & stated.is_any("year"))
    return Spans(found.start, found.end, precision.replaced(is_finer, stated))


def widened(spans: Spans, where: Mask, unit: str) -> Spans:
    """Return the days with the marked ones widened to their whole month (unit "M") or year ("Y")."""
    first = spans.start.astype("datetime64[D]").astype(f"datetime64[{unit}]")
    last = (first + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    start = np.where(where, first.astype("datetime64[D]").astype(np.int32), spans.start)
    return Spans(start, np.where(where, last.astype(np.int32), spans.end), spans.precision)


def with_stated_end(reading: Reading, key: str, spans: Spans, style: DateStyle) -> Spans:
    """Return the days with the stated last day where the column has one.

    An end before the first day is dropped, and counted in a note.
    """
    if not reading.has(key):
        return spans
    results, codes = dates.optional_spans(reading, key, style)
    stated: Days = spread((dates.day_number(one.end) if one else -1 for one in results), codes, np.int32(-1))
    is_stated = np.array([one is not None for one in results], dtype=bool)[codes]
    is_early = is_stated & (stated < spans.start)
    reading.note_rows(is_early, NoteKind.ENDS_BEFORE_BEGIN, key, column=reading.name_of(key))
    return Spans(spans.start, np.where(is_stated & ~is_early, stated, spans.end), spans.precision)


def geo_precisions(reading: Reading, stated: Labels, coordinates: places.Points) -> Labels:
    """Return the stated precision, lowered to "district" where a point is claimed but not given."""
    without = stated.is_any("exact", "near") & ~coordinates.is_given
    reading.note_rows(without, NoteKind.POINT_WITHOUT_COORDINATES)
    return stated.replaced(without, "district")


def is_pakistan(reading: Reading, key: str) -> Mask:
    """Return whether the row is in Pakistan by its country, shape (n,); a blank or a missing column counts as yes."""
    return reading.matches(key, lambda word: word.casefold() in ("pakistan", "pak", "pk", "586", ""))


def admin_fields(reading: Reading, district_key: str, province_key: str, is_ours: Mask) -> dict[str, object]:
    """Return district and province as given; rows of other countries are outside and name no district of ours."""
    return {
        "district_reported": pc.if_else(pa.array(is_ours), reading.text(district_key), pa.scalar(None, pa.string())),
        "admin1_reported": reading.text(province_key),
        "district_method": Labels.same("outside", len(reading)).replaced(is_ours, "none"),
    }


def group_ids_of(names: pa.Array) -> Labels:
    """Return the group key of each name; null is "unid", an unlisted name is "other"."""
    from geo.districts import group_id

    texts, codes = encode(names)
    return Labels([*map(group_id, texts), "unid"], codes)


def named_groups(reading: Reading, key: str) -> Labels:
    """Return the group key of each row of a column of groups; names that are not listed are "other", and noted."""
    from geo.districts import group_id

    names, places = reading.words(key)
    found = [group_id(name) for name in names]
    reading.note_words(spread((one == "other" for one in found), places, False), NoteKind.OTHER_WORDS, key)
    return Labels(found, places)


def required_text(reading: Reading, key: str) -> pa.Array:
    """Return a text column in which a blank cell refuses the row."""
    column = reading.text(key)
    reading.refuse(np.asarray(column.is_null()), key, EMPTY_CELL)
    return column
