"""Roles on the pages of a server: who is offered what, proposals and their acceptance, and roles that end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.store import ProposingStore, Store
from tests.pages.test_pages import APP, _own_store, texts  # noqa: F401  (the fixture is used by name)
from tests.register_file import shown

pytestmark = pytest.mark.slow

GOOD = b"date,district,killed_total\n2024-03-04,Bannu,2\n2024-03-05,Tank,\n"
ISSUER = "https://login.example.org"
ROLES = ("viewer", "contributor", "admin")


@pytest.fixture(autouse=True)
def _server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    listed(tmp_path, *ROLES)


def listed(home: Path, *roles: str) -> None:
    people = "".join(
        f'[[atlas.people]]\nemail = "{role}@example.org"\nissuer = "{ISSUER}"\nrole = "{role}"\n' for role in roles
    )
    folder = home / ".streamlit"
    folder.mkdir(exist_ok=True)
    (folder / "secrets.toml").write_text(f'[atlas]\nATLAS_MODE = "server"\n{people}[auth]\nclient_id = "x"\n', "utf-8")


def visit(role: str, page: str = "upload", at_s: float = 0) -> AppTest:
    """Open a page as somebody who has signed in, just now unless a moment is given."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params["from"] = "all"
    claims = {"email": f"{role}@example.org", "iss": ISSUER, "iat": at_s or time.time(), "email_verified": True}
    app.user = {"is_logged_in": True, **claims} if role else {"is_logged_in": False}
    app.run()
    return app.switch_page(f"pages/{page}.py").run()


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def button(app: AppTest, label: str):
    return next(found for found in app.button if found.label == label)


@pytest.mark.parametrize("role", ["", "stranger", "viewer"])
def test_whoever_may_only_read_is_offered_nothing_else_and_told_why(role: str) -> None:
    app = visit(role)
    assert not app.exception
    assert not app.file_uploader
    assert not labels(app) & {"Undo", "Hide", "Redo", "Accept", "Reject"}
    said = {"": "Sign in with an account", "stranger": "not on the list", "viewer": "Your role is viewer"}[role]
    assert said in texts(app)
    assert ("Sign in" in labels(app)) is (role == "")
    assert ("Sign out" in labels(app)) is (role != "")


def test_a_contributor_proposes_a_file_and_an_admin_accepts_it(store_path: Path) -> None:
    store = Store.open(store_path)
    [kept] = store.replace_decisions("distinct", [(["toy:1", "toy:2"], {})])
    ProposingStore.of(store).replace_decisions("distinct", undo=[kept], actor=f"other@example.org ({ISSUER})")
    app = visit("contributor")
    assert "proposed by another contributor" in texts(app)
    assert "other@" not in texts(app).replace("\\", "")
    assert f"undo decision {kept}, two events: keep separate: toy:1: toy:2" in texts(app).replace("\\", "")
    app.file_uploader[0].upload("mine.csv", GOOD, "text/csv").run()
    assert "Accept all rows" not in labels(app)
    button(app, "Propose 2 rows").click().run()
    assert not app.error
    assert "This is proposed" in texts(app)
    assert "contributor@example" in texts(app).replace("\\", "")
    assert not labels(app) & {"Accept", "Reject", "Undo", "Hide"}
    assert shown() in texts(app.switch_page("pages/overview.py").run())
    app = visit("admin")
    assert "proposed by other@example.org" in texts(app).replace("\\", "")
    button(app, "Accept").click().run()
    assert "The proposal is accepted" in texts(app)
    assert shown(more=2) in texts(app.switch_page("pages/overview.py").run())
    who = [(event.action, event.actor.split("@")[0]) for event in Store.open(store_path).audit()][-4:]
    assert [action for action, actor in who if actor == "admin"] == ["show", "undo decision"]
    assert ("decide", "contributor") in who


def test_a_role_that_is_taken_away_ends_at_the_next_click(tmp_path: Path, store_path: Path) -> None:
    app = visit("admin")
    app.file_uploader[0].upload("mine.csv", GOOD, "text/csv").run()
    listed(tmp_path, "viewer")
    button(app, "Accept all rows").click().run()
    problems = " ".join(frame.value.to_string() for frame in app.dataframe)
    assert "You may not do this here" in problems
    assert not app.file_uploader
    assert len(Store.open(store_path).batches()) == 2


@pytest.mark.case(65)
def test_whoever_signs_out_in_one_tab_has_no_role_in_another(
    store_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("streamlit.logout", lambda: None)  # it would send the browser away
    signed_in_s = time.time()
    other = visit("admin", at_s=signed_in_s)
    other.file_uploader[0].upload("mine.csv", GOOD, "text/csv").run()
    button(visit("admin", at_s=signed_in_s), "Sign out").click().run()
    with caplog.at_level("WARNING"):
        button(other, "Accept all rows").click().run()
    assert "You may not do this here" in " ".join(frame.value.to_string() for frame in other.dataframe)
    assert "action refused" in caplog.text
    assert "Sign in" in labels(other)
    assert len(Store.open(store_path).batches()) == 2
    assert "Sign out" in labels(visit("admin")), "a new sign-in counts"


def test_pairs_of_duplicates_are_proposed_too(store_path: Path) -> None:
    app = visit("contributor", "duplicates")
    merge = next(found for found in app.button if found.label == "One event: merge")
    merge.click().run()
    assert "This is proposed" in texts(app)
    store = Store.open(store_path)
    assert len(store.decisions("proposal")) == 1
    assert store.decisions("proposal")[0].actor.startswith("contributor@example.org")
