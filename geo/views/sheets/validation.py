"""Sheets of the page Validation: the index against each baseline, over years and over quarters."""

from __future__ import annotations

from geo.analysis.index import backtest as bt
from geo.analysis.index import quarterly as qu
from geo.analysis.index import request as access_request
from geo.analysis.index.backtest import Backtest
from geo.analysis.index.monthly_counts import month_start
from geo.analysis.index.profiles import profile_of_source
from geo.analysis.index.quarterly import QuarterlyResult
from geo.analysis.index.settings import QUERY_KEYS, AccessSettings, from_query
from geo.figure.sheet import Key, Sheet
from geo.incidents import select
from geo.problems import ProblemCode, rejected
from geo.schema import SOURCES
from geo.views import palettes
from geo.views import validation as page
from geo.views.sheets.no_go import narrowing_words, of_index
from geo.views.sheets.shown import FigureView, sheet
from geo.wording import N_, _, format_date, text

# The two measures by which the page judges.
_JUDGED = ("spearman_count", "hit_share")
_EVEN = "no different"
_VERDICTS: dict[str, str] = {
    "better": N_("the index is better"),
    "worse": N_("the index is worse"),
    _EVEN: N_("no difference found"),
}


def differences(drawn: FigureView) -> Sheet:
    """Return the index minus each baseline over the years, with the interval of the years."""
    source, settings, result = _backtest(drawn)
    rows = tuple(
        (
            _(bt.MEASURES[found.measure]),
            _(bt.METHODS[found.baseline]),
            str(list(_VERDICTS).index(found.verdict)),
            _(_VERDICTS[found.verdict]),
            *(f"{value:.6g}" for value in (found.mean, found.low, found.high)),
        )
        for measure in _JUDGED
        for found in result.differences
        if found.measure == measure
    )
    head = page.verdict(result)[0]
    title = _("Does the index predict the next year better than simple baselines?")
    axis = _("Index minus baseline; above zero the index is better")
    lines = (head, _index_text(source, settings))
    return _sheet(of_index(drawn, source), title, rows, lines, (page.reading_text(result),), axis=axis)


def quarters(drawn: FigureView) -> Sheet:
    """Return the primary score of the index minus that of each other method over the quarters, with its interval."""
    source, settings, result = _quarterly(drawn)
    rows = []
    for found in result.against_index:
        verdict = "better" if found.high < 0 else "worse" if found.low > 0 else _EVEN
        values = (f"{value:.6g}" for value in (found.mean, found.low, found.high))
        rows.append(
            ("", _(qu.METHODS[found.method]), str(list(_VERDICTS).index(verdict)), _(_VERDICTS[verdict]), *values)
        )
    first, last = (format_date(month_start(month), "short_month") for month in (result.first, result.last))
    line = _("{n} quarters, from that of {first} to that of {last}", n=result.n_origins, first=first, last=last)
    title = _("Does the index forecast the next quarter better than other ways?")
    axis = _("CRPS of the index minus that of the other; below zero the index is better")
    lines = (line, _index_text(source, settings))
    return _sheet(of_index(drawn, source), title, tuple(rows), lines, (), axis=axis)


def why_not(drawn: FigureView, name: str) -> None:
    """Raise an AtlasError with the reason if the figure of a name cannot be made."""
    _quarterly(drawn) if name == "quarters" else _backtest(drawn)


def _backtest(drawn: FigureView) -> tuple[str, AccessSettings, Backtest]:
    source, settings = _asked(drawn)
    covered = bt.covered_years(drawn.lookups.of_source(source), (source,))
    if len(covered) < 2:
        message = text("A back-test needs at least two calendar years of which the source covers all twelve months.")
        raise rejected(ProblemCode.SETTING, message)
    first, last = covered[0], covered[-1]
    if len(covered) > 2:
        first, last = page.span_of(drawn.settings.options.get("years", ""), covered) or page.usual_span(covered)
    result = drawn.lookups.backtest(source, settings, tuple(range(first, last + 1)))
    if not result.origins:
        message = text("No year has enough records before it to set the limits of the index from the past alone.")
        raise rejected(ProblemCode.SETTING, message)
    return source, settings, result


def _quarterly(drawn: FigureView) -> tuple[str, AccessSettings, QuarterlyResult]:
    source, settings = _asked(drawn)
    result = drawn.lookups.quarterly(source, settings)
    if result is None:
        raise rejected(ProblemCode.SETTING, text("There are too few quarters for this comparison."))
    return source, settings, result


def _asked(drawn: FigureView) -> tuple[str, AccessSettings]:
    """Return source and settings of the index that the options name; raises CannotCompute if no source can serve."""
    table, options = drawn.view.table, drawn.settings.options
    mask = select(table, drawn.settings.filters.for_index())
    sources = access_request.indexable_sources(table, mask)
    if not sources:
        raise access_request.nothing_to_use(table, mask)
    source = options["source"] if options.get("source") in sources else sources[0]
    chosen, _ignored = from_query({key: options.get(key, "") for key in QUERY_KEYS}, profile_of_source(source).settings)
    return source, chosen


def _index_text(source: str, settings: AccessSettings) -> str:
    return _("{index}, {source}", index=_(settings.variant()), source=_(SOURCES[source].label))


def _sheet(
    drawn: FigureView,
    title: str,
    rows: tuple[tuple[str, ...], ...],
    lines: tuple[str, ...],
    notes: tuple[str, ...],
    *,
    axis: str,
) -> Sheet:
    low, _weak, _middle, _weak_high, high = palettes.DIVERGING["light"]
    keys = tuple(
        Key(_(label), "area", colour)
        for label, colour in zip(_VERDICTS.values(), (low, high, palettes.OTHER["light"]), strict=True)
    )
    said = _("; ").join(f"{' '.join(row[:2]).strip()}: {row[4]} ({row[5]}, {row[6]}), {row[3]}" for row in rows)
    return sheet(
        drawn,
        "intervals",
        title=title,
        lines=(*lines, *narrowing_words(drawn)),
        keys=keys,
        rows=rows,
        notes=(*notes, _("The bar is the 95 % interval; where it crosses zero no difference was found.")),
        axis=axis,
        alt=_("Chart of intervals. {title} {values}.", title=title, values=said),
    )
