"""Stories: the same after a way through a file, kept without loss, and a hostile file is refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

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
    assert kept_stories.keep(store, STORY)
    assert not kept_stories.keep(store, STORY), "nothing changed"
    shorter = replace(STORY, views=STORY.views[:1])
    assert kept_stories.keep(store, shorter)
    assert kept_stories.find(store, STORY.name) == shorter
    newest, oldest = kept_stories.versions(store, STORY.name)
    assert (newest.is_shown, newest.story, oldest.is_shown, oldest.story) == (True, shorter, False, STORY)
    assert kept_stories.bring_back(store, oldest.decision_id) == STORY
    assert kept_stories.find(store, STORY.name) == STORY
    kept_stories.remove(store, STORY.name)
    assert kept_stories.everything(store) == ()
    assert len(kept_stories.versions(store, STORY.name)) == 3
    assert store.verify() == []


def test_a_story_changes_nothing_of_what_is_shown(store: Store) -> None:
    before = store.version
    kept_stories.keep(store, STORY)
    assert store.version == before


@pytest.mark.parametrize(
    "call", [lambda store: kept_stories.remove(store, "none"), lambda store: kept_stories.bring_back(store, 9)]
)
def test_what_is_not_there_is_refused(store: Store, call: object) -> None:
    with pytest.raises(RejectedUpload):
        call(store)  # type: ignore[operator]


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
