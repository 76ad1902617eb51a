"""The page of one incident: facts, sources, agreement, history, and a text to quote it by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date

import pandas as pd
import streamlit as st

from geo.export.view_settings import settings_hash
from geo.policy import Access
from geo.publishers import web_address
from geo.record import Missing, Record, Report
from geo.schema import SOURCES
from geo.sources import EMBEDDED, MERGED
from geo.text import markdown_sentence, markdown_text, shortened
from geo.views import cached, english, export, exported, grids, incident_facts, link, visitor, whole_address
from geo.views.incident_text import link as link_to
from geo.views.incident_text import markdown_table, where_text
from geo.views.upload.batches import STATES
from geo.wording import N_, _, _n, format_date, format_list

_WHY_MISSING: dict[Missing, str] = {
    Missing.UNKNOWN: N_("No incident with this identifier is stored."),
    Missing.NOT_IN_USE: N_(
        "This incident is stored in a dataset that was undone, hidden or replaced by a newer edition: it is not "
        "counted and not shown."
    ),
    Missing.CLOSED: N_("The licence of its source does not allow this incident to be shown; it is counted only."),
}
_LONGEST_ADDRESS = 90


def _why_missing(record: Missing, access: Access) -> str:
    """Return why an incident is not shown; to readers all reasons at once.

    Which of them it is would tell whoever tries identifiers that there is such an incident.
    """
    n = access.delay_days
    if access.counts_withheld and record is not Missing.WITHHELD:
        return _(_WHY_MISSING[record])
    if access.counts_withheld:
        return _n(
            "This incident is withheld: it is newer than the publication delay of {n} day.",
            "This incident is withheld: it is newer than the publication delay of {n} days.",
            n,
        )
    if not n:
        return _(
            "No incident with this identifier is shown here. It is not stored, or not in use, or of a source whose "
            "licence does not allow single incidents to be shown."
        )
    return _n(
        "No incident with this identifier is shown here. It is not stored, or not in use, or newer than the "
        "publication delay of {n} day, or of a source whose licence does not allow single incidents to be shown.",
        "No incident with this identifier is shown here. It is not stored, or not in use, or newer than the "
        "publication delay of {n} days, or of a source whose licence does not allow single incidents to be shown.",
        n,
    )


def draw(incident_id: str) -> None:
    """Draw the record of an incident, or say why there is none."""
    record = cached.record(incident_id)
    if isinstance(record, Missing):
        st.warning(_why_missing(record, visitor.access()))
        return
    names = cached.districts().names
    _draw_head(record, names)
    heads, lines = incident_facts.table_of(record, names)
    # Reports side by side need the width of the page.
    is_single = len(record.reports) == 1
    facts, others = st.columns([6, 5], gap="medium") if is_single else (st.container(), st.container())
    with facts:
        st.markdown(markdown_table(heads, [list(map(markdown_sentence, line)) for line in lines]))
    with others:
        _draw_agreement(record)
        st.subheader(_("Sources"), anchor=False)
        for report in record.reports:
            st.markdown(source_lines(report))
        st.subheader(_("History"), anchor=False)
        st.markdown("\n".join(f"- {line}" for line in history_lines(record)))
    _draw_cells(record)
    _use_this(record, incident_id, names)


def without_incident() -> None:
    """Say how an incident is chosen, and lead to the lists."""
    st.info(
        _("Type an identifier above, or choose a date in a list of incidents: it leads to the page of that incident.")
    )
    st.page_link("pages/points.py", label=_("List of the incidents on Points"), icon=":material/location_on:")
    st.page_link("pages/districts.py", label=_("List of a district on Districts"), icon=":material/table_rows:")


def _use_this(record: Record, incident_id: str, names: Mapping[str, str]) -> None:
    """Offer the incident as files, how to cite it, and its link."""
    version = cached.data_version()
    page = whole_address.of_incident(st.context.url or "", incident_id, version.code)
    for_others = "" if whole_address.is_own_machine() else page
    settings = settings_hash(exported.settings_of_incident(incident_id, version))
    quoted = incident_facts.citation(record, incident_id, names, version.code, date.today(), for_others)
    with st.expander(_("Use this: download and cite"), expanded=True):
        left, right = st.columns(2, gap="large")
        with left:
            if record.may_show:
                shown, store, counted_as = cached.content(), cached.store(), record.incident["incident_id"]
                said = next(one.summary for one in record.reports if one.row["incident_id"] == counted_as)
                export.files_of_record(
                    lambda: exported.of_incident(
                        cached.incidents.at(shown, MERGED), store, counted_as, incident_id, said
                    ),
                    settings,
                )
            else:
                st.caption(_("No file: the licence of a source does not allow the row to be passed on."))
            st.markdown(_("**Cite**"))
            export.cite(incident_facts.cited(record, incident_id, names, version, settings, for_others), quoted)
        with right:
            link.draw_address(page, _("It opens this incident, and says so if the data have changed since."))


def _draw_head(record: Record, names: Mapping[str, str]) -> None:
    said = incident_facts.facts(record.incident, names)
    place = where_text(said["place"], said["district"])
    st.subheader(markdown_sentence(_("{date}, {place}", date=said["date"], place=place)), anchor=False)
    summaries = {report.summary: report.row["source"] for report in record.reports if report.summary}
    for number, (summary, source) in enumerate(summaries.items()):
        with english.part(f"summary_{number}") if source in EMBEDDED else nullcontext():
            st.markdown(markdown_text(summary))
    if not all(report.may_show for report in record.reports):
        closed = dict.fromkeys(r.row["source"] for r in record.reports if not r.may_show)
        labels = format_list([_(SOURCES[key].label) if key in SOURCES else key for key in closed])
        sentence = _(
            "The licence of {sources} does not allow single rows to be shown: of these, the page shows date, district "
            "and precision only, as the maps do.",
            sources=markdown_text(labels),
        )
        if len(record.reports) > 1:
            mixed = _("The incident as it is counted mixes such a row with others and is held back with it.")
            sentence = f"{sentence} {mixed}"
        st.info(sentence)
    for source, n in Counter(record.closed).items():
        label = markdown_text(_(SOURCES[source].label) if source in SOURCES else source)
        st.info(
            _n(
                "{n} report of {source} is counted with it and not shown: the licence of the source does not allow it.",
                "{n} reports of {source} are counted with it and not shown: the licence of the source does not allow "
                "it.",
                n,
                source=label,
            )
        )
    if record.n_withheld and visitor.access().counts_withheld:
        n = record.n_withheld
        st.caption(
            _n(
                "{n} further report is withheld, newer than the publication delay.",
                "{n} further reports are withheld, newer than the publication delay.",
                n,
            )
        )


def _draw_agreement(record: Record) -> None:
    made = incident_facts.counting_text(record)
    if made:
        st.caption(markdown_sentence(made))
    parts = (
        incident_facts.corroboration_text(record),
        incident_facts.shared_origin_text(record),
        incident_facts.disagreements_text(record),
    )
    st.markdown(" ".join(markdown_sentence(part) for part in parts if part))


def source_lines(report: Report) -> str:
    """Return where a report comes from as Markdown: the credit, then every page with its address and date."""
    source = SOURCES.get(report.row["source"])
    credit = _(source.credit) if source else report.row["source"]
    lines = [f"- {markdown_sentence(credit)}"]
    day, first = report.row["source_date"], report.row["source_url"]
    for address, column in report.addresses.items():
        shown = link_to(address, shortened(address, _LONGEST_ADDRESS))
        if address == first and day:
            shown = _("{page}, page of {day}", page=shown, day=format_date(day))
        else:
            shown = _("{page}, date of the page not stated", page=shown)
        if column:
            shown = _("{page} (column {column})", page=shown, column=markdown_text(column))
        lines.append(f"    - {shown}")
    others = [text for text in (first, report.row["source_url_2"]) if text and not web_address(text)]
    lines += [f"    - {_('{words} (no web address)', words=markdown_text(text))}" for text in others]
    if report.may_show and len(lines) == 1:
        lines.append(f"    - {_('The row names no page.')}")
    return "\n".join(lines)


def history_lines(record: Record) -> list[str]:
    """Return each stored version with its batch and what it changed, then the merges, as Markdown."""
    is_first: dict[str, bool] = {}
    lines = []
    for version in record.versions:
        batch = version.batch
        said = _(
            "Batch {number:d} ({label}), added on {day}, {state}.",
            number=batch.batch_id,
            label=markdown_text(batch.label),
            day=batch.added_at.date(),
            state=_(STATES[batch.state]),
        )
        if version.changes:
            changes = _("; ").join(incident_facts.change_text(*change) for change in version.changes)
            said = f"{said} {markdown_sentence(changes)}{_('.')}"
        elif not is_first.get(version.incident_id, True):
            said = f"{said} {_('No fact that may be shown differs from the version before.')}"
        is_first[version.incident_id] = False
        lines.append(said)
    # How many records were merged would tell that one of them is withheld.
    for merge in record.merges if visitor.access().counts_withheld or not record.n_withheld else ():
        n, day = len(merge.member_ids), merge.made_at.date()
        said = _n("Merged from {n} record on {day}.", "Merged from {n} records on {day}.", n, day=day)
        lines.append(f"{said} {_('This merge was undone.')}" if merge.is_undone else said)
    return lines


def _draw_cells(record: Record) -> None:
    """Offer the rows as they were written to whoever may see them: a file may hold more than is for the public."""
    if not visitor.access().shows_cells:
        return
    for number, report in enumerate(record.reports, 1):
        if report.cells:
            with st.expander(_("Report {n} as it was written", n=number)):
                frame = pd.DataFrame({_("Column"): list(report.cells), _("Cell"): list(report.cells.values())})
                grids.grid(frame)
