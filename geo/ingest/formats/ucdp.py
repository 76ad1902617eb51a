"""UCDP Georeferenced Event Dataset: yearly and candidate releases, HDX country files, API replies.

Codes: UCDP GED Codebook (Sundberg and Melander 2013 and later versions). The dataset has no target, no
split of the state's dead into police and army, no injured, and no attacks without deaths.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.notes import NoteKind
from geo.ingest.values import dates, derivation_rules, places
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading, integers
from geo.ingest.values.choices import choice
from geo.ingest.values.counts import counts
from geo.ingest.values.date_days import precision_of
from geo.ingest.values.labels import Labels, Mask, labelled
from geo.vocabularies import codes
from geo.wording import N_

_NAMES = """
id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id
conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id
side_b_new_id side_b number_of_sources source_article source_office source_date source_headline
source_original where_prec where_coordinates where_description adm_1 adm_2 latitude longitude
geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a
deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob
"""
COLUMNS: tuple[str, ...] = tuple(_NAMES.split())
_WITH_ISO3 = (*COLUMNS[:34], "iso3", *COLUMNS[34:])

# By column of GED. where_prec 5: a line or a fuzzy area; 7: international waters or airspace.
_CODES = codes("ucdp")
_VIOLENCE = {"1": "1", "2": "2", "3": "3"}
_ANY_STATE, _OUR_STATE = "Government of ", "Government of Pakistan"


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of GED events."""
    style = dates.style_of(reading, "date_start", "date_end")
    days = dates.spans(reading, "date_start", style)
    days = derivation_rules.with_stated_end(reading, "date_end", days, style)
    is_ours = derivation_rules.is_pakistan(reading, "country")
    violence = choice(reading, "type_of_violence", _VIOLENCE, blank="", other="")
    state_dead, civilians = counts(reading, "deaths_a"), counts(reading, "deaths_civilians")
    militants = _militant_dead(reading, violence)
    attack, target, initiator = _who_did_what(reading, violence, (state_dead, civilians, militants))
    coordinates = places.points(reading, "latitude", "longitude", is_ours, ("adm_2",))
    suffix = "" if reading.has("best") else "_est"
    is_candidate = reading.matches("code_status", lambda word: word not in ("", "Clear"))
    reading.note_rows(is_candidate, NoteKind.UCDP_CANDIDATES)
    reading.note_rows(reading.matches("event_clarity", "2".__eq__), NoteKind.UCDP_SEVERAL_EVENTS)
    fields: dict[str, object] = {
        "source_event_id": derivation_rules.required_text(reading, "id"),
        **days.fields,
        "date_precision": _date_precision(reading, days),
        **coordinates.fields,
        "geo_precision": choice(reading, "where_prec", _CODES["where_prec"], blank="unknown", other="unknown"),
        "place": reading.text("where_coordinates"),
        "attack_type": attack,
        "target_type": target,
        "initiator": initiator,
        "killed_best": counts(reading, f"best{suffix}"),
        "killed_low": counts(reading, f"low{suffix}"),
        "killed_high": counts(reading, f"high{suffix}"),
        "killed_civilian": civilians,
        "killed_militant": militants,
        "n_sources": _report_counts(reading),
    }
    fields |= derivation_rules.admin_fields(reading, "adm_2", "adm_1", is_ours)
    return fields | _groups(reading, violence)


def _date_precision(reading: Reading, days: dates.Spans) -> Labels:
    """Return the stated precision; in parts of the table that leave it out, that of the stated days."""
    if reading.has("date_prec"):
        return choice(reading, "date_prec", _CODES["date_prec"], blank="day", other="day")
    lengths, codes = np.unique(days.end - days.start + 1, return_inverse=True)
    return Labels([precision_of(n_days) for n_days in lengths.tolist()], codes.astype(np.int32))


