"""The visitor of this run: who that is, what they may do, and the store as they may change it."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo import log, policy
from geo import settings as geo_settings
from geo.ingest.process import slots
from geo.policy import Access, Action
from geo.settings import SERVER, Role, Settings
from geo.store import ProposingStore, Store
from geo.text import markdown_sentence, markdown_text
from geo.views import run, visitors
from geo.wording import N_, _

ROLES: dict[Role, str] = {
    Role.VIEWER: N_("reads, with the latest incidents that this atlas shows"),
    Role.CONTRIBUTOR: N_("checks files, and proposes files and decisions"),
    Role.ADMIN: N_("accepts proposals and decides"),
}


class _Connection(NamedTuple):
    """What one connection says of whoever is at its other end. client, host: as for policy.of_visitor."""

    client: str | None
    host: str | None
    browser: str


_UNKNOWN = "unknown"  # an address that is not of this machine
_GONE = _Connection(_UNKNOWN, None, "")


def access() -> Access:
    """Return what the visitor of this run may do; raises BadSetting."""
    return _access_by(_connection())


def note() -> None:
    """Let the server know who this session is, at the beginning of its run."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        connection = _connection()
        noted = visitors.Visitor(connection.browser, _access_by(connection))
        visitors.note(context.session_id, noted)
        slots.reader.set(noted.owner or context.session_id)


def _access_by(connection: _Connection) -> Access:
    settings = geo_settings.current()
    return policy.of_visitor(settings, _claims(settings), connection.client, connection.host)


def _connection() -> _Connection:
    """Return all of a connection at once: it may end between two questions, and nobody is then at this machine."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        # A function that is called without a server; on one, a thread that belongs to no visitor, as that of a file
        # that is made after its run: nobody may be taken for the person at this machine there.
        return _GONE if exists() else _Connection(None, None, "")
    client = get_instance().get_client(context.session_id)
    asked = client.client_context if client else None
    if asked is None:
        return _GONE
    host = next((value for name, value in asked.headers if name.lower() == "host"), None)
    address = _UNKNOWN if asked.remote_ip is None else asked.remote_ip
    # In a test of a page all of these are empty, and the address is no text.
    browser = visitors.browser_of(dict(asked.cookies))
    return _Connection(address if isinstance(address, str) else None, host, browser)


def may(action: Action) -> bool:
    """Whether to offer something to this visitor; whoever does it asks `require` again."""
    return access().may(action)


def require(action: Action) -> Access:
    """Return the access of this visitor; raises NotAllowed if they may not do it now."""
    found = access()
    if not found.may(action):
        log.event("action refused", level=logging.WARNING, action=str(action), role=str(found.role))
    found.require(action)
    return found


def changing(store: Store) -> tuple[Store, str]:
    """Return the store as this visitor may change it, and who they are, for its audit.

    What a contributor changes is kept as a proposal. Raises NotAllowed for whoever may do neither.
    """
    found = access()
    run.changes_data()
    if found.may(Action.DECIDE):
        return store, found.actor
    return ProposingStore.of(store), require(Action.PROPOSE).actor


def deciding(store: Store) -> tuple[Store, str]:
    """Return the store and who this visitor is; raises NotAllowed for everybody who may not decide."""
    run.changes_data()
    return store, require(Action.DECIDE).actor


def draw_sign_in() -> None:
    """Draw in the sidebar, on a server with sign-in, who is signed in and the way in or out."""
    settings = geo_settings.current()
    if settings.mode != SERVER or not settings.has_sign_in:
        return
    with st.sidebar:
        _draw_account(_claims(settings), access())


def _draw_account(claims: dict[str, Any], found: Access) -> None:
    if not claims.get("is_logged_in"):
        for provider in _providers():
            label = _("Sign in with {provider}", provider=markdown_text(provider)) if provider else _("Sign in")
            # Not callbacks: the browser is sent away, and nothing is left for a page to say.
            if st.button(label, f"sign_in_{provider}"):
                st.login(provider or None)
        return
    who = markdown_text(str(claims.get("email", "")))
    if found.refusal is None:
        st.caption(_("{who}: {role}", who=who, role=_(ROLES[found.role])))
    else:
        st.warning(f"{who}: {markdown_sentence(str(found.remedy()))}")
    if st.button(_("Sign out"), "sign_out"):
        visitors.end_sign_in(claims)
        st.logout()


def _claims(settings: Settings) -> dict[str, Any]:
    """Return what the provider says of the visitor; nobody is asked in other modes, whose visitors have no account."""
    if settings.mode != SERVER or get_script_run_ctx(suppress_warning=True) is None:
        return {}
    claims = dict(st.user.to_dict())
    return {} if visitors.has_ended(claims) else claims


def _providers() -> list[str]:
    """Return the providers that secrets.toml names; "" for one that stands in the table [auth] itself."""
    section = st.secrets.get("auth", {})
    named = [name for name, value in section.items() if hasattr(value, "keys") and "client_id" in value]
    return named or [""]
