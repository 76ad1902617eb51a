"""The evidence on a district in sentences, in the order of reading, and what would narrow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from geo.analysis.evidence.lines import Contradiction, DistrictEvidence, Evidence, Official
from geo.analysis.evidence.narrowing import NEW_PUBLISHER, Narrowing
from geo.analysis.evidence.statements import DESCRIBED, NO_GO, Statement
from geo.analysis.index.report import STRUCTURAL_LIMITS
from geo.analysis.index.scores import CLASSES as INDEX_CLASSES
from geo.schema import SOURCES
from geo.wording import N_, Text, in_english, text, text_n

LINES: dict[str, str] = {
    "reported": N_("Reported"),
    "published": N_("Published totals"),
    "recorded": N_("Recorded incidents"),
    "together": N_("Put together"),
    "contradiction": N_("Where the lines disagree"),
    "unknown": N_("What cannot be known"),
    "narrowing": N_("What would change this class"),
}
TOGETHER: dict[str, str] = {
    "high": N_("High on all evidence"),
    "probably_high": N_("Probably high"),
    "open": N_("Evidence unsettled"),
    "not_high": N_("Not high on this evidence"),
    "no_source": N_("No source"),
}
ALONE: dict[str, str] = {
    "high": N_("High on one source"),
    "probably_high": N_("Probably high on one source"),
    "open": N_("Evidence unsettled, one source"),
    "not_high": N_("Not high on one source"),
}
_CONTRADICTIONS: dict[Contradiction, str] = {
    Contradiction.DESCRIBED_AND_DENIED: N_("It was described as no-go, and this was denied: {denial}"),
    Contradiction.DESCRIBED_NOT_RECORDED: N_(
        "It was described as no-go, while the class of the recorded incidents is “{index}”. News may be thin where "
        "access is difficult."
    ),
    Contradiction.TOGETHER_HIGH_RECORDED_LOW: N_(
        "All sources together give “{together}”, the recorded incidents alone “{index}”."
    ),
    Contradiction.RECORDED_TOP_TOGETHER_NOT: N_(
        "The recorded incidents alone give “{index}”, all sources together “{together}”."
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
        *_reported(one, found),
        *_published(one),
        *_recorded(one),
        *_together(one),
        *_contradictions(one),
        *(Sentence("unknown", text(limit)) for limit in STRUCTURAL_LIMITS),
        *_missing(found, pcode),
    ]


def together_label(one: DistrictEvidence) -> str:
    """Return the class of all sources together, to be translated; another where one source alone states a district."""
    return (
        TOGETHER["no_source"] if not one.n_publishers else (TOGETHER if one.n_publishers > 1 else ALONE)[one.together]
    )


def _reported(one: DistrictEvidence, found: Evidence) -> Iterator[Sentence]:
    if not one.described:
        nothing = N_("No statement collected here describes {district} by name as no-go in this period.")
        yield Sentence("reported", text(nothing, district=one.name))
    for statement in (*one.described, *one.denied, *one.said):
        yield Sentence("reported", statement_text(statement), statement.url)
    for statement in found.province:
        if statement.kind == DESCRIBED or statement.denies == NO_GO:
            about = N_("About the province or a part of it: {statement}")
            yield Sentence("reported", text(about, statement=statement_text(statement)), statement.url)


def statement_text(statement: Statement) -> Text:
    """Return a statement with the days it speaks of, its kind, who said it, and where and when it was published."""
    template = N_("{day}, {kind}, {speaker}: {summary} ({publisher})")
    if statement.day:
        template = N_("{day}, {kind}, {speaker}: {summary} ({publisher}, {published:short})")
    return text(
        template,
        day=period_text(statement.first, statement.last),
        kind=text(statement.label),
        speaker=text(statement.speaker),
        summary=in_english(statement.summary),
        publisher=statement.publisher,
        published=statement.day,
    )


def period_text(first: date, last: date) -> Text | date:
    """Return a day, a whole month, or the first and the last day of a period, as the value of a sentence."""
    if first == last:
        return first
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and (last + timedelta(days=1)).day == 1:
        return text("{month:month}", month=first)
    return text("{first} to {last}", first=first, last=last)


def _published(one: DistrictEvidence) -> Iterator[Sentence]:
    if not one.officials:
        nothing = N_("No published total of attacks in {district} covers mainly this period.")
        yield Sentence("published", text(nothing, district=one.name))
    for official in one.officials:
        yield Sentence("published", official_text(official), official.total.url)


def official_text(official: Official) -> Text:
    """Return a published total with its period, rate and interval, what qualifies it, and what the register holds."""
    total = official.total
    counted = text_n(
        "{publisher} counted {n} attack, {period}: {rate:.1f} per 100,000 residents and year "
        "(90 % interval {low:.1f} to {high:.1f}).",
        "{publisher} counted {n} attacks, {period}: {rate:.1f} per 100,000 residents and year "
        "(90 % interval {low:.1f} to {high:.1f}).",
        total.value,
        publisher=text(total.publisher),
        period=period_text(total.first, total.last),
        rate=official.rate,
        low=official.low,
        high=official.high,
    )
    values: dict[str, object] = {"counted": counted, "note": in_english(total.note)}
    if official.recorded is None:
        return text("{counted} Note: {note}.", **values) if total.note else counted
    values["held"] = text_n(
        "The register holds {n} attack of these days, by the first possible day.",
        "The register holds {n} attacks of these days, by the first possible day.",
        official.recorded,
    )
    return text("{counted} {held} Note: {note}." if total.note else "{counted} {held}", **values)


def _recorded(one: DistrictEvidence) -> Iterator[Sentence]:
    for source, n in one.recorded.items():
        words = text_n(
            "{source}: {n} attack recorded.", "{source}: {n} attacks recorded.", n, source=text(label(source))
        )
        yield Sentence("recorded", words)
    if not one.recorded:
        yield Sentence("recorded", text("No source of incidents covers at least half of this period."))
    if one.index_class is not None:
        words = text("Class of the index: {label}.", label=text(_INDEX_LABELS[one.index_class]))
        yield Sentence("recorded", words)
    if not one.is_comparable:
        template = N_(
            "Not comparable with other districts: the register holds {held} of {stated} attacks in published tables."
        )
        yield Sentence("recorded", text(template, held=one.held, stated=one.stated))


def label(source: str) -> str:
    """Return the label of a source of incidents, to be translated."""
    return SOURCES[source].label


def _together(one: DistrictEvidence) -> Iterator[Sentence]:
    if not one.n_publishers:
        yield Sentence("together", text("No source that covers at least half of this period states this district."))
        return
    yield Sentence(
        "together",
        text_n(
            "{label}: {ratio:.1f} times the rate of the typical district (90 % interval {low:.1f} to {high:.1f}), from "
            "{n} publisher. The probability that it is above three times is {probability:.0%}.",
            "{label}: {ratio:.1f} times the rate of the typical district (90 % interval {low:.1f} to {high:.1f}), from "
            "{n} publishers. The probability that it is above three times is {probability:.0%}.",
            one.n_publishers,
            label=text(together_label(one)),
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
        labels = TOGETHER if one.n_publishers > 1 else ALONE
        half, twice = (text(labels[code]) for code in (one.together_half, one.together_twice))
        yield Sentence("together", text(template, half=half, twice=twice))


def _contradictions(one: DistrictEvidence) -> Iterator[Sentence]:
    values: dict[str, object] = {"together": text(together_label(one))}
    if one.index_class is not None:
        values["index"] = text(_INDEX_LABELS[one.index_class])
    for code in one.contradictions:
        if code is Contradiction.DESCRIBED_AND_DENIED:
            for denial in one.denials:
                said = text(_CONTRADICTIONS[code], denial=statement_text(denial))
                yield Sentence("contradiction", said, denial.url)
        else:
            yield Sentence("contradiction", text(_CONTRADICTIONS[code], **values))


def _missing(found: Evidence, pcode: str) -> Iterator[Sentence]:
    ranked = found.narrowing(pcode)
    for place, missing in enumerate(ranked[:_MOST_MISSING]):
        yield Sentence("narrowing", _missing_text(missing, is_first=place == 0))
    if not found.synthesis.columns:
        yield Sentence("narrowing", text("Any table of districts for this period would be the first."))
    elif not ranked:
        yield Sentence("narrowing", text("No single table of this period would narrow the interval noticeably."))


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
    return text(template, publisher=text(missing.publisher), **values)
