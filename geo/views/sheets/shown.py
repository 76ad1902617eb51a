"""What every figure of a view says: filters in words, what is shown and left out, sources, versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from geo import VERSION, sources
from geo.analysis.counting import questions
from geo.analysis.evidence.lines import Evidence
from geo.analysis.evidence.recount import Recount
from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.backtest import Backtest
from geo.analysis.index.hotspots import Hotspots
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.quarterly import QuarterlyResult
from geo.analysis.index.request import AccessRequest
from geo.analysis.index.settings import AccessSettings
from geo.export.data_version import DataVersion
from geo.export.filter_words import filters_in_words, no_toll_text
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings, settings_hash, to_toml
from geo.figure.maps import is_near
from geo.figure.outlines import COUNTRY_LABELS, version_of_outlines
from geo.figure.sheet import HASH_LENGTH, MAPS, Form, Key, Sheet, csv_text, digest
from geo.figure.typesetting import typst_version
from geo.incidents import IncidentTable
from geo.schema import SOURCES
from geo.views.layers import LegendEntry
from geo.views.palettes import text_on
from geo.views.state import View
from geo.wording import N_, _, format_date, format_list

MAP_CREDIT = N_(
    "Districts: OCHA/WFP COD-AB Pakistan, CC BY 3.0 IGO, modified. Surroundings: Natural Earth. "
    "Equal-area projection (Albers)."
)
TOWN_CREDIT = N_("Towns: GeoNames, CC BY 4.0.")
SOUTH = N_("Southern districts: Bannu and Dera Ismail Khan divisions")
# The option of the settings that names a figure of the page; the first figure is meant where it is absent.
FIGURE = "figure"
_BETWEEN_CREDITS = "  "


@dataclass(frozen=True, slots=True)
class Lookups:
    """How the index and the lines of evidence of a view are had: from the caches of the app, or computed.

    of_source: incidents as one source reports them. index: the answer to a question, under the filter of the view.
    evidence: of the months of a window, with the classes of the index of a source, without them for None.
    backtest, quarterly: the tests of the index of a source on the page Validation, under the filter of the view.
    hotspots: the tests of the attacks that an index counts. recounts: every published total beside the count of a
    source. series: an index month by month, for so many months. unfiltered: the same of all incidents.
    """

    of_source: Callable[[str], IncidentTable]
    index: Callable[[AccessRequest], AccessIndex]
    evidence: Callable[[str | None, Window], Evidence]
    backtest: Callable[[str, AccessSettings, tuple[int, ...]], Backtest]
    quarterly: Callable[[str, AccessSettings], QuarterlyResult | None]
    hotspots: Callable[[AccessRequest], Hotspots]
    recounts: Callable[[str], tuple[Recount, ...]]
    series: Callable[[AccessRequest, int], AccessSeries]
    unfiltered: Callable[[], Lookups]


@dataclass(frozen=True, slots=True)
class FigureView:
    """A view to be drawn: what it shows, its settings, and the version of the data.

    settings: on paper, whatever the theme of the page. datasets: batch number as text -> label.
    """

    view: View
    settings: ViewSettings
    version: DataVersion
    lookups: Lookups
    datasets: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, exported: ExportedView, lookups: Lookups, name: str = "") -> FigureView:
        """Return what is drawn of a view that is passed on; name: of the figure, "" for that of the settings."""
        settings = exported.settings
        options = {**settings.options, FIGURE: name} if name else settings.options
        return cls(
            View.of(exported.table, exported.districts, exported.filters),
            replace(settings, theme="light", options=options),
            exported.version,
            lookups,
            exported.datasets,
        )


def heading_lines(drawn: FigureView, what: str = "") -> tuple[str, ...]:
    """Return the lines below a title: what is drawn, period, picture of the sources, filters."""
    view = drawn.view
    said = filters_in_words(view.filters, view.districts.names, drawn.datasets)
    return tuple(filter(None, (what, view.period_label, _("; ").join(said))))


def key_of(entry: LegendEntry, count: str = "") -> Key:
    """Return an entry of a legend on the screen as a key of a figure."""
    marks: dict[str, Any] = {"marked": "dotted", "cluster": "", "area": "hatched" if entry.is_hatched else "area"}
    ink = text_on(entry.colour) if entry.colour else "#14181d"
    return Key(entry.label, marks.get(entry.shape, entry.shape), entry.colour, ink, count)


def sheet(
    drawn: FigureView,
    form: Form,
    *,
    title: str,
    lines: tuple[str, ...],
    keys: tuple[Key, ...],
    rows: tuple[tuple[str, ...], ...],
    alt: str,
    legend_title: str = "",
    notes: tuple[str, ...] = (),
    more_columns: tuple[str, ...] = (),
    shown: str = "",
    credits: tuple[str, ...] | None = None,
    **options: Any,
) -> Sheet:
    """Return the sheet of a figure with everything that figures of the view have in common.

    shown, credits: what is shown, and whom it is from, where it is not the incidents of the view.
    """
    settings = to_toml(drawn.settings)
    made = Sheet(
        form=form,
        title=title,
        lines=lines,
        legend_title=legend_title,
        keys=keys,
        notes=notes,
        facts=(),
        alt=alt,
        rows=rows,
        settings=settings,
        day=drawn.version.day,
        language=drawn.settings.language,
        more_columns=more_columns,
        words=_words(drawn) if form in MAPS else {},
        made_by={
            "atlas": VERSION,
            "typst": typst_version(),
            "outlines": version_of_outlines(),
            "data": drawn.version.code,
        },
        **options,
    )
    has_towns = is_near(form, made.chosen)
    data_digest, has_map = digest(csv_text([made.columns, *rows])), form in (*MAPS, "years")
    found = facts(drawn, data_digest, has_map=has_map, has_towns=has_towns, shown=shown, credits=credits)
    return made.with_facts(found)


def _words(drawn: FigureView) -> dict[str, str]:
    """Return the names that a map writes."""
    countries = {name: _(name) for name in COUNTRY_LABELS}
    return {**drawn.view.districts.names, **countries, "km": _("{n} km", n="{n}")}


def facts(
    drawn: FigureView,
    data_digest: str,
    *,
    has_map: bool,
    has_towns: bool = False,
    shown: str = "",
    credits: tuple[str, ...] | None = None,
) -> tuple[tuple[str, str], ...]:
    """Return what stands at the foot of a figure: (label, text); shown, credits: as in `sheet`."""
    view = drawn.view
    named = (
        *(incident_credits(view) if credits is None else credits),
        *([_(MAP_CREDIT)] if has_map else []),
        *([_(TOWN_CREDIT)] if has_towns else []),
    )
    version = _(
        "Version {code} of {day}; records from {first} to {last}.",
        code=drawn.version.code,
        day=format_date(drawn.version.day),
        first=format_date(view.covered[0], "short"),
        last=format_date(view.covered[1], "short"),
    )
    made = _(
        "KP Incident Atlas {version}; settings {settings}, values {values}.",
        version=VERSION,
        settings=settings_hash(drawn.settings),
        values=data_digest[:HASH_LENGTH],
    )
    return (
        (_("Shown"), shown or shown_text(view)),
        (_("Read with care"), f"{_(sources.NATURE_OF_THE_DATA)} {_(sources.FOOTER)}"),
        (_("Sources"), _BETWEEN_CREDITS.join(_full_stop(" ".join(credit.split())) for credit in named)),
        (_("Data"), version),
        (_("Made by"), made),
    )


def credits_of(made: Sheet) -> tuple[str, ...]:
    """Return whom a figure names at its foot; in the language of the figure."""
    return tuple(dict(made.facts)[_("Sources")].split(_BETWEEN_CREDITS))


def incident_credits(view: View) -> tuple[str, ...]:
    """Return whom a figure must name for the incidents of a view."""
    return tuple(credit_of(key) for key in shown_sources(view) if key in SOURCES)


def shown_sources(view: View) -> tuple[str, ...]:
    """Return the sources of the incidents that the filter keeps, merged ones too; all of them where it keeps none."""
    table, rows = view.table, np.flatnonzero(view.mask)
    members = table.details["member_sources"].combine_chunks().take(rows).flatten().unique().to_pylist()
    used = {table.sources[code] for code in np.unique(table.source[rows]).tolist()} | set(members)
    return tuple(source for source in table.sources if source in used) or table.sources


def shown_text(view: View) -> str:
    """Return how many incidents the filter keeps, and what of them a figure leaves out."""
    n = questions.shown(view.table, view.filters)
    parts = [_("{n} of {total} incidents", n=n.n_shown, total=n.n_total), _("{n} not located", n=n.n_not_located)]
    if n.n_outside:
        parts.append(_("{n} outside Khyber Pakhtunkhwa", n=n.n_outside))
    if n.n_no_toll:
        parts.append(no_toll_text(n.n_no_toll))
    if n.n_merged:
        parts.append(_("{n} merged from {records} records of several sources", n=n.n_merged, records=n.n_merged_rows))
    if view.table.n_withheld:
        parts.append(_("those newer than the publication delay withheld"))
    return _full_stop(format_list(parts))


def credit_of(key: str) -> str:
    """Return whom a figure names for a source (key of SOURCES), with its licence."""
    source = SOURCES[key]
    licence, credit = _(source.licence), _(source.credit)
    return credit if licence in credit else _("{credit}. Licence: {licence}", credit=credit, licence=licence)


def _full_stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", _("."))) else f"{sentence}{_('.')}"
