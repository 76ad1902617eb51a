"""Who may do what, and what may be shown to whom: pages, files, maps, commands and notebooks all ask here.

Three modes. "local": the person at the machine may do everything, somebody elsewhere reads as on a public atlas.
"server": people sign in; a list of e-mail address and issuer gives them a role, everybody else reads as on a public
atlas. "public": everybody reads. What licences forbid is the same for every role.
"""

from __future__ import annotations

import getpass
import ipaddress
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.problems import AtlasError, Problem, ProblemCode
from geo.schema import SOURCES
from geo.settings import LOCAL, PUBLIC_DELAY_DAYS, SERVER, Role, Settings
from geo.wording import Text, text

MACHINE = "local"  # the actor on one's own machine, as in every store so far
_SKEW_S = 300  # clocks of a provider and of this machine may differ


class Action(StrEnum):
    """What a role may be allowed to do besides reading."""

    CHECK = "check"  # have a file read, and see what it would give
    PROPOSE = "propose"  # put a file or a decision before an admin
    DECIDE = "decide"  # change what is stored: accept, undo, hide, merge, give names and words another meaning


MAY: dict[Role, frozenset[Action]] = {
    Role.VISITOR: frozenset(),
    Role.VIEWER: frozenset(),
    Role.CONTRIBUTOR: frozenset({Action.CHECK, Action.PROPOSE}),
    Role.ADMIN: frozenset(Action),
}


class Refusal(StrEnum):
    """Why somebody who signed in has no role."""

    NOT_LISTED = "not listed"
    NOT_VERIFIED = "e-mail not verified"
    EXPIRED = "expired"


_WHY: dict[Refusal | None, Text] = {
    None: text("Sign in with an account that may do this, or ask an admin of this atlas."),
    Refusal.NOT_LISTED: text("Your account is not on the list of this atlas. Ask an admin to add it."),
    Refusal.NOT_VERIFIED: text("Your provider does not confirm your e-mail address. Confirm it there, then sign in."),
    Refusal.EXPIRED: text("Your sign-in has run out. Sign in again."),
}
_ON_PUBLIC = text("This is a public, read-only deployment. Run the atlas on your own machine to load files.")


class NotAllowed(AtlasError):
    """Somebody asked for what their role does not allow; nothing was done."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may do and see.

    actor: who that is, as the store records it. delay_days: incidents newer than this many days are withheld.
    is_own_machine: whether the person sits at the machine that holds the data, so that nothing is passed on.
    until: seconds since 1970 at which the sign-in runs out. refusal: why a sign-in gives no role.
    """

    mode: str
    role: Role
    actor: str
    delay_days: int
    is_own_machine: bool = False
    until: float | None = None
    refusal: Refusal | None = None

    def may(self, action: Action) -> bool:
        """Whether this person may do something now."""
        return action in MAY[self.role] and not self._has_run_out()

    def require(self, action: Action) -> None:
        """Raise NotAllowed, with what helps, if this person may not do something now."""
        if not self.may(action):
            said = text("You may not do this here. Nothing was changed.")
            raise NotAllowed([Problem(ProblemCode.NOT_ALLOWED, said, self.remedy())])

    def remedy(self) -> Text:
        """Return what somebody can do who may not do something."""
        if self.mode not in (LOCAL, SERVER):
            return _ON_PUBLIC
        if self.mode == LOCAL:
            return text("Files and decisions are for the person at the machine that runs the atlas.")
        if self.role is not Role.VISITOR and not self._has_run_out():
            return text("Your role is {role}; ask an admin of this atlas.", role=str(self.role))
        return _WHY[Refusal.EXPIRED if self._has_run_out() else self.refusal]

    @property
    def newest_shown(self) -> date:
        """The last day whose incidents are not withheld: today (UTC) less the publication delay."""
        return datetime.now(UTC).date() - timedelta(days=self.delay_days)

    @property
    def draws_closed_points(self) -> bool:
        """Whether maps draw single incidents of sources whose rows may not be passed on, where each lies."""
        return self.is_own_machine

    @property
    def shows_closed_rows(self) -> bool:
        """Whether rows of such sources may be looked at one by one, to decide about them."""
        return self.is_own_machine

    @property
    def shows_cells(self) -> bool:
        """Whether rows may be seen as their file wrote them: a file may hold more than is for the public."""
        return self.is_own_machine or self.may(Action.CHECK)

    @property
    def counts_withheld(self) -> bool:
        """Whether to say how many incidents are withheld, and of which one that is the case: it tells of new ones."""
        return self.may(Action.DECIDE)

    @property
    def shows_paths(self) -> bool:
        """Whether errors may name folders of this machine."""
        return self.is_own_machine

    def _has_run_out(self) -> bool:
        return self.until is not None and time.time() >= self.until