def _who_did_what(
    reading: Reading, violence: Labels, dead: tuple[pa.Array, pa.Array, pa.Array]
) -> tuple[Labels, Labels, Labels]:
    """Return attack type, target and initiator by rule: the dataset states none of the three.

    dead: state forces, civilians and militants.

    One-sided violence by a group: armed assault on civilians, initiated by militants; by a government: state.
    Pakistan against a group: a clash of both sides when state forces or civilians died, an operation of the state when
    militants alone are known to have died; neither where the dead are of no known side, or a part of the table leaves
    out who died. Two non-state sides: communal. Another government on either side: foreign.
    """
    is_state_a, is_ours = _begins(reading, "side_a", _ANY_STATE), _begins(reading, "side_a", _OUR_STATE)
    is_foreign = (is_state_a & ~is_ours) | _begins(reading, "side_b", _ANY_STATE)
    is_one_sided, is_state_based = violence.is_any("3"), violence.is_any("1")
    has_state_dead, has_civilians, has_militants = (np.asarray(one.fill_null(0)) > 0 for one in dead)
    is_told = reading.has("deaths_a") and reading.has("deaths_civilians")
    is_fight = is_state_based & is_ours & is_told
    if not is_told:
        reading.note_rows(is_state_based & is_ours, NoteKind.UCDP_WITHOUT_SIDES)
    is_clash = is_fight & (has_state_dead | has_civilians)
    is_operation = is_fight & ~is_clash & has_militants
    n_rows = len(reading)
    between_groups = violence.is_any("2")
    attack = labelled(
        [is_one_sided & ~is_state_a, is_operation, is_clash | between_groups],
        ["armed_assault", "state_operation", "clash_unspecified"],
        "unknown",
        n_rows,
    )
    target = labelled(
        [is_one_sided, is_operation, is_clash & has_state_dead],
        ["civilian", "militant", "other_state_force"],
        "unknown",
        n_rows,
    )
    initiator = labelled(
        [is_foreign, is_one_sided & ~is_state_a, is_one_sided | is_operation, is_clash, between_groups],
        ["foreign", "militant", "state", "mutual", "communal"],
        "unknown",
        n_rows,
    )
    return attack, target, initiator


def _militant_dead(reading: Reading, violence: Labels) -> pa.Array:
    """Return the dead of side b, where side b is a group that fights Pakistan."""
    is_group = violence.is_any("1") & _begins(reading, "side_a", _OUR_STATE) & ~_begins(reading, "side_b", _ANY_STATE)
    return pc.if_else(pa.array(is_group), counts(reading, "deaths_b"), pa.scalar(None, pa.int32()))


def _report_counts(reading: Reading) -> pa.Array:
    """Return the number of reports; -1 means "not counted" in older records."""
    words, codes = reading.words("number_of_sources")
    return integers([int(word) if word.isdecimal() and len(word) < 6 else None for word in words], codes)


def _groups(reading: Reading, violence: Labels) -> dict[str, object]:
    """One-sided violence is done by side a; otherwise the group is the side that is no government."""
    is_state_a, is_state_b = _begins(reading, "side_a", _ANY_STATE), _begins(reading, "side_b", _ANY_STATE)
    takes_a = pa.array(violence.is_any("3") | ~is_state_a)
    has_none = pa.array((is_state_a & violence.is_any("3")) | (is_state_a & is_state_b))
    name = pc.if_else(takes_a, reading.text("side_a"), reading.text("side_b"))
    name = pc.if_else(has_none, pa.scalar(None, pa.string()), name)
    return {"group_reported": name, "group_id": derivation_rules.group_ids_of(name)}


def _begins(reading: Reading, key: str, start: str) -> Mask:
    return reading.matches(key, lambda word: word.startswith(start))


def has_figures(keys: frozenset[str]) -> bool:
    """Whether a table that names the violence and its sides has a figure or a precision that only UCDP gives."""
    return bool(keys & {"where_prec", "date_prec", "best", "best_est", "deaths_a", "deaths_b", "deaths_civilians"})


def headless_names(n_columns: int) -> tuple[str, ...]:
    """Return the column names of a release that was published without them."""
    return _WITH_ISO3 if n_columns == len(_WITH_ISO3) else COLUMNS[:n_columns]


def accepts_cells(cells: Sequence[str]) -> bool:
    """Return whether a row can only be a GED event: year, date and type of violence are in their places.

    A workbook has no cells for the last columns (gwnoa, gwnob) if they are blank in every row.
    """
    if not COLUMNS.index("low") < len(cells) <= len(_WITH_ISO3):
        return False
    row = dict(zip(headless_names(len(cells)), cells, strict=True))
    day = re.compile(r"\d{4}-\d{2}-\d{2}")
    return bool(
        re.fullmatch(r"(19|20)\d\d", row["year"])
        and row["type_of_violence"] in _VIOLENCE
        and day.match(row["date_start"])
        and day.match(row["date_end"])
        and row["geom_wkt"].startswith("POINT")
    )


FORMAT = Format(
    key="ucdp_ged",
    label=N_("UCDP Georeferenced Event Dataset"),
    source="ucdp_ged",
    signature=frozenset({"id", "type_of_violence", "date_start", "side_a", "side_b"}),
    convert=convert,
    accepts=has_figures,
    accepts_cells=accepts_cells,
    headless_names=headless_names,
)
