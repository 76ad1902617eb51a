"""The evidence on a district in sentences, in the order of reading: reported, official, recorded, together, missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from geo.analysis.evidence.lines import Contradiction, DistrictEvidence, Evidence, Official
from geo.analysis.evidence.narrowing import NEW_PUBLISHER, Narrowing
from geo.analysis.evidence.statements import DENIED, KINDS, Statement
from geo.analysis.index.report import STRUCTURAL_LIMITS
from geo.analysis.index.scores import CLASSES as INDEX_CLASSES
from geo.schema import SOURCES
from geo.wording import N_, Text, text, text_n

LINES: dict[str, str] = {
    "reported": N_("Reported"),
    "official": N_("Official totals"),
    "recorded": N_("Recorded incidents"),
    "together": N_("Put together"),
    "contradiction": N_("Where the lines disagree"),
    "unknown": N_("What cannot be known"),
    "narrowing": N_("What would change this class"),
}
TOGETHER: dict[str, str] = {
    "high": N_("High on all evidence"),
    "probably_high": N_("Probably high"),
    "open": N_("Open"),
    "not_high": N_("Not high on this evidence"),
    "no_source": N_("No source"),
}
_CONTRADICTIONS: dict[Contradiction, str] = {
    Contradiction.DESCRIBED_AND_DENIED: N_("It was described as no-go, and officials denied it."),
    Contradiction.DESCRIBED_NOT_RECORDED: N_(
        "It was described as no-go, but few attacks on forces are recorded: news is thinnest where access is worst."
    ),
    Contradiction.TOGETHER_HIGH_RECORDED_LOW: N_(
        "All sources together suggest a high rate, but the recorded incidents alone give a low class."
    ),
    Contradiction.RECORDED_TOP_TOGETHER_NOT: N_(
        "The recorded incidents give the top class, but all sources together do not suggest a high rate."
    ),
    Contradiction.HIGH_NOT_DESCRIBED: N_(
        "All sources together suggest a high rate, but no statement collected here calls it no-go in this period."
    ),
}
_MOST_MISSING = 3
_INDEX_LABELS = dict(INDEX_CLASSES.values())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a line of evidence (key of LINES); url: the page it rests on, or ""."""

    line: str
    words: Text
    url: str = ""


def explain(found: Evidence, pcode: str) -> list[Sentence]:
    """Return what is known of a district as sentences, and what is not."""
    one = found.of(pcode)
    return [
        *_reported(one),
        *_official(one),
        *_recorded(one),
        *_together(one),
        *(Sentence("contradiction", text(_CONTRADICTIONS[code])) for code in one.contradictions),
        *(Sentence("unknown", text(limit)) for limit in STRUCTURAL_LIMITS),
        *_missing(found.narrowing(pcode)),
    ]


def _reported(one: DistrictEvidence) -> Iterator[Sentence]:
    if not one.described:
        nothing = N_("No statement collected here describes {district} as no-go in this period.")
        yield Sentence("reported", text(nothing, district=one.name))
    for statement in (*one.described, *one.denied, *one.said):
        yield Sentence("reported", statement_text(statement), statement.url)


def statement_text(statement: Statement) -> Text:
    """Return a statement with its day, its kind, who said it, and where it was published."""
    template = N_("{day}, {kind}, {speaker}: {summary} ({publisher})")
    if statement.kind == DENIED:
        template = N_("{day}, denial, {speaker}: {summary} ({publisher})")
    return text(
        template,
        day=period_text(statement.first, statement.last),
        kind=text(KINDS[statement.kind]),
        speaker=statement.speaker,
        summary=statement.summary,
        publisher=statement.publisher,
    )


def period_text(first: date, last: date) -> Text | date:
    """Return a day, or the first and the last day of a period, as the value of a sentence."""
    return first if first == last else text("{first} to {last}", first=first, last=last)


def _official(one: DistrictEvidence) -> Iterator[Sentence]:
    if not one.officials:
        nothing = N_("No official total of attacks in {district} is known for at least half of its period in this one.")
        yield Sentence("official", text(nothing, district=one.name))
    for official in one.officials:
        yield Sentence("official", official_text(official), official.total.url)


