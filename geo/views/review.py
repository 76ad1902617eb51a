"""Duplicates: proposals side by side with score and reasons, decisions by button, all of them reversible."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from geo import review
from geo.analysis.matching.matcher import RULES
from geo.analysis.matching.near_duplicates import BANDS, Proposal
from geo.districts import group_names
from geo.incidents import UNKNOWN
from geo.problems import AtlasError
from geo.review import Decision, Review
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, SOURCES, TARGET_TYPES
from geo.text import markdown_text
from geo.views import cached, messages
from geo.views.incident_text import day_text, figure_text, web_address
from geo.views.state import View

SHOWN: dict[str, str] = {"all": "All undecided", **BANDS, "decided": "Decided"}
METHOD = (
    "Two incidents are compared when their dates and places can be the same, as far as each is known: two exact "
    f"places within {2 * RULES.exact_km:.0f} km, two near places within {2 * RULES.near_km:.0f} km, otherwise within "
    "one district. The score adds up to 3 for the place, 2 for the same kind of attack, 1.5 for the same kind of "
    "target and 1.5 for the toll, less for each day between them. Each incident has at most one partner in every other "
    "source. Incidents claimed by different groups, exact places more than "
    f"{RULES.apart_exact_km:.0f} km apart and summary rows are never paired. Rows of one source are proposed only when "
    "nearly everything agrees, and always to be looked at: the source itself told them apart. Types and targets marked "
    "as derived are not stated by the source; they follow from its other figures."
)
_PAGE_PAIRS = 8
_LONGEST_ID = 40
_PAGE, _LEAST, _OUTCOME, _FAILED = "review_page", "review_least", "review_outcome", "review_failed"
_DERIVED = " (derived)"
_FIELDS = ("Told by", "Date", "Place", "Known", "District", "Type", "Target", "Group", "Killed", "Injured", "Source")


@dataclass(frozen=True, slots=True)
class Current:
    """The review of this run. proposals: those with an incident that the filter keeps; the rest of `all` is hidden."""

    all: Review
    proposals: tuple[Proposal, ...]
    is_local: bool


def current(view: View) -> Current:
    """Return what there is to decide under the filter of this run."""
    found = cached.review()
    kept = found.proposals
    if not view.filters.is_default:
        ids = view.table.details["incident_id"]
        inside = set(ids.filter(view.mask).to_pylist())
        kept = tuple(proposal for proposal in kept if inside & set(proposal.member_ids))
    return Current(found, kept, cached.settings().mode == "local")


def counts_line(found: Current) -> None:
    """Say how many pairs are undecided, merged and told apart."""
    n = {band: sum(proposal.band == band for proposal in found.proposals) for band in BANDS}
    hidden = len(found.all.proposals) - len(found.proposals)
    parts = [f"**{_number(len(found.proposals), 'pair')} undecided**"]
    parts += [f"{n[band]:,} {label.lower()}" for band, label in BANDS.items()]
    n_rows = sum(len(merge.member_ids) for merge in found.all.merges)
    parts.append(f"{_number(len(found.all.merges), 'event')} merged from {n_rows:,} records")
    parts.append(f"{_number(len(found.all.kept_separate), 'pair')} told apart")
    if hidden:
        parts.append(f"{_number(hidden, 'pair')} outside the filter")
    st.markdown(f"{', '.join(parts)}.")
    if not found.is_local:
        st.info("This is a public, read-only deployment: pairs can be looked at, not decided.")


def outcome() -> None:
    """Tell what the last click did, or why it could not be done."""
    failed, done = st.session_state.pop(_FAILED, None), st.session_state.pop(_OUTCOME, None)
    if failed is not None:
        messages.atlas_error(failed)
    elif done:
        st.success(done)


def draw_bulk(found: Current) -> None:
    """Offer to merge every likely pair from a score up."""
    likely = [proposal for proposal in found.proposals if proposal.band == "likely"]
    if not likely or not found.is_local:
        return
    with st.expander("Merge many at once"):
        highest = max(proposal.score for proposal in likely)
        st.slider(
            "Least score",
            RULES.review_high,
            max(8.0, highest),
            4.5,
            0.25,
            key=_LEAST,
            help="Only pairs of two sources. Pairs to be looked at are never merged here.",
        )
        chosen = [proposal for proposal in likely if proposal.score >= st.session_state[_LEAST]]
        st.button(
            f"Merge {_number(len(chosen), 'pair')}",
            disabled=not chosen,
            on_click=_decide,
            args=(lambda store: review.merge(store, chosen), f"{_number(len(chosen), 'pair')} merged."),
        )


def draw_proposals(found: Current, shown: str) -> None:
    """Draw the undecided pairs of a band, or all, a page at a time."""
    pairs = [proposal for proposal in found.proposals if shown in ("all", proposal.band)]
    if not pairs:
        st.info("No pair is left to decide here.")
        return
    for proposal in _of_page(pairs):
        with st.container(border=True):
            kind = "two rows of one source" if proposal.is_within_source else BANDS[proposal.band].lower()
            st.markdown(
                f"**Score {proposal.score:.2f}, {kind}.** {'; '.join(str(reason) for reason in proposal.reasons)}."
            )
            _draw_incidents(found, proposal.member_ids)
            if found.is_local:
                _draw_buttons(proposal)


def draw_decided(found: Current) -> None:
    """Draw merges and pairs told apart, newest first, each with its undo."""
    decided = [("Merged", one) for one in found.all.merges] + [("Told apart", one) for one in found.all.kept_separate]
    if not decided:
        st.info("Nothing is decided yet.")
        return
    for word, decision in _of_page(decided):
        with st.container(border=True):
            score = "" if decision.score is None else f", score {decision.score:.2f}"
            st.markdown(f"**{word}{score}**")
            _draw_incidents(found, decision.member_ids)
            if found.is_local:
                _draw_undo(decision)


def _of_page(items: Sequence[Any]) -> Sequence[Any]:
    """Draw the choice of page, if there are several, and return the items of the chosen one."""
    n_pages = -(-len(items) // _PAGE_PAIRS)
    if n_pages == 1:
        return items
    # After a decision there may be fewer pages than the one last looked at.
    st.session_state[_PAGE] = min(max(int(st.session_state.get(_PAGE, 1)), 1), n_pages)
    page = st.number_input(f"Page, of {n_pages:,}", 1, n_pages, key=_PAGE, width=160)
    return items[(page - 1) * _PAGE_PAIRS : page * _PAGE_PAIRS]


def _draw_incidents(found: Current, member_ids: Sequence[str]) -> None:
    """Draw incidents side by side as a Markdown table: one column each, one line a field."""
    heads, columns = [], []
    for incident_id in member_ids:
        row = found.all.rows.get(incident_id)
        source = SOURCES[row["source"]] if row else None
        heads.append(markdown_text(_short(incident_id)))
        if row is None or source is None:
            columns.append({"Told by": "not among the shown incidents"})
        elif not found.is_local and not source.may_show_rows:
            columns.append({"Told by": f"{markdown_text(source.label)}; not shown here: licence of the source"})
        else:
            columns.append(cells_of(row))
    names = [name for name in _FIELDS if any(column.get(name) for column in columns)]
    lines = [[name, *(column.get(name, "") for column in columns)] for name in names]
    ruled = ["", *heads], ["---"] * (len(heads) + 1), *lines
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in ruled))


def cells_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return one incident in words, as Markdown that holds no markup of a file: key of _FIELDS -> text."""
    names = cached.districts().names
    reported = row["district_reported"]
    district = markdown_text(names.get(row["pcode"], "not in a district"))
    if reported and reported != names.get(row["pcode"]):
        district = f"{district} (reported: {markdown_text(reported)})"
    link, source = web_address(row["source_url"]), SOURCES[row["source"]]
    return {
        "Told by": markdown_text(source.label),
        "Date": day_text(row["date_start"], row["date_precision"]),
        "Place": markdown_text(row["place"] or "not named"),
        "Known": GEO_PRECISIONS[row["geo_precision"]].partition(" (")[0],
        "District": district,
        "Type": ATTACK_TYPES[row["attack_type"]] + ("" if source.records_control else _DERIVED),
        "Target": TARGET_TYPES[row["target_type"]] + ("" if source.states_target else _DERIVED),
        "Group": markdown_text(row["group_reported"] or group_names().get(row["group_id"], row["group_id"])),
        "Killed": _toll_text(row["killed_best"], row["killed_low"], row["killed_high"]),
        "Injured": figure_text(UNKNOWN if row["injured"] is None else row["injured"]),
        "Source": _link(link) if link else "",
    }


