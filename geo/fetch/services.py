"""The two services: what is asked, with which credentials, and the numbers of a reply that paging needs.

Only these numbers are looked up in a reply. Inside a JSON text every quotation mark is escaped, so no text of a record
can imitate a name of the reply.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from geo.fetch.connection import Connection, FetchError, checked_base, status_problem
from geo.problems import ProblemCode
from geo.settings import Settings
from geo.wording import Text, text

UCDP_ADDRESS, ACLED_ADDRESS = "https://ucdpapi.pcr.uu.se", "https://acleddata.com"
_UCDP_ROWS, _ACLED_ROWS = 1000, 5000  # the most rows of a page that the services give
_PAKISTAN_GLEDITSCH_WARD = 770
_RELEASE = re.compile(r"\d\d(\.\d{1,2}){1,3}\Z")
_AGENT = {"User-Agent": "kp-incident-atlas", "Accept": "application/json"}
_RECENCY = re.compile(rb'"date_recency"\s*:\s*\{[^{}]*"date"\s*:\s*"(\d{4}-\d\d-\d\d)"')
_UCDP_REMEDIES = {
    401: text("Check ATLAS_UCDP_TOKEN. UCDP gives out tokens: https://ucdp.uu.se/apidocs/."),
    403: text("Ask UCDP for access, or upload the file from https://ucdp.uu.se/downloads/."),
    404: text("Name another release with --version."),
}
_ACLED_REMEDIES = {
    401: text("Check ATLAS_ACLED_EMAIL and ATLAS_ACLED_PASSWORD by logging in at https://acleddata.com."),
    403: text("The login works, but not every account may read events. Ask ACLED for access: access@acleddata.com."),
}


@dataclass(frozen=True, slots=True)
class Service:
    """What is asked of a service, page by page.

    name: of the file of all replies. address: the query without page and credentials. first_page: its number.
    log_in: returns the headers of a request; called once before the first one. remedies: what helps, by HTTP status.
    records: the names of the list of records and of their identifier. states_total: whether replies state TotalCount
    and TotalPages; else the pages end with an empty one.
    """

    name: str
    address: str
    first_page: int
    log_in: Callable[[Connection], Mapping[str, str]] = field(repr=False)
    remedies: Mapping[int, Text]
    records: tuple[str, str]
    states_total: bool


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a reply states. n_rows: its records; n_total, n_pages: of the whole answer, None if not stated.

    newest: last day that the account may read, empty if there is no such limit.
    """

    n_rows: int
    n_total: int | None
    n_pages: int | None
    newest: str


def ucdp(release: str, settings: Settings, base: str | None = None) -> Service:
    """Return UCDP GED: one release, all events of Pakistan.

    release: a yearly release such as 26.1 or a monthly candidate release such as 26.0.3. Raises FetchError for what
    cannot be asked.
    """
    if not _RELEASE.match(release):
        raise FetchError(text("A release has a number such as 26.1 or 26.0.3."), _UCDP_REMEDIES[404])
    if not settings.ucdp_token:
        raise FetchError(text("No token for UCDP is set."), _UCDP_REMEDIES[401], ProblemCode.SETTING)
    asked = urlencode({"pagesize": _UCDP_ROWS, "Country": _PAKISTAN_GLEDITSCH_WARD})
    return Service(
        name=f"UCDP GED {release} Pakistan",
        address=f"{checked_base(base or UCDP_ADDRESS)}/api/gedevents/{release}?{asked}",
        first_page=0,
        log_in=lambda _: {**_AGENT, "x-ucdp-access-token": settings.ucdp_token},
        remedies=_UCDP_REMEDIES,
        records=("Result", "id"),
        states_total=True,
    )


def acled(until: date, settings: Settings, base: str | None = None) -> Service:
    """Return ACLED: all events of Pakistan up to a day, which is fixed so that pages do not shift between two runs.

    Raises FetchError without an account.
    """
    if not settings.acled_email or not settings.acled_password:
        raise FetchError(text("No ACLED account is set."), _ACLED_REMEDIES[401], ProblemCode.SETTING)
    host = checked_base(base or ACLED_ADDRESS)
    days = {"event_date": f"2010-01-01|{until:%Y-%m-%d}", "event_date_where": "BETWEEN"}
    asked = urlencode({"_format": "json", "country": "Pakistan", **days, "limit": _ACLED_ROWS})
    return Service(
        name=f"ACLED Pakistan to {until:%Y-%m-%d}",
        address=f"{host}/api/acled/read?{asked}",
        first_page=1,
        log_in=lambda connection: _acled_headers(host, settings, connection),
        remedies=_ACLED_REMEDIES,
        records=("data", "event_id_cnty"),
        states_total=False,
    )


def _acled_headers(host: str, settings: Settings, connection: Connection) -> Mapping[str, str]:
    """Exchange the account for a token, which is kept in memory only."""
    account = {"username": settings.acled_email, "password": settings.acled_password}
    body = urlencode({**account, "grant_type": "password", "client_id": "acled", "scope": "authenticated"}).encode()
    rejected = dict.fromkeys((400, 401, 403), _ACLED_REMEDIES[401])
    try:
        token = json.loads(connection.reply(f"{host}/oauth/token", _AGENT, rejected, body))["access_token"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _other_reply() from None
    # It becomes a header, which a line end would end.
    if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
        raise _other_reply()
    return {**_AGENT, "Authorization": f"Bearer {token}"}


def envelope(content: bytes, service: Service) -> Envelope:
    """Return what a reply states about itself; raises FetchError if it is a refusal or no reply of the service."""
    status = _number("status", content)
    if status is not None and status >= 400:  # a refusal may arrive with status 200 outside
        raise status_problem(status, service.remedies)
    list_name, id_name = service.records
    n_rows = len(re.findall(rb'"%b"\s*:' % id_name.encode(), content))
    n_total, n_pages, n_stated = (_number(name, content) for name in ("TotalCount", "TotalPages", "count"))
    is_whole = n_total is not None and n_pages is not None if service.states_total else n_stated == n_rows
    if not is_whole or (n_total and not n_rows) or not re.search(rb'"%b"\s*:\s*\[' % list_name.encode(), content):
        raise _other_reply()
    newest = _RECENCY.search(content)
    return Envelope(n_rows, n_total, n_pages, newest[1].decode() if newest else "")


def _number(name: str, content: bytes) -> int | None:
    found = re.search(rb'"%b"\s*:\s*"?(\d{1,9})\b' % name.encode(), content)
    return int(found[1]) if found else None


def _other_reply() -> FetchError:
    hint = text("The service may have changed. Download the file from its web page and upload that.")
    return FetchError(text("The reply does not have the form that this service documents."), hint)
