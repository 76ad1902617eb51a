"""Stories kept in the store. Nothing is overwritten: every version stays on record and can be brought back."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from geo.export.story import MOST_VIEWS, Story, StoryView, from_toml, to_toml
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.store import STORY, Store
from geo.text import printable
from geo.wording import text

MOST_STORIES = 200


@dataclass(frozen=True, slots=True)
class KeptStory:
    """One version of a story. made_at: UTC. is_shown: whether it is the version in force.

    story: None for a version that this version of the program cannot read; its name is then a guess.
    """

    decision_id: int
    name: str
    story: Story | None
    actor: str
    made_at: datetime
    is_shown: bool


def everything(store: Store) -> tuple[Story, ...]:
    """Return the stories in force by name."""
    newest = {kept.name: kept.story for kept in recorded(store, include_earlier=False) if kept.story is not None}
    return tuple(newest[name] for name in sorted(newest))


def unreadable(store: Store) -> tuple[str, ...]:
    """Return the names of the stories in force that this version of the program cannot read."""
    return tuple(kept.name for kept in recorded(store, include_earlier=False) if kept.story is None)


def find(store: Store, name: str) -> Story | None:
    """Return the story of a name, None if there is none."""
    return next((story for story in everything(store) if story.name == name), None)


def versions(store: Store, name: str) -> tuple[KeptStory, ...]:
    """Return every version of a story, the newest first, also of one that was removed."""
    return tuple(kept for kept in reversed(recorded(store)) if kept.name == name)


def keep(store: Store, story: Story, *, actor: str, instead_of: Story | None = None) -> bool:
    """Keep a story in the place of an older one of its name; says whether anything changed.

    instead_of: the version that was changed. Raises RejectedUpload for a story that could not be read again, and if
    somebody else has changed that version meanwhile.
    """

    def edit(older: Story | None) -> Story:
        if instead_of is not None and older != instead_of:
            message = text("Somebody else has changed this story meanwhile. Nothing was changed.")
            raise rejected(ProblemCode.SETTING, message, text("The page shows their version now. Change that one."))
        return story

    return _change(store, story.name, edit, actor)[1]


def add_view(store: Store, name: str, view: StoryView, *, actor: str) -> Story:
    """Add a view at the end of a story, which begins with it if there is none of this name; returns the story."""

    def edit(older: Story | None) -> Story:
        views = older.views if older else ()
        if len(views) >= MOST_VIEWS:
            raise rejected(ProblemCode.SETTING, text("A story has 1 to {n} views.", n=MOST_VIEWS))
        return Story(name, (*views, view))

    return _change(store, name, edit, actor)[0]


def remove(store: Store, name: str, *, actor: str) -> None:
    """Take a story out of the list; its versions stay on record. Raises RejectedUpload for an unknown name."""

    def choose() -> tuple[tuple[()], list[int]]:
        found = [kept.decision_id for kept in recorded(store, include_earlier=False) if kept.name == name]
        if not found:
            raise rejected(ProblemCode.SETTING, text("There is no story of this name."), value=printable(name))
        return (), found

    store.decide(STORY, choose, actor=actor)


def bring_back(store: Store, decision_id: int, *, actor: str) -> Story:
    """Make an earlier version the one in force again; raises RejectedUpload for a number that is no story."""
    found = next((kept.story for kept in recorded(store) if kept.decision_id == decision_id), None)
    if found is None:
        raise rejected(
            ProblemCode.SETTING, text("There is no version of a story with this number."), value=str(decision_id)
        )
    keep(store, found, actor=actor)
    return found


def recorded(store: Store, *, include_earlier: bool = True) -> list[KeptStory]:
    """Return every version of every story, or those in force, in the order in which they were kept."""
    return [
        KeptStory(one.decision_id, *_read(one.details["toml"]), one.actor, one.made_at, not one.is_undone)
        for one in store.decisions(STORY, include_undone=include_earlier)
    ]


def _change(store: Store, name: str, edit: Callable[[Story | None], Story], actor: str) -> tuple[Story, bool]:
    """Keep what `edit` makes of the story of a name, None if there is none; says whether anything changed.

    The older version is read in the transaction that replaces it: of two people who add a view neither loses it. The
    story is read back before it is kept, so what is kept can be imported.
    """
    made: list[Story] = []

    def choose() -> tuple[list[tuple[tuple[()], dict[str, str]]], list[int]]:
        in_force = recorded(store, include_earlier=False)
        older = [kept for kept in in_force if kept.name == name]
        content = to_toml(edit(older[-1].story if older else None))
        made.append(from_toml(content))
        if older and older[-1].story == made[0]:
            return [], []
        if not older and len(in_force) >= MOST_STORIES:
            raise rejected(ProblemCode.SETTING, text("The store keeps at most {n} stories.", n=MOST_STORIES))
        return [((), {"toml": content})], [kept.decision_id for kept in older]

    is_changed = bool(store.decide(STORY, choose, actor=actor))
    return made[0], is_changed


@lru_cache(maxsize=2 * MOST_STORIES)
def _read(content: str) -> tuple[str, Story | None]:
    """Return name and story of a kept text, which never changes; no story for one that cannot be read."""
    try:
        story = from_toml(content)
    except RejectedUpload:
        return _guessed_name(content), None
    return story.name, story


def _guessed_name(content: str) -> str:
    try:
        named = tomllib.loads(content).get("story")
    except tomllib.TOMLDecodeError:
        named = None
    return printable(named) if isinstance(named, str) else "?"
