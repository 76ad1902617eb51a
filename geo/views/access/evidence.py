"""The lines of evidence on the page: lists beside the map, a table of all districts, one district in sentences."""

from __future__ import annotations

from itertools import groupby

import pandas as pd
import streamlit as st

from geo.analysis.evidence.lines import Evidence
from geo.analysis.evidence.sentences import LINES, TOGETHER, Sentence, explain, period_text, statement_text
from geo.analysis.evidence.synthesis import CLASSES
from geo.publishers import web_address
from geo.schema import SOURCES
from geo.shown_names import shown_name
from geo.text import markdown_sentence, markdown_text
from geo.views import filters, table_file, tables
from geo.views.access import evidence_map
from geo.wording import N_, _, _n, format_list, format_number

_COLUMNS: dict[str, str] = {
    "name": N_("District"),
    "reported": N_("Reported"),
    "published": N_("Published totals"),
    "recorded": N_("Recorded incidents"),
    "together": N_("Put together"),
    "contradictions": N_("Lines disagree"),
}

SECTION = N_("Lines of evidence")
_LIMITS = N_(
    "Publishers list the worst-hit districts, so a district that is not in a table is missing, not zero. Published "
    "counts have interests and definitions of their own, and offices of one government count as publishers of their "
    "own. How unevenly a source sees districts is a judgement: results are also given at half and at twice of it. "
    "Recorded incidents whose day is not known count on their first possible day."
)


def summary(found: Evidence) -> None:
    """Draw the districts by class of all sources together, those described as no-go, and where the lines disagree."""
    st.markdown(_("**All sources put together**"))
    ordered = sorted(found.districts, key=lambda one: -one.ratio)
    lines = []
    for code in reversed(CLASSES):
        names = [
            shown_name(one.name)
            if one.n_publishers > 1
            else _("{district} (one source)", district=shown_name(one.name))
            for one in ordered
            if one.together == code and one.n_publishers
        ]
        shown = format_list(names) if code != "not_high" else _n("{n} district", "{n} districts", len(names))
        lines.append(
            f"- **{_(TOGETHER[code])}** ({format_number(len(names))}): {markdown_sentence(shown or _('none'))}"
        )
    st.markdown("\n".join(lines))
    described = [shown_name(one.name) for one in found.districts if one.described]
    named = markdown_sentence(format_list(described) or _("no district by name in this period"))
    st.markdown(_("**Described as no-go in reporting:** {districts}", districts=named))
    disagreeing = [shown_name(one.name) for one in found.districts if one.contradictions]
    if disagreeing:
        st.markdown(_("**Lines disagree:** {districts}", districts=markdown_sentence(format_list(disagreeing))))
    st.caption(_("Click a district on the map or in the table to read what is known of it, line by line."))


def card(found: Evidence, pcode: str) -> None:
    """Draw what is known of a district in one line for each line of evidence, and where they disagree."""
    one = found.of(pcode)
    st.header(shown_name(one.name), anchor=False)
    lines = [f"- **{label}:** {markdown_sentence(words)}" for label, words in evidence_map.hover_lines(one)]
    st.markdown("\n".join(lines))
    said = [sentence for sentence in explain(found, pcode) if sentence.line == "contradiction"]
    for sentence in said:
        st.info(linked(sentence))
    st.caption(_("Every statement and figure with its page is under “{section}” below.", section=_(SECTION)))
    st.button(_("Show all districts"), on_click=filters.select_district, args=(None,), key="evidence_show_all")


def sentences(found: Evidence, pcode: str) -> None:
    """Draw what is known of a district in sentences, in two columns under a heading."""
    st.header(_("{district}, line by line", district=markdown_text(shown_name(found.of(pcode).name))), anchor=False)
    lines(found, pcode)


def lines(found: Evidence, pcode: str) -> None:
    """Draw the sentences of a district under a heading for each line of evidence, without a heading of their own."""
    left, right = st.columns(2, gap="large")
    for line, said in groupby(explain(found, pcode), key=lambda sentence: sentence.line):
        with left if line in ("reported", "published") else right:
            st.markdown(f"**{_(LINES[line])}**")
            st.markdown("\n".join(f"- {linked(sentence)}" for sentence in said))


def linked(sentence: Sentence) -> str:
    """Return a sentence as Markdown with a link to the page it rests on."""
    return linked_words(str(sentence.words), sentence.url)


def linked_words(words: str, url: str) -> str:
    """Return words as Markdown, followed by a link where the address is one of the web."""
    link = web_address(url)
    return f"{markdown_sentence(words)} [{_('page')}]({link})" if link else markdown_sentence(words)


def table(found: Evidence) -> None:
    """Draw one row a district with every line of evidence, the highest rate ratio first; a row chooses the district."""
    frame = pd.DataFrame(
        [
            {
                "pcode": one.pcode,
                "name": shown_name(one.name),
                "reported": evidence_map.reported_text(one),
                "published": evidence_map.officials_text(one),
                "recorded": evidence_map.recorded_text(one),
                "together": evidence_map.together_text(one),
                "contradictions": _("yes") if one.contradictions else "",
            }
            for one in sorted(found.districts, key=lambda one: -one.ratio)
        ]
    )
    columns = {key: st.column_config.TextColumn(_(label), pinned=key == "name") for key, label in _COLUMNS.items()}
    tables.choose_district(frame, columns, "evidence_table", _("Lines of evidence by district"))
    stem, period = f"evidence-{found.first:%Y-%m}-{found.last:%Y-%m}", str(period_text(found.first, found.last))
    said = (evidence_map.sources_text(found), _(_LIMITS))
    publishers = dict.fromkeys(column.publisher for column in found.synthesis.columns)
    sources = [publisher for publisher in publishers if publisher in SOURCES]
    title = _("Lines of evidence by district")
    named = frame.rename(columns=_COLUMNS | {"pcode": N_("P-code")})
    table_file.offer(named, stem, title, period, sources, said, filters=())
    st.caption(_(_LIMITS))


def province(found: Evidence) -> None:
    """Draw the statements about the whole province or a part of it without borders."""
    if not found.province:
        return
    with st.expander(_("Statements about the province or its south ({n})", n=len(found.province))):
        for statement in found.province:
            st.markdown(f"- {linked(Sentence('reported', statement_text(statement), statement.url))}")
