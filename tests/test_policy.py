"""Who may do what: every mode with every role, and why a sign-in gives none."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from geo import policy, settings
from geo.policy import Access, Action, NotAllowed, Refusal
from geo.problems import BadSetting
from geo.schema import SOURCES
from geo.settings import MODES, Person, Role, Settings

ISSUER = "https://login.example.org"
PEOPLE = tuple(Person(f"{role}@example.org", ISSUER, role) for role in (Role.VIEWER, Role.CONTRIBUTOR, Role.ADMIN))


_IN_AN_HOUR = "in an hour"  # of the test, which may begin long after it is collected


def of(mode: str, **given: Any) -> Settings:
    return Settings(Path("store"), mode=mode, people=PEOPLE, has_sign_in=True, **given)


def claims(role: str = "admin", **changed: Any) -> dict[str, Any]:
    stated = {"is_logged_in": True, "email": f"{role}@example.org", "iss": ISSUER, "email_verified": True}
    return stated | {"iat": int(time.time()) - 60} | changed


def visitor(
    mode: str, said: dict[str, Any] | None = None, client: str | None = None, host: str | None = None
) -> Access:
    return policy.of_visitor(of(mode, delay_days=10), said or {}, client, host)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(
    ("access", "allowed"),
    [
        (visitor("local"), set(Action)),
        (visitor("local", client="192.168.1.9"), set()),
        (visitor("local", host="atlas.example.org"), set()),
        (visitor("server"), set()),
        (visitor("server", claims("viewer")), set()),
        (visitor("server", claims("contributor")), {Action.CHECK, Action.PROPOSE}),
        (visitor("server", claims("admin")), set(Action)),
        (visitor("public"), set()),
        (visitor("public", claims("admin")), set()),
        (policy.at_machine(of("local")), set(Action)),
        (policy.at_machine(of("server")), set(Action)),
        (policy.at_machine(of("public")), set(Action)),
    ],
)
def test_every_mode_and_role_may_do_what_the_table_says(access: Access, allowed: set[Action], action: Action) -> None:
    assert access.may(action) is (action in allowed)
    if action not in allowed:
        with pytest.raises(NotAllowed) as refused:
            access.require(action)
        [problem] = refused.value.problems
        assert str(problem.hint), "it says what helps"


@pytest.mark.parametrize(
    ("access", "days"),
    [
        (visitor("local"), 10),
        (visitor("local", client="10.0.0.1"), 30),
        (visitor("server"), 30),
        (visitor("server", claims("nobody")), 30),
        (visitor("server", claims("viewer")), 10),
        (visitor("public"), 30),
        (policy.of_visitor(of("public", delay_days=90), {}, None, None), 90),
        (policy.at_machine(of("local", delay_days=0)), 0),
    ],
)
def test_strangers_see_nothing_newer_than_a_month(access: Access, days: int) -> None:
    assert access.newest_shown == datetime.now(UTC).date() - timedelta(days=days)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ["nobody", "viewer", "contributor", "admin"])
def test_licences_hold_for_every_role_but_on_ones_own_machine(mode: str, role: str) -> None:
    for access in (visitor(mode, claims(role)), policy.at_machine(of(mode))):
        is_own = mode == "local"
        assert (access.draws_closed_points, access.shows_closed_rows, access.shows_paths) == (is_own,) * 3


def test_cells_as_written_are_for_those_who_may_check_files() -> None:
    assert [visitor("server", claims(role)).shows_cells for role in ("nobody", "viewer", "contributor", "admin")] == [
        False,
        False,
        True,
        True,
    ]
    assert not visitor("public").shows_cells
    assert visitor("local").shows_cells


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": "https://other.example.org"}, Refusal.NOT_LISTED),
        ({"iss": f"{ISSUER}/"}, Refusal.NOT_LISTED),
        ({"iss": None}, Refusal.NOT_LISTED),
        ({"email": "someone@example.org"}, Refusal.NOT_LISTED),
        ({"email": ""}, Refusal.NOT_LISTED),
        ({"email_verified": False}, Refusal.NOT_VERIFIED),
        ({"email_verified": "true"}, Refusal.NOT_VERIFIED),
        ({"email_verified": None}, Refusal.NOT_VERIFIED),
        ({"iat": 0}, Refusal.EXPIRED),
        ({"iat": "now"}, Refusal.EXPIRED),
        ({"iat": _IN_AN_HOUR}, Refusal.EXPIRED),
    ],
)
def test_a_sign_in_without_a_role_says_why(changed: dict[str, Any], reason: Refusal) -> None:
    if changed.get("iat") == _IN_AN_HOUR:
        changed = {"iat": time.time() + 3600}
    found = visitor("server", claims(**changed))
    assert (found.role, found.refusal) == (Role.VISITOR, reason)
    assert found.actor == "visitor"
    others = {str(replace(found, refusal=other).remedy()) for other in Refusal if other is not reason}
    assert str(found.remedy()) not in others


def test_the_case_of_an_address_does_not_matter() -> None:
    assert visitor("server", claims(email="Admin@Example.ORG")).role is Role.ADMIN


def test_a_role_ends_while_somebody_is_at_work() -> None:
    found = visitor("server", claims())
    assert found.until is not None
    assert found.may(Action.DECIDE)
    ended = replace(found, until=time.time() - 1)
    assert not ended.may(Action.DECIDE)
    assert "run out" in str(ended.remedy())


def test_without_a_provider_nobody_has_a_role() -> None:
    without = replace(of("server"), has_sign_in=False)
    assert policy.of_visitor(without, claims(), None, None).role is Role.VISITOR


def test_every_decision_carries_who_made_it() -> None:
    assert visitor("server", claims()).actor == f"admin@example.org ({ISSUER})"
    assert policy.at_machine(of("local")).actor == "local"
    assert policy.at_machine(of("server")).actor.startswith("command line: ")


@pytest.mark.skipif(sys.platform == "win32", reason="its users have no number")
def test_a_command_is_recorded_under_the_account_that_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    monkeypatch.setenv("LOGNAME", "somebody else")
    assert policy.at_machine(of("server")).actor == f"command line: {pwd.getpwuid(os.getuid()).pw_name}"
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_001)
    assert policy.at_machine(of("server")).actor == "command line: uid 4000000001"


@pytest.mark.parametrize(
    ("client", "host", "is_here"),
    [
        (None, None, True),
        ("127.0.0.1", "127.0.0.1:8501", True),
        ("::1", "[::1]:8501", True),
        (None, "localhost", True),
        ("127.0.0.1", "rebound.example.org:8501", False),
        ("172.17.0.1", "localhost:8501", False),
        (None, "localhost.example.org", False),
    ],
)
def test_the_person_at_the_machine_is_told_from_a_page_that_only_reaches_it(
    client: str | None, host: str | None, is_here: bool
) -> None:
    assert policy.is_at_machine(client, host) is is_here


def test_rows_of_an_unknown_source_are_not_passed_on() -> None:
    sources = ["register", "acled", "gtd", "no such source"]
    assert policy.rows_shown(sources).tolist() == [True, False, False, False]
    assert {key for key in SOURCES if not policy.may_show_rows(key)} == {"acled", "gtd", "hdx_acled"}


def test_an_unknown_mode_is_refused_with_the_modes_there_are() -> None:
    with pytest.raises(BadSetting, match=r"local, server or public\."):
        settings.load({"ATLAS_MODE": "open"})


def entry(**changed: str) -> dict[str, str]:
    return {"email": "A@example.org", "issuer": ISSUER, "role": "admin"} | changed


def test_people_are_listed_by_address_and_issuer() -> None:
    loaded = settings.load({}, people=[entry(), entry(issuer="https://b.example.org", role="viewer")])
    assert loaded.people == (
        Person("a@example.org", ISSUER, Role.ADMIN),
        Person("a@example.org", "https://b.example.org", Role.VIEWER),
    )


@pytest.mark.parametrize(
    "entries",
    [
        [entry(role="owner")],
        [entry(role="visitor")],
        [entry(issuer="")],
        [entry(issuer="http://login.example.org")],
        [entry(email="everybody")],
        [{"email": "a@example.org", "role": "admin"}],
        [entry(), entry(role="viewer")],
        ["a@example.org"],
    ],
)
def test_an_entry_of_the_list_that_cannot_be_used_is_refused(entries: list[Any]) -> None:
    with pytest.raises(BadSetting, match=r"atlas\.people"):
        settings.load({}, people=entries)


def test_people_and_sign_in_come_from_the_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ".streamlit"
    folder.mkdir()
    people = f'[[atlas.people]]\nemail = "a@example.org"\nissuer = "{ISSUER}"\nrole = "admin"\n'
    (folder / "secrets.toml").write_text(f'[atlas]\nATLAS_MODE = "server"\n{people}[auth]\nclient_id = "x"\n', "utf-8")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    found = settings.current()
    assert (found.mode, found.has_sign_in, len(found.people)) == ("server", True, 1)


@pytest.mark.parametrize("people", ["5", '"a@example.org"', "true", '{ email = "a@example.org" }'])
def test_people_that_are_no_list_are_named(people: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ".streamlit"
    folder.mkdir()
    (folder / "secrets.toml").write_text(f"[atlas]\npeople = {people}\n", "utf-8")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(BadSetting, match=r"atlas\.people") as refused:
        settings.current()
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize("origin", ["https://a.example.org", "https://a.example.org:444 http://127.0.0.1:9"])
def test_sites_that_may_show_pages_are_named_exactly(origin: str) -> None:
    assert settings.load({"ATLAS_EMBED_ORIGINS": origin}).embed_origins == tuple(origin.split())


@pytest.mark.parametrize("origin", ["*", "http://a.example.org", "https://a.example.org/x", "https://a; script-src *"])
def test_a_site_that_would_open_more_than_itself_is_refused(origin: str) -> None:
    with pytest.raises(BadSetting, match="ATLAS_EMBED_ORIGINS"):
        settings.load({"ATLAS_EMBED_ORIGINS": origin})