def _short(incident_id: str) -> str:
    """Return an identifier that fits a narrow column."""
    return incident_id if len(incident_id) <= _LONGEST_ID else f"{incident_id[:28]}...{incident_id[-9:]}"


def _number(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _toll_text(best: int | None, low: int | None, high: int | None) -> str:
    text = figure_text(UNKNOWN if best is None else best)
    if low is None and high is None:
        return text
    first, last = (figure_text(UNKNOWN if figure is None else figure) for figure in (low, high))
    return text if first == last == text else f"{text} ({first} to {last})"


def _link(address: str) -> str:
    """Return a Markdown link; characters that would end it are percent-encoded."""
    target = "".join(f"%{ord(char):02X}" if char in "()<>[]\\| `\"'" else char for char in address)
    return f"[open]({target})"


def _draw_buttons(proposal: Proposal) -> None:
    key = "|".join(proposal.member_ids)
    left, right = st.columns(2)
    left.button(
        "One event: merge",
        key=f"merge_{key}",
        width="stretch",
        on_click=_decide,
        args=(lambda store: review.merge(store, [proposal]), "The pair is merged and counts once."),
    )
    right.button(
        "Not the same",
        key=f"apart_{key}",
        width="stretch",
        on_click=_decide,
        args=(lambda store: review.keep_separate(store, proposal), "The pair is told apart and not proposed again."),
    )


def _draw_undo(decision: Decision) -> None:
    st.button(
        "Undo",
        key=f"undo_decision_{decision.decision_id}",
        on_click=_decide,
        args=(lambda store: review.undo(store, decision.decision_id), "Undone: the incidents are as they were."),
    )


def _decide(action: Callable[[Any], object], told: str) -> None:
    """Do what a button says; the outcome is kept for the run that follows the click."""
    try:
        action(cached.store())
    except AtlasError as error:
        st.session_state[_FAILED] = error
    else:
        st.session_state[_OUTCOME] = told
