"""A local server that answers like the interfaces of UCDP and ACLED, as far as their replies are documented.

Everything in it is made up. `faults` are taken one by one before a page is answered.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from geo.ingest.formats import ucdp

TOKEN, EMAIL, PASSWORD, BEARER = "made-up-token", "someone@example.org", "made up & secret", "bearer-of-a-day"
Fault = Callable[[BaseHTTPRequestHandler], bool]


def ged(number: int, **given: object) -> dict[str, object]:
    """One event as release 25.1 has it: numbers are numbers, dates have a time."""
    event: dict[str, object] = dict.fromkeys(ucdp.COLUMNS)
    event |= {
        "id": number,
        "relid": f"PAK-2021-1-404-{number}",
        "year": 2021,
        "active_year": 1,
        "code_status": "Clear",
        "type_of_violence": 1,
        "conflict_dset_id": 404,
        "dyad_dset_id": 857,
        "side_a": "Government of Pakistan",
        "side_b": "TTP",
        "number_of_sources": 2,
        "source_article": 'Dawn, "TotalPages": 99, 2021-08-01',
        "where_prec": 1,
        "where_coordinates": "Mir Ali town",
        "adm_1": "Khyber Pakhtunkwa province",
        "adm_2": "North Waziristan agency",
        "latitude": 32.98,
        "longitude": 70.26,
        "country": "Pakistan",
        "country_id": 770,
        "event_clarity": 1,
        "date_prec": 1,
        "date_start": "2021-08-01T00:00:00",
        "date_end": "2021-08-01T00:00:00",
        "deaths_a": 2,
        "deaths_b": 1,
        "deaths_civilians": 0,
        "deaths_unknown": 0,
        "best": 3,
        "high": 4,
        "low": 2,
        "gwnoa": 770,
    }
    return event | given


def ged_26(number: int, **given: object) -> dict[str, object]:
    """One event as releases of 2026 have it: identifiers may be text, active_year is a truth value."""
    newer = {
        "active_year": True,
        "conflict_dset_id": "XXX770",
        "dyad_dset_id": "1-XXX770",
        "adm_2": "North Waziristan district",
        "date_start": "2025-08-01T00:00:00",
        "date_end": "2025-08-01T00:00:00",
        "year": 2025,
    }
    return ged(number, **newer | given)


def acled_event(number: int, **given: str) -> dict[str, str]:
    """One event with all values as text."""
    event = {
        "event_id_cnty": f"PAK{number}",
        "event_date": "2024-05-17",
        "year": "2024",
        "time_precision": "1",
        "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Remote explosive/landmine/IED",
        "actor1": "TTP: Tehreek-i-Taliban Pakistan",
        "inter1": "Rebel group",
        "actor2": "Military Forces of Pakistan (2022-)",
        "inter2": "State forces",
        "iso": "586",
        "country": "Pakistan",
        "admin1": "Khyber Pakhtunkhwa",
        "admin2": "North Waziristan",
        "location": "Mir Ali",
        "latitude": "32.98",
        "longitude": "70.27",
        "geo_precision": "1",
        "source": "Dawn (Pakistan)",
        "notes": 'As reported, "count": 7, "status": 500.',
        "fatalities": "3",
        "timestamp": "1716220800",
    }
    return event | given


class Answers:
    """What the server holds, and what it was asked.

    releases: UCDP events by release. events: ACLED events. page_rows: the most that a page holds. faults: each is
    called with the handler of a request for data, and returns whether it has answered. asked: path and query of each.
    """

    def __init__(self) -> None:
        self.releases: dict[str, list[dict[str, object]]] = {}
        self.events: list[dict[str, str]] = []
        self.page_rows = 2
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.address = ""

    def data_asked(self) -> list[str]:
        """Return the pages that were asked for, without logins."""
        return [path for path in self.asked if "oauth" not in path]


def status(code: int, **headers: str) -> Fault:
    """A fault: the server answers with a status."""

    def answer(handler: BaseHTTPRequestHandler) -> bool:
        _send(handler, code, b'{"message": "no"}', {name.replace("_", "-"): value for name, value in headers.items()})
        return True

    return answer


def text_reply(content: bytes, length: int | None = None) -> Fault:
    """A fault: the server answers with these bytes. length: what it states, more than it sends if it breaks off."""

    def answer(handler: BaseHTTPRequestHandler) -> bool:
        _send(handler, 200, content, {}, length)
        return True

    return answer


def works(_handler: BaseHTTPRequestHandler) -> bool:
    """No fault, for one request."""
    return False


@contextmanager
def serving(answers: Answers) -> Iterator[None]:
    """Serve on this machine, at answers.address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append(self.path)
            if not (answers.faults and answers.faults.pop(0)(self)):
                (_ucdp if "/gedevents/" in self.path else _acled)(self, answers)

        def do_POST(self) -> None:
            answers.asked.append(self.path)
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            wanted = {"username": EMAIL, "password": PASSWORD, "grant_type": "password", "client_id": "acled"}
            wanted |= {"scope": "authenticated"}
            is_known = self.path == "/oauth/token" and form == {name: [value] for name, value in wanted.items()}
            reply = {"token_type": "Bearer", "expires_in": 86400, "access_token": BEARER} if is_known else {}
            _send(self, 200 if is_known else 400, json.dumps(reply).encode(), {})

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _ucdp(handler: BaseHTTPRequestHandler, answers: Answers) -> None:
    parts = urlsplit(handler.path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if handler.headers.get("x-ucdp-access-token") != TOKEN:
        _send(handler, 401, b'"API token required. Add header: x-ucdp-access-token"', {})
        return
    events = answers.releases.get(parts.path.removeprefix("/api/gedevents/"))
    if events is None:
        _send(handler, 404, b"", {})
        return
    assert query["Country"] == "770"
    page, n_rows = int(query["page"]), min(answers.page_rows, int(query["pagesize"]))
    n_pages = -(-len(events) // n_rows)
    following = f"https://example.org/?page={page + 1}" if page + 1 < n_pages else ""
    # The records first: what their texts say must not be taken for what the reply states.
    reply = {
        "Result": events[page * n_rows : (page + 1) * n_rows],
        "TotalCount": len(events),
        "TotalPages": n_pages,
        "PreviousPageUrl": "",
        "NextPageUrl": following,
    }
    _send(handler, 200, json.dumps(reply).encode(), {})


def _acled(handler: BaseHTTPRequestHandler, answers: Answers) -> None:
    parts = urlsplit(handler.path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if handler.headers.get("Authorization") != f"Bearer {BEARER}":
        _send(handler, 401, b"{}", {})
        return
    assert parts.path == "/api/acled/read"
    assert (query["country"], query["event_date_where"]) == ("Pakistan", "BETWEEN")
    first = (int(query["page"]) - 1) * answers.page_rows
    events = answers.events[first : first + answers.page_rows]
    restrictions = {"date_recency": {"quantity": 12, "unit": "Months", "date": "2025-10-07"}}
    reply = {"data": events, "status": 200, "success": True, "last_update": 1, "count": len(events)}
    _send(handler, 200, json.dumps(reply | {"data_query_restrictions": restrictions}).encode(), {})


def _send(
    handler: BaseHTTPRequestHandler, code: int, content: bytes, headers: dict[str, str], length: int | None = None
) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    handler.wfile.write(content)
