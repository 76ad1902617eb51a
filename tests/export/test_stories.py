"""Stories: the same after a way through a file, kept without loss, and a hostile file is refused by name."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo import policy, settings
from geo.cli import main
from geo.export import kept_stories
from geo.export.map_position import MapPosition
from geo.export.story import MOST_VIEWS, PAGES, Story, StoryView, from_toml, to_toml
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.problems import RejectedUpload
from geo.store import Store
from geo.views import shell

URDU = "بنوں میں پولیس پر حملے، ۲۰۲۴ میں درج شدہ"
FIRST = ViewSettings(
    filters=Filters(start=date(2024, 1, 1), end=date(2024, 12, 31), groups=("iskp", "ttp"), districts=("PK503",)),
    page="points",
    options={"mode": "hex"},
    data_version="0123456789ab",
    map_position=MapPosition(33.0, 70.5, 9.25),
)
STORY = Story(
    "پولیس 2024", (StoryView(URDU, FIRST), StoryView('He said "no" \\ and left.', ViewSettings(page="trends")))
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def problems(content: str) -> str:
    with pytest.raises(RejectedUpload) as refusal:
        from_toml(content, "story.toml")
    assert all(problem.file == "story.toml" for problem in refusal.value.problems)
    return "\n".join(f"{problem.column}: {problem.message} {problem.value}" for problem in refusal.value.problems)


def test_a_story_is_the_same_after_a_way_through_a_file() -> None:
    assert from_toml(to_toml(STORY)) == STORY
    assert to_toml(from_toml(to_toml(STORY))) == to_toml(STORY)


def test_every_page_of_a_story_is_a_page_of_the_app() -> None:
    assert set(PAGES) <= {name for titles in shell.SECTIONS.values() for name in titles}


GOOD = to_toml(STORY)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("story = [", "These are no settings of a view"),
        ("a = " + "[" * 50_000, "These are no settings of a view"),
        ("# \u00e9" * 100_000, "larger than any story"),
        ("format = 1\nstory = 'x'", "This is no story"),
        (GOOD.replace("format = 1", "format = 2"), "This is no story"),
        (GOOD.replace("format = 1", "format = 1\nrun = 'rm'"), "run: A story has nothing of this name."),
        (GOOD.replace('story = "پولیس 2024"', 'story = ""'), "A story has a name of 1 to 80"),
        (GOOD.replace('story = "پولیس 2024"', f'story = "{"x" * 81}"'), "A story has a name of 1 to 80"),
        (GOOD.replace("پولیس 2024", "a\\u202eb"), "A story has a name of 1 to 80"),
        (GOOD.replace(URDU, "a\\nb"), "views 1: sentence: A view has a sentence"),
        (GOOD.replace('page = "points"', 'page = "../../etc"'), "views 1: page: A view is on one of the pages"),
        (GOOD.replace('page = "points"', "page = [1]"), "views 1: page: A view is on one of the pages"),
        (GOOD.replace('mode = "hex"', 'mode = "\\u0007"'), "views 1: options.mode"),
        (GOOD.replace("zoom = 9.25", "zoom = nan"), "views 1: map"),
        (GOOD.replace("from = 2024-01-01", "from = 'x'"), "views 1: filters.from"),
        (GOOD.replace("[views.map]", "[views.shell]"), "views 1: shell"),
        ("format = 1\nstory = 'x'\nviews = [1]", "A view is a table"),
        ("format = 1\nstory = 'x'\nviews = []", "A story has 1 to 50 views."),
        (to_toml(replace(STORY, views=STORY.views[:1] * (MOST_VIEWS + 1))), "A story has 1 to 50 views."),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_and_says_where(content: str, said: str) -> None:
    assert said in problems(content)


def test_a_changed_story_leaves_its_earlier_version_on_record(store: Store) -> None:
    assert kept_stories.keep(store, STORY, actor="A")
    assert not kept_stories.keep(store, STORY, actor="A"), "nothing changed"
    shorter = replace(STORY, views=STORY.views[:1])
    assert kept_stories.keep(store, shorter, actor="A")
    assert kept_stories.find(store, STORY.name) == shorter
    newest, oldest = kept_stories.versions(store, STORY.name)
    assert (newest.actor, oldest.actor) == ("A", "A")
    assert (newest.is_shown, newest.story, oldest.is_shown, oldest.story) == (True, shorter, False, STORY)
    assert kept_stories.bring_back(store, oldest.decision_id, actor="A") == STORY
    assert kept_stories.find(store, STORY.name) == STORY
    kept_stories.remove(store, STORY.name, actor="A")
    assert kept_stories.everything(store) == ()
    assert len(kept_stories.versions(store, STORY.name)) == 3
    assert store.verify() == []


def test_a_story_changes_nothing_of_what_is_shown(store: Store) -> None:
    before = store.version
    kept_stories.keep(store, STORY, actor="A")
    assert store.version == before


@pytest.mark.parametrize(
    "call",
    [
        lambda store: kept_stories.remove(store, "none", actor="A"),
        lambda store: kept_stories.bring_back(store, 9, actor="A"),
    ],
)
def test_what_is_not_there_is_refused(store: Store, call: object) -> None:
    with pytest.raises(RejectedUpload):
        call(store)  # type: ignore[operator]


def test_of_two_people_who_add_a_view_at_the_same_time_neither_loses_it(store: Store) -> None:
    together, n = threading.Barrier(4), 4

    def add(number: int) -> None:
        together.wait(60)
        kept_stories.add_view(store, "One", StoryView(f"View {number}", FIRST), actor="A")

    with ThreadPoolExecutor(n) as pool:
        list(pool.map(add, range(n)))
    [story] = kept_stories.everything(store)
    assert sorted(view.sentence for view in story.views) == [f"View {number}" for number in range(n)]
    assert len(kept_stories.versions(store, "One")) == n


def test_a_change_of_a_version_that_is_no_longer_in_force_is_refused(store: Store) -> None:
    kept_stories.keep(store, STORY, actor="A")
    longer = kept_stories.add_view(store, STORY.name, StoryView("Third", FIRST), actor="B")
    turned = replace(STORY, views=STORY.views[::-1])
    with pytest.raises(RejectedUpload, match="Somebody else"):
        kept_stories.keep(store, turned, actor="A", instead_of=STORY)
    assert kept_stories.everything(store) == (longer,)
    assert kept_stories.keep(store, turned, actor="A", instead_of=longer)


@pytest.mark.parametrize(
    ("content", "name"),
    [(GOOD.replace('page = "points"', 'page = "of a later version"'), STORY.name), ("story = [", "?"), ("", "?")],
)
def test_a_story_that_cannot_be_read_is_named_and_hides_no_other(
    content: str, name: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    kept_stories.keep(store, replace(STORY, name="Other"), actor="A")
    [number] = store.replace_decisions("story", [((), {"toml": content})])
    assert [story.name for story in kept_stories.everything(store)] == ["Other"]
    assert kept_stories.unreadable(store) == (name,)
    assert main(["stories", "--store", str(store.path)]) == 0
    assert capsys.readouterr().out == f"Other\t2\n{name}\tcannot be read\n"
    with pytest.raises(RejectedUpload):
        kept_stories.bring_back(store, number, actor="A")
    kept_stories.remove(store, name, actor="A")
    assert kept_stories.unreadable(store) == ()


def test_a_version_is_read_once_and_an_earlier_one_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        kept_stories.keep(store, replace(STORY, views=STORY.views * (number + 1)), actor="A")
    read: list[str] = []
    monkeypatch.setattr(kept_stories, "from_toml", lambda content: read.append(content) or from_toml(content))
    kept_stories._read.cache_clear()
    for _run in range(3):
        assert len(kept_stories.everything(store)) == 1
    assert len(read) == 1


@pytest.mark.parametrize("mode", ["local", "server"])
def test_the_command_says_who_changes_a_story(
    mode: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_MODE", mode)
    file = tmp_path / "story.toml"
    file.write_text(GOOD, "utf-8")
    for asked in (["--import", str(file)], ["--remove", STORY.name], ["--bring-back", "1"]):
        assert main(["stories", "--store", str(store.path), *asked]) == 0
    assert {event.actor for event in store.audit()} == {policy.at_machine(settings.load({"ATLAS_MODE": mode})).actor}
    assert {event.actor == "local" for event in store.audit()} == {mode == "local"}


def test_the_command_lists_exports_takes_in_and_brings_back(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        code = main(["stories", "--store", str(store.path), *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    file = tmp_path / "story.toml"
    file.write_text(to_toml(STORY), "utf-8")
    assert run("--import", str(file))[0] == 0
    assert run() == (0, "پولیس 2024\t2\n")
    assert run("--export", STORY.name) == (0, to_toml(STORY))
    number = run("--versions", STORY.name)[1].split("\t")[0]
    assert run("--remove", STORY.name)[0] == 0
    assert run() == (0, "")
    assert run("--bring-back", number)[0] == 0
    assert run() == (0, "پولیس 2024\t2\n")
    file.write_text("format = 1\nstory = 'x'\nviews = [1]", "utf-8")
    code, said = run("--import", str(file))
    assert code == 2
    assert "A view is a table" in said
    assert run("--export", "none")[0] == 2
