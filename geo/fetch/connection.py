"""One request to a service: a checked address, and a whole reply or a problem with its remedy."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, IncompleteRead
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from geo.problems import AtlasError, Problem, ProblemCode
from geo.wording import Text, _, text

_TIMEOUT_S = 60
_MOST_BYTES = 64_000_000
_WAITS_S = (5, 10, 20, 40)
_LONGEST_WAIT_S = 600
_BASE = re.compile(r"(https://[^\s/@?#\\]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s?#]*)?\Z")
_STATUSES = {
    401: text("The service does not accept the token or account."),
    403: text("The account has no access to these data."),
    404: text("The service does not have what was asked for."),
    429: text("The service has had too many requests."),
}
_AGAIN = text("Run the same command again: what was fetched is kept and not asked for again.")


class FetchError(AtlasError):
    """A service did not give what was asked for; replies that were fetched before are kept.

    retry_s: seconds after which the same request may succeed, at least; None if it will not.
    """

    retry_s: float | None = None

    def __init__(self, message: Text, hint: Text = _AGAIN, code: ProblemCode = ProblemCode.SERVICE) -> None:
        super().__init__([Problem(code, message, hint)])


class NotThere(FetchError):
    """The service knows nothing at this address."""


def checked_base(address: str) -> str:
    """Return the address of a service without a slash at its end; raises FetchError unless it is https.

    Plain http is allowed to this machine only: credentials would cross the network in readable form.
    """
    if not _BASE.match(address):
        message = text("The address of a service begins with https:// and has no user, password or query.")
        hint = text("Plain http:// is allowed for a server on this machine only.")
        raise FetchError(message, hint, ProblemCode.SETTING)
    return address.rstrip("/")


@dataclass(frozen=True, slots=True)
class Connection:
    """How services are asked: one request after another, a pause between them.

    say: shows a line of text to the user. sleep: waits for some seconds.
    """

    say: Callable[[str], None]
    pause_s: float = 1.0
    sleep: Callable[[float], None] = field(default=time.sleep)

    def reply(
        self, address: str, headers: Mapping[str, str], remedies: Mapping[int, Text], body: bytes | None = None
    ) -> bytes:
        """Return the whole reply to a request. address: begins with a checked_base. remedies: by HTTP status.

        What may pass (rate limits, errors of the server, an interrupted connection) is tried again after 5, 10, 20 and
        40 seconds, or later if Retry-After asks for it. Raises FetchError, NotThere for status 404.
        """
        request = Request(address, body, headers)  # noqa: S310 (checked_base)
        for wait_s in (*_WAITS_S, None):
            self.sleep(self.pause_s)
            try:
                return _reply(request, remedies)
            except FetchError as error:
                if error.retry_s is None or wait_s is None:
                    raise
                wait = max(error.retry_s, wait_s)
                self.say(_("{problem} Next attempt in {n} seconds.", problem=error.problems[0].message, n=round(wait)))
                self.sleep(wait)
        raise AssertionError("the last attempt returns or raises")


class _NoRedirection(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow none, which would carry the token to another address: it arrives as an HTTPError."""


def _reply(request: Request, remedies: Mapping[int, Text]) -> bytes:
    # What is sent to this machine in plain text does not pass a proxy.
    handlers = (_NoRedirection(), *([ProxyHandler({})] if request.type == "http" else []))
    try:
        with build_opener(*handlers).open(request, timeout=_TIMEOUT_S) as answer:
            content: bytes = answer.read(_MOST_BYTES + 1)
            length = answer.headers.get("Content-Length") or ""
    except HTTPError as error:
        with error:
            raise _status_error(error.code, error.headers.get("Retry-After", ""), remedies) from None
    except IncompleteRead:
        raise _passing(FetchError(text("A reply was cut off."), code=ProblemCode.TRUNCATED)) from None
    except (OSError, HTTPException) as error:
        cause = getattr(error, "reason", error)
        reason = getattr(cause, "verify_message", "") or getattr(cause, "strerror", "") or type(cause).__name__
        message = text("{host} cannot be reached: {reason}.", host=request.host, reason=str(reason))
        hint = text("Check the network connection, then run the same command again.")
        raise _passing(FetchError(message, hint)) from None
    if len(content) > _MOST_BYTES:
        raise FetchError(text("A reply has more than {n} MB.", n=_MOST_BYTES // 1_000_000))
    # A reply that breaks off is noticed by the stated length or, without one, by the missing end of the JSON.
    is_short = length.isdecimal() and len(content) < int(length)
    if is_short or (content.lstrip().startswith(b"{") and not content.rstrip().endswith(b"}")):
        raise _passing(FetchError(text("A reply was cut off."), code=ProblemCode.TRUNCATED))
    return content


def _passing(error: FetchError, retry_s: float = 0.0) -> FetchError:
    error.retry_s = retry_s
    return error


def status_problem(status: int, remedies: Mapping[int, Text]) -> FetchError:
    """Return what a status means. remedies: what helps, by status."""
    message = _STATUSES.get(status, text("The service answers with status {status:d}.", status=status))
    return (NotThere if status == 404 else FetchError)(message, remedies.get(status, _AGAIN))


def _status_error(status: int, retry_after: str, remedies: Mapping[int, Text]) -> FetchError:
    if status != 429 and status < 500:
        return status_problem(status, remedies)
    wait_s = _seconds(retry_after)
    if wait_s > _LONGEST_WAIT_S:
        hint = text("It asks to wait {n} minutes. Run the same command again after that.", n=round(wait_s / 60))
        return status_problem(status, {status: hint})
    return _passing(status_problem(status, remedies), wait_s)


def _seconds(retry_after: str) -> float:
    """Return the seconds that a Retry-After asks for, as a number or as a date; 0 if it states neither."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
