"""Signing in on a server: only a listed account of the listed issuer has a role, and only for its time."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import OctKey
from oidc_provider_mock import User, run_server_in_thread
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from geo import policy
from geo.policy import Access, Refusal
from geo.settings import Person, Role, Settings
from tests import oidc_provider
from tests.browser.conftest import ROOT, free_port, started
from tests.oidc_provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.browser

COOKIE_SECRET = "s" * 40
ADMIN = {"email": "admin@example.org", "email_verified": True}
ACCOUNTS = ("admin@example.org", "stranger@example.org")
UPLOADER = "input[type=file]"


@pytest.fixture(scope="module")
def providers() -> Iterator[tuple[Provider, Provider]]:
    """The provider whose people are listed, and another one that states the same addresses."""
    with oidc_provider.running() as own, oidc_provider.running() as other:
        yield own, other


@pytest.fixture(scope="module")
def independent() -> Iterator[dict[str, str]]:
    """Two providers that others have written, by the name under which the app knows them."""
    people = [User(sub=email, claims={"email": email, "email_verified": True}) for email in ACCOUNTS]
    with run_server_in_thread(user_claims=people) as listed, run_server_in_thread(user_claims=people) as unlisted:
        ports = {"listed": listed.server_port, "unlisted": unlisted.server_port}
        yield {name: f"http://localhost:{port}" for name, port in ports.items()}


@pytest.fixture(scope="module")
def address(
    providers: tuple[Provider, Provider],
    independent: dict[str, str],
    browser: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    port, home = free_port(), tmp_path_factory.mktemp("home")
    folder = home / ".streamlit"
    folder.mkdir(parents=True)
    sections = "".join(
        f'[auth.{name}]\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
        for name, issuer in ({"own": providers[0].address, "other": providers[1].address} | independent).items()
    )
    secrets = (
        f'[atlas]\nATLAS_MODE = "server"\n'
        f'[[atlas.people]]\nemail = "admin@example.org"\nissuer = "{providers[0].address}"\nrole = "admin"\n'
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        f'cookie_secret = "{COOKIE_SECRET}"\n{sections}'
    )
    (folder / "secrets.toml").write_text(secrets, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        process, found = started(ROOT / "app.py", home, port)
    yield found
    process.terminate()
    process.wait(timeout=20)


def claims_after(address: str, provider: str, account: str = "") -> dict[str, Any]:
    """Sign in as a browser does, without drawing a page; return what the server knows then, nothing if it refused.

    account: of an independent provider, which asks for it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        key = OctKey.import_key(COOKIE_SECRET)
    asked = jwt.encode({"alg": "HS256"}, {"provider": provider, "exp": int(time.time()) + 60}, key)
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        answer = client.get(f"{address}/auth/login", params={"provider": asked})
        assert answer.status_code == 200
        if account:
            answer = client.post(answer.url, data={"sub": account})
        assert str(answer.url).rstrip("/") == address, "the way ends at the front page"
        kept = client.cookies.get("_streamlit_user")
    found = decode_signed_value(COOKIE_SECRET, "_streamlit_user", kept.strip('"').encode()) if kept else None
    return dict(json.loads(found)) if found else {}


@pytest.mark.case(65)
def test_only_a_listed_and_confirmed_account_of_the_listed_issuer_has_a_role(
    address: str, providers: tuple[Provider, Provider]
) -> None:
    own, other = providers
    people = (Person("admin@example.org", own.address, Role.ADMIN),)
    settings = Settings(Path("store"), mode="server", people=people, has_sign_in=True, sign_in_hours=1)

    def access(name: str, provider: Provider, **stated: Any) -> Access:
        provider.claims = ADMIN | stated
        return policy.of_visitor(settings, claims_after(address, name), None, None)

    signed_in = access("own", own)
    assert (signed_in.role, signed_in.actor) == (Role.ADMIN, f"admin@example.org ({own.address})")
    an_hour_ago = {"iat": int(time.time()) - 3601, "exp": int(time.time()) + 60}
    refusals = [
        access("other", other),
        access("own", own, email="stranger@example.org"),
        access("own", own, email_verified=False),
        access("own", own, **an_hour_ago),
    ]
    expected = [Refusal.NOT_LISTED, Refusal.NOT_LISTED, Refusal.NOT_VERIFIED, Refusal.EXPIRED]
    assert [one.refusal for one in refusals] == expected
    assert {one.role for one in refusals} == {Role.VISITOR}
    # A token that names the listed issuer but comes from another one is no sign-in at all, nor is one for another app.
    n_before = other.n_sign_ins
    assert access("other", other, iss=own.address).refusal is None
    assert claims_after(address, "other") == {}
    assert other.n_sign_ins == n_before + 2
    access("own", own, aud="another app")
    assert claims_after(address, "own") == {}


@pytest.mark.case(65)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider, which runs in a thread
def test_an_independent_provider_gives_a_role_to_a_listed_account_alone_and_for_its_time(
    address: str, independent: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = (Person("admin@example.org", independent["listed"], Role.ADMIN),)
    settings = Settings(Path("store"), mode="server", people=people, has_sign_in=True, sign_in_hours=1)

    def access(provider: str, name: str) -> Access:
        return policy.of_visitor(settings, claims_after(address, provider, f"{name}@example.org"), None, None)

    assert access("listed", "admin").role is Role.ADMIN
    assert access("unlisted", "admin").refusal is Refusal.NOT_LISTED
    assert access("listed", "stranger").refusal is Refusal.NOT_LISTED
    claims = claims_after(address, "listed", "admin@example.org")
    monkeypatch.setattr(time, "time", lambda: claims["iat"] + 3601)
    assert policy.of_visitor(settings, claims, None, None).refusal is Refusal.EXPIRED


def test_an_admin_signs_in_and_out_by_buttons(address: str, providers: tuple[Provider, Provider], page: Any) -> None:
    providers[0].claims = ADMIN
    page.goto(f"{address}/upload")
    page.get_by_text("Sign in with an account that may do this").wait_for()
    assert page.locator(UPLOADER).count() == 0
    page.get_by_role("button", name="Sign in with own").click()
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("accepts proposals and decides").wait_for()
    page.goto(f"{address}/upload")
    page.locator(UPLOADER).wait_for(state="attached")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with own").wait_for()
