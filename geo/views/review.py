"""Duplicates: proposals side by side with score and reasons, decisions by button, all of them reversible."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from geo import review
from geo.analysis.matching.matcher import RULES
from geo.analysis.matching.near_duplicates import BANDS, Proposal
from geo.districts import shown_group, shown_group_names
from geo.filters import Filters
from geo.incidents import UNKNOWN, select
from geo.policy import Action
from geo.publishers import web_address
from geo.review import Decision, Review
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, SOURCES, TARGET_TYPES
from geo.store import Store
from geo.text import markdown_text
from geo.views import address, cached, cached_index, messages, visitor
from geo.views.incident_text import FIELDS, day_text, figure_text, link, markdown_table
from geo.views.state import View
from geo.views.tables import page_of
from geo.views.upload import proposals
from geo.wording import N_, _, _n, format_list

SHOWN: dict[str, str] = {"all": N_("All undecided"), **BANDS, "decided": N_("Decided")}
_KINDS = {"likely": N_("likely one event"), "review": N_("to review"), "within": N_("two rows of one source")}
_PAGE_PAIRS = 8
_LONGEST_ID = 40
_PAGE, _MINIMUM = "review_page", "review_minimum"
# Who reports an incident comes first; a key that is named twice keeps its first place.
_MORE_FIELDS = {"precision": N_("Precision"), "district": N_("District"), "url": N_("Source")}
_FIELDS = {"reported_by": "", **FIELDS, **_MORE_FIELDS}


@dataclass(frozen=True, slots=True)
class Current:
    """The review of this run. proposals: those with an incident that the filter keeps; the rest of `all` is hidden.

    filters: those that apply. inside: identifiers of the incidents that they keep, None for all.
    """

    all: Review
    proposals: tuple[Proposal, ...]
    filters: Filters
    inside: frozenset[str] | None
    may_decide: bool


def current(view: View) -> Current:
    """Return what there is to decide under the filter of this run."""
    allowed = visitor.access()
    found = review.seen_by(cached_index.review(), allowed)
    kept = found.proposals
    # The period that a page opens on hides no pair: nobody chose it.
    filters = replace(view.filters, start=None, end=None) if address.is_recent() else view.filters
    inside = None
    if not filters.is_default:
        ids = view.table.details["incident_id"]
        inside = frozenset(ids.filter(select(view.table, filters)).to_pylist())
        kept = tuple(proposal for proposal in kept if inside & set(proposal.member_ids))
    return Current(found, kept, filters, inside, allowed.may(Action.PROPOSE))


def method() -> str:
    """Return how pairs are found, in words."""
    return _(
        "Two incidents are compared when their dates and places can be the same, as far as each is known: two exact "
        "places within {exact:.0f} km, two near places within {near:.0f} km, otherwise within one district. The score "
        "adds up to 3 for the place, 2 for the same kind of attack, 1.5 for the same kind of target and 1.5 for the "
        "toll, less for each day between them. Each incident has at most one partner in every other source. Incidents "
        "claimed by different groups, exact places more than {apart:.0f} km apart and summary rows are never paired. "
        "Rows of one source are proposed only when nearly everything agrees, and always for review: the source itself "
        "lists them separately. Types and targets marked as derived are not stated by the source; they follow from "
        "its other figures.",
        exact=2 * RULES.exact_km,
        near=2 * RULES.near_km,
        apart=RULES.apart_exact_km,
    )


def counts_line(found: Current) -> None:
    """Say how many pairs are undecided, merged and kept separate."""
    n, n_events, n_apart = len(found.proposals), len(found.all.merges), len(found.all.kept_separate)
    n_rows = sum(len(merge.member_ids) for merge in found.all.merges)
    parts = [_n("**{n} pair undecided**", "**{n} pairs undecided**", n)]
    for band in BANDS:
        n_of_band = sum(proposal.band == band for proposal in found.proposals)
        parts.append(_("{n} {kind}", n=n_of_band, kind=_(_KINDS[band])))
    parts.append(
        _n("{n} event merged from {rows} records", "{n} events merged from {rows} records", n_events, rows=n_rows)
    )
    parts.append(_n("{n} pair kept separate", "{n} pairs kept separate", n_apart))
    n_hidden = len(found.all.proposals) - n
    if n_hidden:
        parts.append(_n("{n} pair outside the filter", "{n} pairs outside the filter", n_hidden))
    for source, n_closed in found.all.n_closed.items():
        label = markdown_text(_(SOURCES[source].label) if source in SOURCES else source)
        parts.append(
            _n(
                "{n} pair with a row of {source}: not shown (licence of the source)",
                "{n} pairs with a row of {source}: not shown (licence of the source)",
                n_closed,
                source=label,
            )
        )
    st.markdown(f"{format_list(parts)}{_('.')}")
    if not found.may_decide:
        st.info(_("Pairs can be viewed here, not decided."))


def draw_bulk(found: Current) -> None:
    """Offer to merge every likely pair from a score up."""
    likely = [proposal for proposal in found.proposals if proposal.band == "likely"]
    if not likely or not found.may_decide:
        return
    with st.expander(_("Merge many at once")):
        highest = max(proposal.score for proposal in likely)
        explained = _("Only pairs of two sources. Pairs to review are never merged here.")
        minimum = st.slider(
            _("Minimum score"), RULES.review_high, max(8.0, highest), 4.5, 0.25, key=_MINIMUM, help=explained
        )
        chosen = [proposal for proposal in likely if proposal.score >= minimum]
        n = len(chosen)
        done = _n("{n} pair merged.", "{n} pairs merged.", n)
        label = _n("Merge {n} pair", "Merge {n} pairs", n)
        _button(
            st,
            label,
            "merge_many",
            lambda store, actor: review.merge(store, chosen, actor=actor),
            done,
            disabled=not chosen,
        )


def draw_proposals(found: Current, shown: str) -> None:
    """Draw the undecided pairs of a band, or all, a page at a time."""
    pairs = [proposal for proposal in found.proposals if shown in ("all", proposal.band)]
    if not pairs:
        st.info(_("No pair is left to decide here."))
    for proposal in page_of(pairs, _PAGE, _PAGE_PAIRS):
        with st.container(border=True):
            kind = _(_KINDS["within" if proposal.is_within_source else proposal.band])
            reasons = _("; ").join(str(reason) for reason in proposal.reasons)
            head = _("**Score {score:.2f}, {kind}.** {reasons}.", score=proposal.score, kind=kind, reasons=reasons)
            st.markdown(head)
            _draw_incidents(found, proposal.member_ids)
            if found.may_decide:
                _draw_buttons(proposal)


def draw_decided(found: Current) -> None:
    """Draw merges and pairs kept separate, newest first, each with its undo."""
    decided = [(_("Merged"), one) for one in found.all.merges]
    decided += [(_("Kept separate"), one) for one in found.all.kept_separate]
    if not decided:
        st.info(_("Nothing is decided yet."))
    for word, decision in page_of(decided, _PAGE, _PAGE_PAIRS):
        with st.container(border=True):
            score = decision.score
            st.markdown(f"**{word if score is None else _('{word}, score {score:.2f}', word=word, score=score)}**")
            _draw_incidents(found, decision.member_ids)
            if found.may_decide:
                _draw_undo(decision)


def _draw_incidents(found: Current, member_ids: Sequence[str]) -> None:
    """Draw incidents side by side as a Markdown table: one column each, one line a field."""
    heads, columns = [], []
    for incident_id in member_ids:
        row = found.all.rows.get(incident_id)
        heads.append(markdown_text(_short(incident_id)))
        columns.append(cells_of(row) if row else {"reported_by": _("not among the shown incidents")})
    names = [name for name in _FIELDS if any(column.get(name) for column in columns)]
    lines = [[_(_FIELDS[name]), *(column.get(name, "") for column in columns)] for name in names]
    st.markdown(markdown_table(["", *heads], lines))


def cells_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return one incident in words, as Markdown that holds no markup of a file: key of _FIELDS -> text."""
    names, source = cached.districts().names, SOURCES[row["source"]]
    reported = row["district_reported"]
    district = markdown_text(names.get(row["pcode"]) or _("not in a district"))
    if reported and reported != names.get(row["pcode"]):
        district = _("{district} (reported: {name})", district=district, name=markdown_text(reported))
    attack, target = _(ATTACK_TYPES[row["attack_type"]]), _(TARGET_TYPES[row["target_type"]])
    page = web_address(row["source_url"])
    return {
        "reported_by": markdown_text(_(source.label)),
        "date": day_text(row["date_start"], row["date_precision"], row["date_end"]),
        "place": markdown_text(row["place"] or _("not named")),
        "precision": _(GEO_PRECISIONS[row["geo_precision"]]),
        "district": district,
        "attack": attack if source.records_control else _("{label} (derived)", label=attack),
        "target": target if source.states_target else _("{label} (derived)", label=target),
        "group": markdown_text(
            shown_group(row["group_reported"] or "") or shown_group_names().get(row["group_id"], row["group_id"])
        ),
        "killed": _toll_text(row["killed_best"], row["killed_low"], row["killed_high"]),
        "injured": _figure(row["injured"]),
        "url": link(page, _("open")) if page else "",
    }


