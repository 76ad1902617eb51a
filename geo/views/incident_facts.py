"""The facts of one incident in words, report by report: every field of a row, and where its reports differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from geo.districts import group_names
from geo.export.citation import ATLAS_VERSION, Citation
from geo.export.data_version import DataVersion
from geo.incidents import UNKNOWN
from geo.policy import may_show_rows
from geo.publishers import publishers
from geo.record import Record, Row, is_derived
from geo.schema import (
    ATTACK_TYPES,
    COLUMNS,
    DATE_PRECISIONS,
    DISTRICT_METHODS,
    GEO_PRECISIONS,
    INITIATORS,
    SOURCES,
    TARGET_TYPES,
)
from geo.shown_names import shown_name
from geo.views.incident_text import FIELDS, day_text, figure_text, group_text, toll_text, where_text
from geo.wording import N_, _, format_date, format_list

LABELS: dict[str, str] = {
    "date": FIELDS["date"],
    "date_precision": N_("Precision of the date"),
    "place": FIELDS["place"],
    "district": N_("District"),
    "geo_precision": N_("Precision of the place"),
    "located": N_("How it was located"),
    "coordinates": N_("Coordinates"),
    "attack": FIELDS["attack"],
    "target": FIELDS["target"],
    "began": N_("Initiated by"),
    "group": FIELDS["group"],
    "killed": N_("People killed"),
    "killed_parts": N_("Who was killed"),
    "injured": N_("People injured"),
    "n_events": N_("Events in this row"),
    "n_sources": N_("Reports behind it, as the source counts them"),
    "note": N_("In doubt"),
    "reported_by": FIELDS["reported_by"],
}
_PARTS: dict[str, str] = {
    "killed_police": N_("police {n}"),
    "killed_military": N_("soldiers and paramilitaries {n}"),
    "killed_civilian": N_("civilians {n}"),
    "killed_militant": N_("militants {n}"),
}
# Columns on which reports are compared -> the field that shows them.
_FIELD_OF: dict[str, str] = {
    "date_start": "date",
    "date_end": "date",
    "pcode": "district",
    "attack_type": "attack",
    "target_type": "target",
    "initiator": "began",
    "group_id": "group",
    "killed_best": "killed",
    "injured": "injured",
    **dict.fromkeys(_PARTS, "killed_parts"),
}
_COLUMNS = {column.name: column for column in COLUMNS}
# How notes of the register name an event that a day or a group was taken from.
_UCDP_EVENT = re.compile(r"UCDP GED [\d.]+ event (\d+)")


def facts(row: Row, names: Mapping[str, str]) -> dict[str, str]:
    """Return a row in plain text: key of LABELS -> words, "" where there is nothing to say or nothing may be shown.

    row: see geo.record.Report.row. names: P-code -> name of the district.
    """
    source = SOURCES.get(row["source"])
    said = dict.fromkeys(LABELS, "") | {
        "date": days_text(row["date_start"], row["date_end"], row["date_precision"]),
        "date_precision": _(DATE_PRECISIONS[row["date_precision"]]),
        "district": names.get(row["pcode"] or "") or _("not in a district"),
        "geo_precision": _(GEO_PRECISIONS[row["geo_precision"]]),
        "n_events": figure_text(row["n_events"]) if row["n_events"] > 1 else "",
        "reported_by": _(source.label) if source else row["source"],
    }
    if source is None or not may_show_rows(row["source"]):
        return said
    return said | {
        "place": row["place"] or _("not named"),
        "located": located_text(row, names),
        "coordinates": _coordinates(row),
        "attack": _stated(row, "attack_type", ATTACK_TYPES),
        "target": _stated(row, "target_type", TARGET_TYPES),
        "began": _stated(row, "initiator", INITIATORS),
        "group": _group(row),
        "killed": toll_text(_figure(row["killed_best"]), row["killed_low"], row["killed_high"]),
        "killed_parts": format_list([_(words, n=row[name]) for name, words in _PARTS.items() if row[name] is not None]),
        "injured": figure_text(_figure(row["injured"])),
        "n_sources": figure_text(row["n_sources"]) if (row["n_sources"] or 0) > 1 else "",
        "note": row["note"] or "",
    }


def days_text(first: date, last: date, precision: str) -> str:
    """Return the days on which an incident may have happened, both ends where there are two."""
    if first == last or precision in ("month", "year"):
        return day_text(first, precision, last)
    return _("{first} to {last}", first=format_date(first, "short"), last=format_date(last, "short"))


def located_text(row: Row, names: Mapping[str, str]) -> str:
    """Return how the district was found, and what contradicts it."""
    method = _(DISTRICT_METHODS[row["district_method"]])
    reported, counted = row["district_reported"], names.get(row["pcode"] or "", "")
    if reported and reported != counted:
        method = _("{method}; reported as {name}", method=method, name=reported)
    if not row["is_district_conflict"]:
        return method
    stated, located = (names.get(row[name] or "", "") for name in ("pcode_stated", "pcode_located"))
    if stated and located and stated != located:
        return _(
            "{method}; the report states {stated}, its coordinates lie in {located}",
            method=method,
            stated=stated,
            located=located,
        )
    return _("{method}; the stated P-code and the stated name disagree", method=method)


def disagreements_text(record: Record) -> str:
    """Return on what the reports that may be shown differ, or that they do not; "" for a single one."""
    if sum(report.may_show for report in record.reports) < 2:
        return ""
    fields = differing_fields(record)
    if fields:
        return _("The reports differ on: {fields}.", fields=format_list([_(LABELS[name]) for name in fields]))
    return _("Where more than one report states a fact of this table, they state the same.")


def differing_fields(record: Record) -> tuple[str, ...]:
    """Return the keys of LABELS on which the reports differ, in the order of LABELS."""
    differing = {_FIELD_OF[column] for column in record.disagreements}
    return tuple(name for name in LABELS if name in differing)


def corroboration_text(record: Record) -> str:
    """Return how many publishers and datasets report an incident, named; one alone is said to be one."""
    origins = [_(SOURCES[origin].label) if origin in SOURCES else origin for origin in record.origins]
    if len(origins) == 1:
        said = _("One source only: {origin}.", origin=origins[0])
    else:
        said = _("{n} different publishers or datasets: {origins}.", n=len(origins), origins=_("; ").join(origins))
    copied = _("Different publishers may have printed the same report of an agency; the atlas cannot tell.")
    return said if len(origins) == 1 else f"{said} {copied}"


def counting_text(record: Record) -> str:
    """Return how the figures of an incident are made of those of its reports; "" for a single report."""
    if sum(report.may_show for report in record.reports) < 2 or not record.may_show:
        return ""
    return _(
        "As counted: of people killed and injured the middle of the figures that the reports state, halfway between "
        "two of them, rounded down; in brackets the lowest and the highest figure."
    )


def shared_origin_text(record: Record) -> str:
    """Return that the register took a part of its row from an event of UCDP that is a report beside it; "" if not."""
    ids = {report.row["incident_id"] for report in record.reports}
    for report in record.reports:
        events = _UCDP_EVENT.findall(report.row["note"] or "") if report.row["source"] == "register" else []
        if any(f"ucdp_ged:{event}" in ids for event in events):
            return _(
                "A part of the row of the register was taken from the same UCDP event (see “{note}”): on that the two "
                "are one report.",
                note=_(LABELS["note"]),
            )
    return ""


def change_text(column: str, before: Any, after: Any) -> str:
    """Return one change of a fact between two versions of a row, in plain text."""
    label = _(LABELS[_FIELD_OF[column]]) if column in _FIELD_OF else _(_COLUMNS[column].meaning)
    return _(
        "{label}: {before} became {after}",
        label=label,
        before=_value_text(column, before),
        after=_value_text(column, after),
    )


def citation(
    record: Record, incident_id: str, names: Mapping[str, str], version: str, today: date, address: str = ""
) -> str:
    """Return a text to quote an incident by: what happened, who published it and where, then the atlas.

    version: code of the data version. address: of the page of the incident, "" where others cannot open it.
    """
    published = _published(record)
    credits_ = _("; ").join(_credits(record))
    read = _(
        "KP Incident Atlas, incident {id}, data version {version}, read on {today}.",
        id=incident_id,
        version=version,
        today=today,
    )
    credit = _("Source: {credit}", credit=credits_) + "."
    parts = (_happened(record, names), published, credit, read, address)
    return " ".join(part for part in parts if part)


def cited(
    record: Record, incident_id: str, names: Mapping[str, str], version: DataVersion, settings: str, address: str
) -> Citation:
    """Return the same for reference managers. settings: code of the settings; address: as in `citation`."""
    return Citation(
        key=f"kp-atlas-{version.code}-{settings}",
        title=_happened(record, names).rstrip(_(".")),
        day=version.day,
        version=ATLAS_VERSION,
        data=_("incident {id}, data version {version}", id=incident_id, version=version.code),
        sources=tuple(filter(None, (_published(record), *_credits(record)))),
        address=address,
    )


def _published(record: Record) -> str:
    """Return who published an incident and where, "" where no page is named."""
    pages = list(dict.fromkeys(page for report in record.reports for page in report.addresses))
    if not pages:
        return ""
    return _("{publishers}: {pages}.", publishers=format_list(publishers(pages)), pages=" ".join(pages))


def _credits(record: Record) -> list[str]:
    sources = dict.fromkeys(report.row["source"] for report in record.reports)
    return [_(SOURCES[key].credit) for key in sources if key in SOURCES]


def _happened(record: Record, names: Mapping[str, str]) -> str:
    """Return date, place, type and toll of an incident; the latter two only where its row may be shown."""
    row, said = record.incident, facts(record.incident, names)
    place = where_text(said["place"], said["district"])
    if not said["attack"]:
        return _("{date}, {place}.", date=said["date"], place=place)
    template = N_("{best} (lowest and highest figure: {low} to {high})")
    if len(record.reports) > 1:
        template = N_("{best} (from several reports; lowest and highest figure: {low} to {high})")
    said["killed"] = toll_text(_figure(row["killed_best"]), row["killed_low"], row["killed_high"], template)
    return _(
        "{date}, {place}: {attack}, target: {target}; people killed: {killed}, injured: {injured}.",
        **{name: said[name] for name in ("date", "attack", "target", "killed", "injured")},
        place=place,
    )


def _stated(row: Row, column: str, words: Mapping[str, str]) -> str:
    """Return a fact in words, marked where the source does not state it."""
    label = _(words[row[column]])
    return _("{label} (derived)", label=label) if is_derived(row, column) else label


def _group(row: Row) -> str:
    official = group_names().get(row["group_id"]) or str(row["group_id"])
    known = shown_name(official)
    reported: str | None = row["group_reported"]
    if row["attribution"] == "none":
        return group_text(reported, "none")
    if reported is not None and reported.casefold() not in (known.casefold(), official.casefold()):
        name = shown_name(reported)
        known = _("{group}, reported as {name}", group=known, name=reported if name == known else name)
    return group_text(known, row["attribution"])


def _coordinates(row: Row) -> str:
    """Return the coordinates of a place that a map draws; those of a whole district would say too much."""
    if row["lat"] is None or row["lon"] is None or row["geo_precision"] not in ("exact", "near"):
        return ""
    return f"{row['lat']:.4f}, {row['lon']:.4f}"


def _figure(value: int | None) -> int:
    return UNKNOWN if value is None else value


def _value_text(column: str, value: Any) -> str:
    if value is None:
        return _("not stated")
    vocabulary = _COLUMNS[column].vocabulary
    if vocabulary is not None:
        return _(vocabulary.get(value, value))
    if isinstance(value, date):
        return format_date(value, "short")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def table_of(record: Record, names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    """Return the heads and lines of a table of plain text: one column a report, before them the incident as counted.

    A single report is the incident. Lines without any text are left out; closed sources have a column of few words.
    """
    reports = [facts(report.row, names) for report in record.reports]
    heads = [_("Report {n}", n=number) for number in range(1, len(reports) + 1)]
    columns = reports
    if len(reports) > 1:
        heads, columns = [_("As counted"), *heads], [facts(record.incident, names) | {"reported_by": ""}, *reports]
        for report, column in zip(record.reports, reports, strict=True):
            # Each report counts, also one whose source says nothing of those behind it.
            n = report.row["n_sources"] or 0
            column["n_sources"] = (figure_text(n) if n else _("not stated, counted as 1")) if report.may_show else ""
    differing = differing_fields(record)
    lines = []
    for name, label in LABELS.items():
        cells = [column[name] for column in columns]
        if any(cells):
            head = _("{field} (reports differ)", field=_(label)) if name in differing else _(label)
            lines.append([head, *cells])
    return ["", *heads] if len(reports) > 1 else ["", ""], lines
