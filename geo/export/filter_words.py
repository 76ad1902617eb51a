"""A filter in words, for files and pictures that leave the page."""

from __future__ import annotations

from collections.abc import Mapping

from geo.districts import shown_group_names
from geo.filters import Filters
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, INITIATORS, TARGET_TYPES
from geo.sources import MODES
from geo.wording import _, _n, format_list, words


def filters_in_words(
    filters: Filters, district_names: Mapping[str, str], datasets: Mapping[str, str]
) -> tuple[str, ...]:
    """Return one sentence for each restriction besides the period, the picture of the sources first.

    district_names: P-code -> name. datasets: batch number as text -> label.
    """
    said = _("{label}: {choices}", label=_("Sources"), choices=_(MODES[filters.sources]))
    return (said, *restrictions_in_words(filters, district_names, datasets))


def restrictions_in_words(
    filters: Filters, district_names: Mapping[str, str], datasets: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the same without the picture of the sources."""
    chosen = (
        (_("Group, as claimed or attributed"), filters.groups, shown_group_names()),
        (_("Attack type"), filters.attacks, words(ATTACK_TYPES)),
        (_("Target"), filters.targets, words(TARGET_TYPES)),
        (_("Initiated by"), filters.initiators, words(INITIATORS)),
        (_("District"), filters.districts, district_names),
        (_("Dataset"), filters.datasets, datasets),
    )
    found = [
        _("{label}: {choices}", label=label, choices=format_list([names.get(code, code) for code in sorted(codes)]))
        for label, codes, names in chosen
        if codes
    ]
    if filters.min_precision:
        precision = _(GEO_PRECISIONS[filters.min_precision])
        found.append(_("{label}: {choices}", label=_("Minimum precision of the place"), choices=precision))
    if filters.fatal_only:
        found.append(_("Fatal incidents only"))
    return tuple(found)


def no_toll_text(n: int) -> str:
    """Return that a filter of fatal incidents leaves out so many that state no toll: some of them may be fatal."""
    return _n(
        "{n} that states no toll, left out with those in which nobody was killed",
        "{n} that state no toll, left out with those in which nobody was killed",
        n,
    )
