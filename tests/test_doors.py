"""Every door with every role: what pages, maps, files, briefs, commands and notebooks give out, and what they do.

One store holds an old and a new incident of an open source, and an old one of a source whose rows may not be passed
on. Each of them has a place and a name of its own, by which it is recognised in whatever comes out of a door.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import numpy as np
import pyarrow.parquet as pq
import pytest

from geo import districts as geo_districts
from geo import intake, policy, record, settings
from geo import proposals as geo_proposals
from geo.atlas import Atlas
from geo.cli import main
from geo.export import files, pack
from geo.export.columns import INCIDENTS
from geo.export.files import FORMATS
from geo.export.story import Story, StoryView, to_toml
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.ingest import ReadOptions
from geo.ingest.mapping.mappings import NamedMapping
from geo.intake import shown_incidents
from geo.policy import Access, NotAllowed
from geo.settings import MODES, Person, Role, Settings
from geo.store import Store
from geo.views import (
    cached,
    exported,
    incident_points,
    incident_text,
    messages,
    one_file,
    published_form,
    review,
    story_form,
    story_page,
    visitor,
)
from geo.views.state import View
from geo.views.upload import batches, mapping, page, places, stored_words
from geo.views.upload import proposals as upload_proposals
from tests import toy_store
from tests.test_added_totals import CELLS
from tests.toy import row

DISTRICTS = geo_districts.load()
ISSUER = "https://login.example.org"
OLD, NEW, CLOSED = "old", "new", "closed"
# Name and place of each incident; the places are far from the middle of a coarse cell.
MARKS = {OLD: ("Oldplace", 33.911, 71.411), NEW: ("Newplace", 33.922, 71.522), CLOSED: ("Closedplace", 33.933, 71.633)}
# Names of the files: that of a batch whose rows are all withheld is withheld with them.
LABELS = {OLD: "past report.csv", NEW: "secret operation report.csv", CLOSED: "bought.csv"}
VIEWS = Path(messages.__file__).parent
ROLES = ("visitor", "viewer", "contributor", "admin")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder, today = tmp_path_factory.mktemp("doors"), datetime.now(UTC).date()
    opened = toy_store.opened(folder / "store")
    for name, n_days, source in ((OLD, 50, "template"), (NEW, 20, "template"), (CLOSED, 60, "gtd")):
        place, lat, lon = MARKS[name]
        cells = {"place": place, "lat": lat, "lon": lon, "geo_precision": "exact", "pcode": "PK528"}
        one = row(1, incident_id=name, source=source, day=today - timedelta(days=n_days), **cells)
        opened.add(toy_store.batch(folder, one, source=source, text=name, label=LABELS[name]))
    return opened


def settings_of(mode: str, store: Store) -> Settings:
    people = tuple(Person(f"{role}@example.org", ISSUER, Role(role)) for role in ROLES[1:])
    days = 30 if mode == "public" else 10
    return Settings(store.path, mode=mode, delay_days=days, people=people, has_sign_in=True)


def access_of(mode: str, role: str, store: Store) -> Access:
    claims = {"is_logged_in": role != "visitor", "email": f"{role}@example.org", "iss": ISSUER, "iat": time.time()}
    client = "192.0.2.1" if mode == "local" and role == "visitor" else None
    return policy.of_visitor(settings_of(mode, store), claims | {"email_verified": True}, client, None)


@dataclass(frozen=True)
class Visit:
    """A visitor before a store, and the view that they are shown."""

    store: Store
    access: Access

    @property
    def view(self) -> View:
        return View.whole(shown_incidents(self.store, DISTRICTS, self.access.newest_shown), DISTRICTS)

    @property
    def atlas(self) -> Atlas:
        """The interface under files, figures and briefs, for this visitor."""
        made = Atlas(self.store, DISTRICTS, settings_of(self.access.mode, self.store))
        made._access = self.access
        return made

    @property
    def exported(self) -> ExportedView:
        return self.atlas.exported(ViewSettings(Filters()))


def listed(visit: Visit) -> str:
    view = visit.view
    return repr(incident_text.incident_rows(view.table, np.arange(len(view.table))))


def points_of(visit: Visit, mode: Any) -> str:
    found = incident_points.points_view(visit.view, mode, "target")
    packed = found.table.part(found.shown)
    places = zip(packed.lat_deg.tolist(), packed.lon_deg.tolist(), strict=True)
    return " ".join([*(f"{lat:.3f},{lon:.3f}" for lat, lon in places), repr(found.texts), repr(found.badges)])


def members_of(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def page_of_each(visit: Visit) -> str:
    found = [record.read(visit.store, name, visit.access.newest_shown) for name in MARKS]
    return repr([one.incident if isinstance(one, record.Record) else one for one in found])


def frame_of(visit: Visit) -> str:
    frame = visit.atlas.incidents()
    return f"{frame['place'].tolist()} {[f'{one.y:.3f},{one.x:.3f}' for one in frame.geometry if one]}"


def file_of(visit: Visit, kind: str) -> str:
    """Return the incidents in a format, with their notes, as text; the batches are all named by the filter."""
    asked = ViewSettings(Filters(datasets=("1", "2", "3")))
    return readable(files.content(visit.atlas.exported(asked), INCIDENTS, kind), kind)


def readable(content: bytes, kind: str) -> str:
    if kind == "xlsx":
        return members_of(content)
    if kind == "parquet":
        found = pq.read_table(BytesIO(content))
        return f"{found.schema.metadata} {found.to_pylist()}"
    return content.decode("utf-8", "replace")


def edition_of(visit: Visit) -> str:
    """Return what the edition of a monthly report holds, by the place of each incident: it names identifiers alone."""
    found = visit.atlas.edition(datetime.now(UTC).date())
    return " ".join(MARKS[name][0] for name in found["incident_id"].to_pylist())


# What comes out of each, as text; a picture of points is asked for the places that it draws.
DOORS: dict[str, Callable[[Visit], str]] = {
    "list of a page": listed,
    "page of an incident": page_of_each,
    "map with points": lambda visit: points_of(visit, "pins"),
    "map with a surface": lambda visit: points_of(visit, "heat"),
    "CSV": lambda visit: files.content(visit.exported, INCIDENTS, "csv").decode(),
    "GeoJSON": lambda visit: files.content(visit.exported, INCIDENTS, "geojson").decode(),
    "monthly report": edition_of,
    **{f"{kind} of chosen datasets": partial(file_of, kind=kind) for kind in FORMATS},
    "file of an incident": lambda visit: " ".join(
        files.content(
            exported.of_incident(visit.view.table, visit.store, name, name, MARKS[name][0]), INCIDENTS, "csv"
        ).decode()
        for name in MARKS
    ),
    "evidence pack": lambda visit: members_of(pack.pack_content(visit.exported)),
    "one-file atlas": lambda visit: one_file.page(visit.exported),
    "figure of points": lambda visit: repr(
        [(f"{float(one[3]):.3f},{float(one[2]):.3f}") for one in visit.atlas.figure(POINTS).rows if one[3]]
    ),
    "brief": lambda visit: repr(visit.atlas.brief(ViewSettings(Filters()), "PK528")),
    "notebook": frame_of,
}
POINTS = ViewSettings(Filters(), "points")


def is_in(said: str, name: str) -> bool:
    place, lat, lon = MARKS[name]
    return place in said or f"{lat:.3f},{lon:.3f}" in said


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ROLES)
def test_what_each_door_gives_each_role(mode: str, role: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(store, access_of(mode, role, store))
    monkeypatch.setattr(visitor, "access", lambda: visit.access)
    is_own = mode == "local" and role != "visitor"
    sees_new = is_own or (mode == "server" and role != "visitor")
    for door, through in DOORS.items():
        said = through(visit)
        assert is_in(said, OLD), door
        assert is_in(said, NEW) is sees_new, door
        # On one's own machine nothing is passed on: the map draws every point, and a notebook has every row.
        sees_closed = is_own and (door.startswith("map") or door == "notebook")
        assert is_in(said, CLOSED) is sees_closed, door
        assert sees_new or LABELS[NEW] not in said, door


@pytest.mark.parametrize("mode", MODES)
def test_commands_pass_on_what_the_mode_allows(
    mode: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_MODE", mode)
    monkeypatch.setenv("ATLAS_DELAY_DAYS", "30" if mode == "public" else "10")
    for kind in (*FORMATS, "html", "pack"):
        out = tmp_path / f"a.{kind}"
        query = [] if kind in ("html", "pack") else ["--data", "1,2,3"]
        assert main(["export", "--store", str(store.path), "--format", kind, "--out", str(out), *query]) == 0
        said = members_of(out.read_bytes()) if kind == "pack" else readable(out.read_bytes(), kind)
        assert [is_in(said, one) for one in (OLD, NEW, CLOSED)] == [True, mode != "public", False], kind
        assert mode != "public" or LABELS[NEW] not in said, kind


@cache
def checked_file(content: bytes) -> intake.Checked:
    with TemporaryDirectory() as folder:
        path = Path(folder, "upload")
        path.write_bytes(content)
        empty = Store.open(Path(folder, "store"))
        found = intake.check(path, "mine.csv", empty, DISTRICTS, settings.load({}))
        empty.close()
    return found


def store_file() -> None:
    sent = SimpleNamespace(file_id="f", name="mine.csv", getbuffer=lambda: SENT)
    page._accept(checked_file(SENT), sent)


STORED = b"date,district,Type of event\n2024-03-04,Bannu,Frobbing\n2024-03-05,Tank,Bombing\n"
SENT = b"date,district,killed_total\n2024-03-06,Bannu,2\n"
# What changes a store: each is called as by a button that a page still shows to somebody whose role has ended.
ACTIONS: dict[str, Callable[[], Any]] = {
    "undo a batch": lambda: batches._change(batches._UNDO, 1),
    "redo a batch": lambda: batches._change(batches._REDO, 1),
    "hide a batch": lambda: batches._change(batches._HIDE, 1),
    "accept a proposal": lambda: upload_proposals._decide(1, True),
    "reject a proposal": lambda: upload_proposals._decide(1, False),
    "store a file": store_file,
    "keep a mapping": lambda: mapping._use(MAPPING, "f", True),
    "merge": lambda: review._decide(lambda store, actor: store.replace_decisions("merge", PAIR, actor=actor), ""),
    "withdraw a place name": lambda: places._take_back(1, "x"),
    "give a word a meaning": lambda: stored_words._decide(1, "attack_type", "Frobbing", "key"),
    "withdraw a word": lambda: stored_words._take_back(1),
    "add a published total": published_form._add,
    "remove a published total": lambda: published_form._take_back(1),
    "add to a story": lambda: story_form._add(None),  # type: ignore[arg-type]  # refused before the view is looked at
    "order a story": lambda: story_page._keep(STORY, STORY.views[::-1]),
    "say in a story": lambda: story_page._say(STORY, 1, "story_sentence"),
    "remove a story": lambda: story_page._remove(STORY.name),
    "bring back a story": lambda: story_page._bring_back(1),
    "take in a story": story_page._read,
}
STORY = Story("Story", (StoryView("First", ViewSettings()), StoryView("Second", ViewSettings(page="trends"))))
STORY_CELLS = {"story_name": "Story", "story_sentence": "Third"}
PAIR = [((OLD, NEW), {})]
MAPPING = NamedMapping("m", {})
ONLY_DECIDED = {name for name in ACTIONS if name.split()[0] in ("undo", "redo", "hide", "accept", "reject", "keep")}
ONLY_DECIDED |= {name for name in ACTIONS if name.endswith("story")}


def outcome_of(action: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Exception | None:
    """Return what went wrong in a callback."""
    state: dict[str, Any] = {"key": "armed_assault"} | {f"added_{name}": cell for name, cell in CELLS.items()}
    story_file = SimpleNamespace(name="story.toml", getvalue=lambda: to_toml(STORY).encode())
    state |= STORY_CELLS | {"story_file": story_file}
    monkeypatch.setattr("streamlit.session_state", state)
    action()
    found: Exception | None = state.get(messages._FAILED)
    return found


@pytest.mark.case(65)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("mode", "role"), [("local", "visitor"), ("server", "visitor"), ("server", "viewer"), ("public", "admin")]
)
def test_an_action_is_refused_where_it_is_done(
    action: str, mode: str, role: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.audit()
    monkeypatch.setattr(cached, "store", lambda: store)
    monkeypatch.setattr(visitor, "access", lambda: access_of(mode, role, store))
    failed = outcome_of(ACTIONS[action], monkeypatch)
    assert isinstance(failed, NotAllowed)
    assert failed.problems[0].code == "not_allowed"
    assert store.audit() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_contributors_only_propose(action: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = toy_store.opened(tmp_path / "store")
    (tmp_path / "mine.csv").write_bytes(STORED)
    intake.accept(checked_file(STORED), tmp_path / "mine.csv", "mine.csv", own)
    own.replace_decisions("distinct", [(["a", "b"], {})])
    shown, in_force = toy_store.shown_ids(own), own.decisions()
    monkeypatch.setattr(cached, "store", lambda: own)
    monkeypatch.setattr(visitor, "access", lambda: access_of("server", "contributor", own))
    failed = outcome_of(ACTIONS[action], monkeypatch)
    assert toy_store.shown_ids(own) == shown
    assert [one for one in own.decisions() if one.kind != "proposal"] == list(in_force)
    if action in ONLY_DECIDED:
        assert isinstance(failed, NotAllowed)
        assert geo_proposals.waiting(own) == ()
    else:
        assert failed is None
        [waiting] = geo_proposals.waiting(own)
        assert waiting.actor == f"contributor@example.org ({ISSUER})"


@pytest.mark.parametrize("doing", [page._check, page._draw_mapping])
@pytest.mark.parametrize(("mode", "role"), [("public", "admin"), ("server", "viewer"), ("local", "visitor")])
def test_no_file_is_read_for_whoever_may_not_have_one_read(
    doing: Callable[..., Any], mode: str, role: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "access", lambda: access_of(mode, role, store))
    file = SimpleNamespace(file_id="f", name="a.csv")
    with pytest.raises(NotAllowed):
        doing(file, ReadOptions())


def test_no_page_and_no_command_changes_the_store_in_the_name_of_nobody() -> None:
    """Every call that changes a store says who, and pages get the store from the visitor."""
    changing = {"accept", "merge", "keep_separate", "undo", "redo", "set_shown", "remember", "take_back"}
    changing |= {"save_mapping", "replace_decisions", "reject", "keep", "add_view", "remove", "bring_back", "decide"}
    changing |= {"restore", "settle", "register"}
    owners = {"store", "opened", "Store", "intake", "review", "word_decisions", "place_decisions", "added_totals"}
    owners |= {"geo_proposals", "kept_stories", "bulk"}
    calls: dict[str, int] = {"views": 0, "cli": 0}
    for folder, path in [(one, path) for one in calls for path in sorted((VIEWS.parent / one).rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            # Of a module of commands `add` adds its options.
            names = changing | ({"add"} if folder == "views" else set())
            if not isinstance(called, ast.Attribute) or called.attr not in names:
                continue
            if isinstance(called.value, ast.Name) and called.value.id in owners:
                calls[folder] += 1
                assert "actor" in [keyword.arg for keyword in node.keywords], f"{path.name}:{node.lineno}"
    assert calls["views"] >= 20
    assert calls["cli"] >= 12
