"""Dated statements on access, published and cited (data/access_signals.csv): beside the classes, never counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from geo.analysis.evidence.files import district_code, first_day, last_day, period, read_records, web_url
from geo.settings import DATA_DIR
from geo.wording import N_

STATEMENTS_FILE = DATA_DIR / "access_signals.csv"
DESCRIBED, DENIED, NO_GO = "described_no_go", "denial", "no_go"
KINDS: dict[str, str] = {
    DESCRIBED: N_("Described as no-go or out of state control"),
    DENIED: N_("Denial"),
    "travel_advisory": N_("Warning not to travel"),
    "curfew": N_("Curfew"),
    "night_ban": N_("Ban on movement at night"),
    "road_closed": N_("Road closed"),
    "road_reopened": N_("Road reopened"),
    "displacement": N_("Displacement"),
    "return": N_("Return of displaced people"),
    "office_moved": N_("Office moved away"),
    "office_returned": N_("Office returned"),
    "post_closed": N_("Police post closed"),
    "post_reopened": N_("Police post reopened"),
    "deployment_refused": N_("Deployment refused"),
    "police_protest": N_("Protest of police"),
    "campaign_halted": N_("Vaccination campaign halted"),
    "work_halted": N_("Public work halted"),
}
# What is denied: a denial of something else is none of a description as no-go.
DENIALS: dict[str, str] = {
    NO_GO: N_("Denial that it is no-go"),
    "presence": N_("Denial that militants are present"),
    "operation": N_("Denial of an operation"),
    "displacement": N_("Denial of displacement"),
    "curfew": N_("Denial of a curfew"),
    "office_move": N_("Denial about a moved office"),
}
# What was published about the police themselves.
POLICE_KINDS: tuple[str, ...] = ("deployment_refused", "police_protest", "post_closed", "post_reopened", "night_ban")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement about one district. pcode: None where it is about the province or a part without a border.

    first, last: the days it speaks of. denies: of a denial, what is denied, key of DENIALS, else "".
    speaker: who said it, in what role. summary: what was said, in our words.
    day: date of the page, None where it has none.
    """

    statement_id: str
    pcode: str | None
    first: date
    last: date
    kind: str
    denies: str
    speaker: str
    summary: str
    publisher: str
    url: str
    day: date | None

    @property
    def label(self) -> str:
        """What kind of statement it is, of a denial what it denies; in English, to be translated where it is shown."""
        return DENIALS.get(self.denies, KINDS[self.kind])


@cache
def statements(path: Path = STATEMENTS_FILE) -> tuple[Statement, ...]:
    """Return every statement, oldest first. Raises DamagedData naming the row that cannot be used."""
    return tuple(sorted(read_records(path, _statement), key=lambda s: (s.first, s.statement_id, s.pcode or "")))


def _statement(row: dict[str, str]) -> Statement:
    is_whole = row["denies"] in DENIALS if row["kind"] == DENIED else not row["denies"]
    if row["kind"] not in KINDS or not is_whole:
        raise ValueError(f"{row['kind']!r} with {row['denies']!r} denied is not a kind of statement")
    first, last = period(first_day(row["from"]), last_day(row["to"] or row["from"]))
    return Statement(
        row["statement_id"],
        district_code(row["pcode"]),
        first,
        last,
        row["kind"],
        row["denies"],
        row["speaker"],
        row["words"],
        row["publisher"],
        web_url(row["source_url"]),
        first_day(row["source_date"]) if row["source_date"] else None,
    )


def between(first: date, last: date, pcode: str | None, path: Path = STATEMENTS_FILE) -> tuple[Statement, ...]:
    """Return the statements about a district, or with None about the province, that speak of a day of a period."""
    return tuple(s for s in statements(path) if s.pcode == pcode and s.first <= last and s.last >= first)


def n_pages(found: tuple[Statement, ...]) -> int:
    """Return on how many pages statements rest: several of one address count once."""
    return len({s.url for s in found})
