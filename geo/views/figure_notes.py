"""The words beside figures: attacks on police, on which sides people were killed, and what stands for no figure."""

from __future__ import annotations

from geo.analysis.counting import questions, stated
from geo.analysis.counting.stated import Police, Why
from geo.filters import Filters
from geo.incidents import IncidentTable, select
from geo.wording import N_, _

_ON_POLICE: dict[Police, str] = {
    Police.STATED: N_("{n} on police"),
    Police.PARTLY: N_("{n} on police in those whose source distinguishes them"),
    Police.NO_TARGET: N_("no incident states its target"),
    Police.NOT_STATED: N_("police not distinguished by this source"),
}
# What stands in the place of a figure that no incident can tell, which is not zero.
_MISSING: dict[Why, str] = {
    Why.NO_FIGURE: N_("no figure stated"),
    Why.NO_TARGET: N_("no incident states its target"),
    Why.NO_POLICE: N_("not distinguished by the source"),
    Why.EITHER: N_("target not stated, or not distinguished by the source"),
    Why.NO_RECORD: N_("no record of this period"),
}


def missing(why: Why) -> str:
    """Return what stands in the place of a missing figure."""
    return _(_MISSING[why])


def missing_in(table: IncidentTable, filters: Filters, measure: str) -> str:
    """Return what stands in the place of every missing figure of a view. measure: key of MEASURES."""
    if not has_record(table, filters):
        return missing(Why.NO_RECORD)
    return missing(stated.why_untold(table, select(table, filters), measure))


def has_record(table: IncidentTable, filters: Filters) -> bool:
    """Return whether anything is recorded in the period of a filter, whatever else it keeps."""
    return questions.is_stated(table, filters, "incidents")


def of_those_told(table: IncidentTable, filters: Filters, measure: str) -> tuple[str, ...]:
    """Return that attacks on police are counted in a part of the incidents only, where that is so; else ()."""
    if measure != "police_attacks" or stated.police(table, select(table, filters)) in (Police.STATED, Police.NO_TARGET):
        return ()
    return (_("Attacks on police: only where the source distinguishes police from other state forces."),)


def on_police(table: IncidentTable, filters: Filters) -> str:
    """Return how many attacks on state forces were on police, or that the source does not tell police apart."""
    mask = select(table, filters)
    if not mask.any():  # the other incidents of the period say whether their source tells police apart
        mask = select(table, Filters(start=filters.start, end=filters.end, datasets=filters.datasets))
    if not mask.any():
        return missing(Why.NO_RECORD)
    is_stated = stated.police(table, mask)
    return _(_ON_POLICE[is_stated], n=questions.total(table, filters, "police_attacks")[0])


def sides(table: IncidentTable, filters: Filters) -> str:
    """Return that people killed are those of all sides, and how many of them are described as militants if known."""
    if not has_record(table, filters):
        return missing(Why.NO_RECORD)
    n = stated.militants_killed(table, select(table, filters))
    return _("all sides") if n is None else _("all sides, {n} described as militants", n=n)