def official_text(official: Official) -> Text:
    """Return a published total with its period, rate and interval, and how many of its attacks the register holds."""
    total = official.total
    values: dict[str, object] = {
        "publisher": total.publisher,
        "n": total.value,
        "period": period_text(total.first, total.last),
        "rate": official.rate,
        "low": official.low,
        "high": official.high,
    }
    if official.recorded is None:
        return text(
            N_(
                "{publisher} counted {n} attacks, {period}: {rate:.1f} per 100,000 residents and year "
                "(90 % interval {low:.1f} to {high:.1f})."
            ),
            **values,
        )
    return text(
        N_(
            "{publisher} counted {n} attacks, {period}: {rate:.1f} per 100,000 residents and year "
            "(90 % interval {low:.1f} to {high:.1f}). The register holds {recorded} attacks of these days."
        ),
        recorded=official.recorded,
        **values,
    )


def _recorded(one: DistrictEvidence) -> Iterator[Sentence]:
    for source, n in one.recorded.items():
        words = text_n(
            "{source}: {n} attack recorded.", "{source}: {n} attacks recorded.", n, source=text(label(source))
        )
        yield Sentence("recorded", words)
    if one.index_class is not None:
        words = text(N_("Class of the index: {label}."), label=text(_INDEX_LABELS[one.index_class]))
        yield Sentence("recorded", words)
    if not one.is_comparable:
        held = max((o for o in one.officials if o.recorded is not None), key=lambda o: o.total.value)
        template = N_(
            "Not comparable with other districts: the register holds {recorded} of {n} attacks of {publisher}."
        )
        yield Sentence(
            "recorded",
            text(template, recorded=held.recorded, n=held.total.value, publisher=held.total.publisher),
            held.total.url,
        )


def label(source: str) -> str:
    """Return the label of a source of incidents, to be translated."""
    return SOURCES[source].label


def _together(one: DistrictEvidence) -> Iterator[Sentence]:
    if not one.n_publishers:
        yield Sentence("together", text(N_("No source states anything about this district in this period.")))
        return
    yield Sentence(
        "together",
        text_n(
            "{label}: {ratio:.1f} times the rate of the typical district (90 % interval {low:.1f} to {high:.1f}), from "
            "{n} source alone. The probability that it is above three times is {probability:.0%}.",
            "{label}: {ratio:.1f} times the rate of the typical district (90 % interval {low:.1f} to {high:.1f}), from "
            "{n} sources. The probability that it is above three times is {probability:.0%}.",
            one.n_publishers,
            label=text(TOGETHER[one.together]),
            ratio=one.ratio,
            low=one.low,
            high=one.high,
            probability=one.probability,
        ),
    )
    if {one.together_half, one.together_twice} != {one.together}:
        template = N_(
            "The class depends on how unevenly sources are taken to see districts: with half of that the class is "
            "“{half}”, with twice of it “{twice}”."
        )
        half, twice = (text(TOGETHER[code]) for code in (one.together_half, one.together_twice))
        yield Sentence("together", text(template, half=half, twice=twice))


def _missing(ranked: list[Narrowing]) -> Iterator[Sentence]:
    for place, missing in enumerate(ranked[:_MOST_MISSING]):
        yield Sentence("narrowing", _missing_text(missing, is_first=place == 0))
    if not ranked:
        yield Sentence("narrowing", text(N_("No single table of this period would narrow the interval noticeably.")))


def _missing_text(missing: Narrowing, *, is_first: bool) -> Text:
    values: dict[str, object] = {"period": period_text(missing.first, missing.last), "share": missing.by}
    if missing.publisher == NEW_PUBLISHER:
        template = N_(
            "A table of districts by another publisher for {period} would narrow the interval by {share:.0%}."
        )
        if is_first:
            template = N_(
                "A table of districts by another publisher for {period} would narrow this most: the interval by "
                "{share:.0%}."
            )
        return text(template, **values)
    template = N_("A table of districts by {publisher} for {period} would narrow the interval by {share:.0%}.")
    if is_first:
        template = N_(
            "A table of districts by {publisher} for {period} would narrow this most: the interval by {share:.0%}."
        )
    return text(template, publisher=missing.publisher, **values)
