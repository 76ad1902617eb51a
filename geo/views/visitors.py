"""Who is connected: session -> whose browser it is, and what they may do. The server asks before it takes a file.

A session is known by a number, which is no secret for long; the browser by the token of a cookie of its own.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.settings import ROLES_TO_GIVE, SERVER

if TYPE_CHECKING:
    from geo.policy import Access

_COOKIE = "_streamlit_xsrf"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One session. browser: see `browser_of`."""

    browser: str
    access: Access

    @property
    def owner(self) -> str:
        """Whose files are counted together: those of an account, else of a browser, which can choose another token."""
        return self.access.actor if self.access.role in ROLES_TO_GIVE and self.access.mode == SERVER else self.browser


_SESSIONS: dict[str, Visitor] = {}
# Issuer, account and moment of each sign-in that was followed by a sign-out.
_ENDED: set[tuple[str, ...]] = set()
_LOCK = threading.Lock()


def note(session: str, visitor: Visitor) -> None:
    """Remember who a session is; every run does, because a role may change or run out."""
    with _LOCK:
        _SESSIONS[session] = visitor


def of_session(session: str) -> Visitor | None:
    """Return who a session is, None for one that has drawn nothing yet or is gone."""
    return _SESSIONS.get(session)


def sessions() -> tuple[str, ...]:
    """Return the sessions that are remembered."""
    with _LOCK:
        return tuple(_SESSIONS)


def of_owner(owner: str) -> frozenset[str]:
    """Return the sessions whose files are counted together, see `Visitor.owner`: one for each tab."""
    with _LOCK:
        return frozenset(session for session, visitor in _SESSIONS.items() if visitor.owner == owner)


def forget(session: str) -> None:
    """Forget a session that is gone."""
    with _LOCK:
        _SESSIONS.pop(session, None)


def end_sign_in(claims: Mapping[str, Any]) -> None:
    """Let a sign-in count no longer, in other open tabs too: they keep what the provider said until they are loaded."""
    _ENDED.add(_sign_in_of(claims))


def has_ended(claims: Mapping[str, Any]) -> bool:
    """Whether somebody has signed out of the sign-in that these claims come from."""
    return _sign_in_of(claims) in _ENDED


def _sign_in_of(claims: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(claims.get(part, "")) for part in ("iss", "sub", "email", "iat"))


def browser_of(cookies: Mapping[str, str]) -> str:
    """Return a name of the browser that sends these cookies: a digest of its token, "" without one."""
    from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

    # The cookie is written anew with every answer; the token in it stays.
    token, _made = decode_xsrf_token_string(cookies.get(_COOKIE, ""))
    return hashlib.sha256(token).hexdigest()[:32] if token else ""


def cookies_of(header: str) -> dict[str, str]:
    """Return the cookies of a request, as the server of the pages reads them: a strange one hides no other."""
    from starlette.requests import cookie_parser

    return cookie_parser(header)