def at_machine(settings: Settings) -> Access:
    """Return the access of whoever runs a command or a notebook: the files of the store are theirs already.

    What they make of it for others follows the mode: on a server and in public, as little as licences allow.
    """
    if settings.mode == LOCAL:
        return Access(LOCAL, Role.ADMIN, MACHINE, settings.delay_days, is_own_machine=True)
    return Access(settings.mode, Role.ADMIN, f"command line: {_user_name()}", settings.delay_days)


def _user_name() -> str:
    """Return the account that runs this process; LOGNAME, which getpass would ask, holds what its user puts there."""
    if sys.platform == "win32":
        return getpass.getuser()
    import pwd  # Windows has none

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def of_visitor(settings: Settings, claims: Mapping[str, Any], client: str | None, host: str | None) -> Access:
    """Return the access of somebody who uses the pages.

    claims: what the provider says of them, empty for nobody. client: their network address, None or "" for this
    machine. host: the name by which they reached it, None if it is not known.
    """
    if settings.mode == LOCAL and is_at_machine(client, host):
        return at_machine(settings)
    visitor = Access(settings.mode, Role.VISITOR, "visitor", max(settings.delay_days, PUBLIC_DELAY_DAYS))
    if settings.mode != SERVER or not settings.has_sign_in or not claims.get("is_logged_in"):
        return visitor
    found = _signed_in(settings, claims)
    if isinstance(found, Refusal):
        return Access(SERVER, Role.VISITOR, visitor.actor, visitor.delay_days, refusal=found)
    return found


def _signed_in(settings: Settings, claims: Mapping[str, Any]) -> Access | Refusal:
    """Return the access of an account, or why it has none. An address alone proves nothing: any issuer can state it."""
    email, issuer, issued = str(claims.get("email", "")).casefold(), claims.get("iss"), claims.get("iat")
    role = next((one.role for one in settings.people if (one.email, one.issuer) == (email, issuer)), None)
    if role is None:
        return Refusal.NOT_LISTED
    if claims.get("email_verified") is not True:
        return Refusal.NOT_VERIFIED
    if not isinstance(issued, int | float) or issued > time.time() + _SKEW_S:
        return Refusal.EXPIRED
    until = issued + settings.sign_in_hours * 3600
    if time.time() >= until:
        return Refusal.EXPIRED
    return Access(SERVER, role, f"{email} ({issuer})", settings.delay_days, until=until)


def is_at_machine(client: str | None, host: str | None) -> bool:
    """Whether a request comes from this machine and was meant for it.

    A page of another site that has its own name resolved to 127.0.0.1 comes from here too, but under that name.
    """
    return _is_loopback(client or "localhost") and _is_loopback(_without_port(host or "localhost"))


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.casefold() == "localhost"


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] or host if host.count(":") == 1 else host


def may_show_rows(source: str) -> bool:
    """Whether the licence of a source (key of SOURCES) allows its rows to be shown and passed on; not if unknown."""
    return source in SOURCES and SOURCES[source].may_show_rows


def rows_shown(sources: Iterable[str]) -> NDArray[np.bool_]:
    """Return `may_show_rows` of several sources, in order."""
    return np.array([may_show_rows(source) for source in sources], dtype=bool)