def _short(incident_id: str) -> str:
    """Return an identifier that fits a narrow column."""
    return incident_id if len(incident_id) <= _LONGEST_ID else f"{incident_id[:28]}...{incident_id[-9:]}"


def _figure(value: int | None) -> str:
    return figure_text(UNKNOWN if value is None else value)


def _toll_text(best: int | None, low: int | None, high: int | None) -> str:
    if (low is None and high is None) or low == high == best:
        return _figure(best)
    return _("{best} ({low} to {high})", best=_figure(best), low=_figure(low), high=_figure(high))


def _draw_buttons(proposal: Proposal) -> None:
    key = "|".join(proposal.member_ids)
    left, right = st.columns(2)
    done = _("The pair is merged and counts once.")
    _button(
        left,
        _("One event: merge"),
        f"merge_{key}",
        lambda store, actor: review.merge(store, [proposal], actor=actor),
        done,
    )
    done = _("The pair is kept separate and not proposed again.")
    keep = _("Two events: keep separate")
    _button(right, keep, f"apart_{key}", lambda store, actor: review.keep_separate(store, proposal, actor=actor), done)


def _draw_undo(decision: Decision) -> None:
    key, done = f"undo_decision_{decision.decision_id}", _("Undone: the incidents are as they were.")
    _button(
        st,
        _("Undo"),
        key,
        lambda store, actor: review.undo(store, decision.decision_id, actor=actor),
        done,
        width="content",
    )


def _button(
    place: Any, label: str, key: str, action: Callable[[Store, str], object], done: str, **options: Any
) -> None:
    """Draw a button in a place; when it is clicked the action runs, and the page then says that it is done."""
    place.button(label, key, on_click=_decide, args=(action, done), **{"width": "stretch"} | options)


@messages.guarded
def _decide(action: Callable[[Store, str], object], done: str) -> str:
    """Do what a button says, and return what the page is to say then."""
    store, actor = visitor.changing(cached.store())
    action(store, actor)
    return proposals.outcome(store) or done
