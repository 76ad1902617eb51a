"""What contributors proposed: a list for members, with the buttons of whoever may decide."""

from __future__ import annotations

import streamlit as st

from geo import place_decisions
from geo import proposals as geo_proposals
from geo.policy import Action
from geo.proposals import Proposal
from geo.store import PLACE_NAME, PUBLISHED_TOTAL, WORD, ProposingStore, Store
from geo.store.decisions import BATCH, DecisionRecord
from geo.text import markdown_text, shortened
from geo.views import cached, messages, visitor
from geo.views.tables import page_of
from geo.wording import N_, _, _n

_PAGE_PROPOSALS, _LONGEST_TEXT, _MOST_NAMED = 12, 60, 4
KINDS: dict[str, str] = {
    BATCH: N_("a file"),
    "merge": N_("one event: merge"),
    "distinct": N_("two events: keep separate"),
    PLACE_NAME: N_("the meaning of a place name"),
    WORD: N_("the meaning of a word"),
    PUBLISHED_TOTAL: N_("a published total"),
}


def outcome(store: Store) -> str | None:
    """Return what a page says after a change that is only proposed, None where it was made."""
    return _("This is proposed. An admin accepts or rejects it.") if isinstance(store, ProposingStore) else None


def draw() -> None:
    """Draw the proposals that wait, to members; nothing where there are none."""
    if not visitor.may(Action.PROPOSE):
        return
    found = geo_proposals.waiting(cached.store())[::-1]
    if not found:
        return
    st.header(_("Proposals ({n})", n=len(found)), anchor=False)
    for one in page_of(found, "upload_proposals_page", _PAGE_PROPOSALS):
        with st.container(border=True):
            text, buttons = st.columns([4, 1], vertical_alignment="center")
            text.markdown(
                _(
                    "**{number:d}. {kind}**: {what}  \nproposed by {who}, {made} UTC",
                    number=one.proposal_id,
                    kind=_(KINDS.get(one.kind, one.kind)),
                    what=_what(one),
                    who=_who(one.actor),
                    made=one.made_at,
                )
            )
            if visitor.may(Action.DECIDE):
                for label, does_accept in ((_("Accept"), True), (_("Reject"), False)):
                    key, args = f"proposal_{does_accept}_{one.proposal_id}", (one.proposal_id, does_accept)
                    buttons.button(label, key, on_click=_decide, args=args, width="stretch")


def _what(proposal: Proposal) -> str:
    """Return what is proposed, as Markdown that holds no markup of a user."""
    if proposal.batch_id is not None:
        record = cached.store().batch(proposal.batch_id)
        rows = _n("{n} row", "{n} rows", record.n_accepted)
        return f"{markdown_text(record.label)}, {rows}, SHA-256 {record.file_sha256[:12]}"
    parts = [_one(proposal.kind, ids, dict(details)) for ids, details in proposal.record[:_MOST_NAMED]]
    if len(proposal.record) > _MOST_NAMED:
        parts.append("...")
    parts += [_undone(one) for one in _decisions(proposal.undo[:_MOST_NAMED])]
    if len(proposal.undo) > _MOST_NAMED:
        parts.append("...")
    return _("; ").join(parts)


def _who(actor: str) -> str:
    """Return who proposed something, as Markdown; the address of a contributor is for admins and themselves."""
    if actor != visitor.access().actor and not visitor.may(Action.DECIDE):
        return _("another contributor")
    return markdown_text(shortened(actor, 2 * _LONGEST_TEXT))


def _decisions(numbers: tuple[int, ...]) -> list[DecisionRecord]:
    if not numbers:
        return []
    return [one for one in cached.store().decisions(include_undone=True) if one.decision_id in numbers]


def _undone(decision: DecisionRecord) -> str:
    return _(
        "undo decision {number:d}, {kind}: {what}",
        number=decision.decision_id,
        kind=_(KINDS.get(decision.kind, decision.kind)),
        what=_one(decision.kind, decision.member_ids, dict(decision.details)),
    )


def _one(kind: str, ids: tuple[str, ...], details: dict[str, object]) -> str:
    if kind == PLACE_NAME:
        meaning = place_decisions.meaning_text(str(details["meaning"]), cached.districts().names)
        said = [str(details["name"]), _(meaning)]
    elif kind == WORD:
        said = [str(details["word"]), str(details["code"])]
    elif kind == PUBLISHED_TOTAL:
        said = [str(details["publisher"]), str(details["value"]), str(details["source_url"])]
    else:
        said = list(ids)
    return ": ".join(markdown_text(shortened(part, _LONGEST_TEXT)) for part in said)


@messages.guarded
def _decide(proposal_id: int, does_accept: bool) -> str:
    store, actor = visitor.deciding(cached.store())
    if does_accept:
        geo_proposals.accept(store, proposal_id, actor=actor)
        return _("The proposal is accepted.")
    geo_proposals.reject(store, proposal_id, actor=actor)
    return _("The proposal is rejected. Nothing that is shown has changed.")
