"""Stories kept in the store. Nothing is overwritten: every version stays on record and can be brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geo.export.story import Story, from_toml, to_toml
from geo.problems import ProblemCode, rejected
from geo.store import STORY, Store
from geo.text import printable
from geo.wording import text

MOST_STORIES = 200


@dataclass(frozen=True, slots=True)
class KeptStory:
    """One version of a story. made_at: UTC. is_shown: whether it is the version in force."""

    decision_id: int
    story: Story
    actor: str
    made_at: datetime
    is_shown: bool


def everything(store: Store) -> tuple[KeptStory, ...]:
    """Return the stories in force by name."""
    newest = {kept.story.name: kept for kept in recorded(store) if kept.is_shown}
    return tuple(newest[name] for name in sorted(newest))


def find(store: Store, name: str) -> Story | None:
    """Return the story of a name, None if there is none."""
    return next((kept.story for kept in everything(store) if kept.story.name == name), None)


def versions(store: Store, name: str) -> tuple[KeptStory, ...]:
    """Return every version of a story, the newest first, also of one that was removed."""
    return tuple(kept for kept in reversed(recorded(store)) if kept.story.name == name)


def keep(store: Store, story: Story, *, actor: str = "local") -> bool:
    """Keep a story in the place of an older one of its name; says whether anything changed.

    It is read back before it is kept, so what is kept can be imported. Raises RejectedUpload if it cannot.
    """
    content = to_toml(story)
    checked = from_toml(content)
    older = [kept for kept in recorded(store) if kept.is_shown and kept.story.name == checked.name]
    if older and older[-1].story == checked:
        return False
    if not older and len(everything(store)) >= MOST_STORIES:
        raise rejected(ProblemCode.SETTING, text("The store keeps at most {n} stories.", n=MOST_STORIES))
    record = [((), {"toml": content})]
    store.replace_decisions(STORY, record, undo=[kept.decision_id for kept in older], actor=actor)
    return True


def remove(store: Store, name: str, *, actor: str = "local") -> None:
    """Take a story out of the list; its versions stay on record. Raises RejectedUpload for an unknown name."""
    found = [kept.decision_id for kept in recorded(store) if kept.is_shown and kept.story.name == name]
    if not found:
        raise rejected(ProblemCode.SETTING, text("There is no story of this name."), value=printable(name))
    store.replace_decisions(STORY, undo=found, actor=actor)


def bring_back(store: Store, decision_id: int, *, actor: str = "local") -> Story:
    """Make an earlier version the one in force again; raises RejectedUpload for a number that is no story."""
    found = next((kept.story for kept in recorded(store) if kept.decision_id == decision_id), None)
    if found is None:
        raise rejected(
            ProblemCode.SETTING, text("There is no version of a story with this number."), value=str(decision_id)
        )
    keep(store, found, actor=actor)
    return found


def recorded(store: Store) -> list[KeptStory]:
    """Return every version of every story in the order in which they were kept."""
    return [
        KeptStory(one.decision_id, from_toml(one.details["toml"]), one.actor, one.made_at, not one.is_undone)
        for one in store.decisions(STORY, include_undone=True)
    ]
